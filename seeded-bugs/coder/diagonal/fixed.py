def diagonal(rows):
    """Return the items of a square table from the upper left to the lower right corner."""
    return [row[i] for i, row in enumerate(rows)]
