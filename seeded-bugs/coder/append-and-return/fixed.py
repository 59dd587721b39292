def with_item(items, item):
    """Return a new list: the items, and the item at its end."""
    return items + [item]
