def countdown(start):
    """Return the list start, start - 1, ..., 1."""
    return list(range(start, 0, -1))
