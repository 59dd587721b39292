def backwards(items):
    """Return a new list with the items in reverse order."""
    return list(reversed(items))
