def first_items(items, n):
    """Return a list with the first n items."""
    return items[:n - 1]
