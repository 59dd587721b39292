def add_pairs(a, b):
    """Return the sum of two pairs of numbers, part by part."""
    return (a[0] + b[0], b[1] + b[1])
