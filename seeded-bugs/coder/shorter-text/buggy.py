def shorter(a, b):
    """Return the shorter of two texts, the first where both are equally long."""
    if len(b) > len(a):
        return b
    return a
