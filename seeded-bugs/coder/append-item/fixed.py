def append_item(item, items=None):
    """Append item to items and return the list; start a new list when items is not given."""
    if items is None:
        items = []
    items.append(item)
    return items
