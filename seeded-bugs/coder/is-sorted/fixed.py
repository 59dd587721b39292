def is_sorted(items):
    """Tell whether no item is smaller than the one before it."""
    for before, after in zip(items, items[1:]):
        if after < before:
            return False
    return True
