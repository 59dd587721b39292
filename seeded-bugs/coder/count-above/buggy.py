def count_above(values, limit):
    """Count the values that are strictly greater than limit."""
    return sum(1 for value in values if value >= limit)
