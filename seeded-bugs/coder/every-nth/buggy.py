def every_nth(items, n):
    """Return every n-th item: the n-th, the 2n-th, the 3n-th, ..."""
    return items[n::n]
