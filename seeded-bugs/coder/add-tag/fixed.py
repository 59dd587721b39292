def add_tag(key, value, tags=None):
    """Set tags[key] = value and return tags; start a new dict when tags is not given."""
    if tags is None:
        tags = {}
    tags[key] = value
    return tags
