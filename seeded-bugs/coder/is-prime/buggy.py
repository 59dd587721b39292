def is_prime(n):
    """Tell whether n, at least 2, has no divisor but 1 and itself."""
    divisor = 2
    while divisor * divisor < n:
        if n % divisor == 0:
            return False
        divisor += 1
    return True
