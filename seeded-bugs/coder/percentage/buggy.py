def percentage(part, whole):
    """Return how many percent part is of whole, for example 50.0 for 1 of 2."""
    return part / whole
