def first(items):
    """Return the first item, or None when the list is empty."""
    if not items:
        return None
    return items[0]
