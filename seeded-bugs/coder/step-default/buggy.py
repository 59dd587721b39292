def count_up(start, end, step=2):
    """Return the numbers from start up to but not including end, one after the other unless a step is given."""
    return list(range(start, end, step))
