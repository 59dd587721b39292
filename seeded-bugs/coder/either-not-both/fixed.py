def exactly_one(a, b):
    """Return True when exactly one of the two truth values is True."""
    return a != b
