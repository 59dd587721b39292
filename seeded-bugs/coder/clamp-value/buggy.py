def clamp(value, low, high):
    """Return the value, or the nearer limit where it lies outside of low and high."""
    return max(high, min(value, low))
