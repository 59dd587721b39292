def find_key(mapping, wanted):
    """Return the first key whose value is the wanted one, None where there is none."""
    for key, value in mapping.items():
        if value == wanted:
            return key
    return None
