def index_of(items, wanted):
    """Return the position of the first item equal to wanted, or -1 when there is none."""
    for i, item in enumerate(items):
        if item == wanted:
            return i
