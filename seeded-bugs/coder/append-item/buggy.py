def append_item(item, items=[]):
    """Append item to items and return the list; start a new list when items is not given."""
    items.append(item)
    return items
