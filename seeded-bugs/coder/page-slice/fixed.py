def page(items, number, size):
    """Return the items of a page; pages have the given size and are numbered from 1."""
    start = (number - 1) * size
    return items[start:start + size]
