def keys_above(pairs, limit):
    """Return the first elements of the (key, value) pairs whose value is greater than limit."""
    return [key for key, value in pairs if key > limit]
