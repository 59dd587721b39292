def inner(items):
    """Return the items without the first and the last one."""
    return items[:-1]
