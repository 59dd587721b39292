def collatz_steps(n):
    """Return how many steps lead from n to 1: an even number is halved, an odd one tripled and increased by 1."""
    steps = 0
    while n > 1 and steps < 1000:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps
