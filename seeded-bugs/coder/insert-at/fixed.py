def insert_at(items, position, item):
    """Return a copy of the list with the item inserted at the position."""
    result = list(items)
    result.insert(position, item)
    return result
