def first(items):
    """Return the first item, or None when the list is empty."""
    return items[0]
