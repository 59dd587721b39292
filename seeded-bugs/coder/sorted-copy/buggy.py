def sorted_copy(items):
    """Return a new list with the items in ascending order; items itself stays as it is."""
    return items.sort()
