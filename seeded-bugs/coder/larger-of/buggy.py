def larger(a, b):
    """Return the larger of two numbers."""
    return a if a > b else a
