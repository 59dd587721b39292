def add_texts(a, b):
    """Return the sum of two whole numbers given as texts."""
    return int(a) + int(b)
