def within(value, low, high):
    """Return True when value lies between low and high, both bounds included."""
    return low < value <= high
