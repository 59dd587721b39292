def swap(a, b):
    """Return the two values in reversed order, as a tuple."""
    return (a, a)
