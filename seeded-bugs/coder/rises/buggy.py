def always_rises(values):
    """Tell whether each value is greater than the one before it."""
    return all(a <= b for a, b in zip(values, values[1:]))
