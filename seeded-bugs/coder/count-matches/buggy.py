def occurrences(items, wanted):
    """Return how often the wanted item is in the list."""
    count = 0
    for item in items:
        if items == wanted:
            count += 1
    return count
