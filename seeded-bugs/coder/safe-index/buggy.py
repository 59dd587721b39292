def item_at(items, position):
    """Return the item at a position from 0 on, None where the list is too short."""
    return items[position]
