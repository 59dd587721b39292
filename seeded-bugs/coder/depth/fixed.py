def depth(item):
    """Return how deep lists are nested: 0 for an item that is no list, 1 for a list of such items."""
    if not isinstance(item, list):
        return 0
    return 1 + max([depth(part) for part in item], default=0)
