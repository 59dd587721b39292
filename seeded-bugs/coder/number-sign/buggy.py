def sign(x):
    """Return 1 for a positive number, -1 for a negative number and 0 for zero."""
    if x > 0:
        return 1
    return -1
