def drop_empty(words):
    """Return the words without the empty strings."""
    return [word for word in words if word]
