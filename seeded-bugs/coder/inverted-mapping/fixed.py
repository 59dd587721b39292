def inverted(mapping):
    """Return a dictionary that leads from the values of the mapping to their keys."""
    return {value: key for key, value in mapping.items()}
