def smallest(numbers):
    """Return the smallest of the numbers, of which there is at least one."""
    best = 0
    for number in numbers:
        best = min(best, number)
    return best
