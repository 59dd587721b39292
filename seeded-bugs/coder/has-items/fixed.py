def has_items(box):
    """Tell whether the box holds anything."""
    return len(box) != 0
