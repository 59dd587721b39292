def factorial(n):
    """Return n! = 1 * 2 * ... * n; the factorial of 0 is 1."""
    if n == 0:
        return 0
    return n * factorial(n - 1)
