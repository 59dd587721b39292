def last(items):
    """Return the last item of a list that is not empty."""
    return items[-1]
