def doublings(start, count):
    """Return a list of count numbers: the start, and each further one twice the one before."""
    result = []
    for _ in range(count):
        result.append(start)
        start = start + 2
    return result
