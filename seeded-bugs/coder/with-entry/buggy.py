def with_entry(mapping, key, value):
    """Return a copy of the mapping in which the key has the value."""
    copy = dict(mapping)
    return copy.update({key: value})
