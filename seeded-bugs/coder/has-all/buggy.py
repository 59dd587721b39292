def has_all(owned, needed):
    """Tell whether everything that is needed is among the things owned."""
    return set(owned).issubset(needed)
