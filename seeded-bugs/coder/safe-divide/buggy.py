def safe_divide(a, b):
    """Return a divided by b, or None when b is zero."""
    return a / b
