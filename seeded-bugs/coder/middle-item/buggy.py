def middle(items):
    """Return the middle item of a list with an odd number of items."""
    return items[len(items) // 2 - 1]
