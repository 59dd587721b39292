def average(a, b):
    """Return the average of a and b."""
    return a + b / 2
