def fibonacci(n):
    """Return the n-th Fibonacci number: fibonacci(0) is 0, fibonacci(1) is 1."""
    if n < 2:
        return 1
    return fibonacci(n - 1) + fibonacci(n - 2)
