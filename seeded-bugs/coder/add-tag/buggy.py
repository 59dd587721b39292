def add_tag(key, value, tags={}):
    """Set tags[key] = value and return tags; start a new dict when tags is not given."""
    tags[key] = value
    return tags
