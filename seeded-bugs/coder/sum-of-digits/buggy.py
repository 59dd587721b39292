def digit_sum(n):
    """Return the sum of the decimal digits of n (n >= 0)."""
    if n < 10:
        return 0
    return n % 10 + digit_sum(n // 10)
