def middle_name(full_name):
    """Return the second of the three or more parts of a name."""
    parts = full_name.split()
    return parts[1]
