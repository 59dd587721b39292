def absolute(x):
    """Return the absolute value of x."""
    if x > 0:
        return -x
    return x
