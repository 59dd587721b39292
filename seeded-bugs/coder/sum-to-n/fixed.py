def sum_to_n(n):
    """Return the sum of the whole numbers from 1 to n, n included."""
    return sum(range(1, n + 1))
