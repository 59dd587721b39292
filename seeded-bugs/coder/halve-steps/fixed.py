def halvings(n):
    """Return how often n, at least 1, can be halved (without rest thrown away) until it is 1."""
    if n <= 1:
        return 0
    return 1 + halvings(n // 2)
