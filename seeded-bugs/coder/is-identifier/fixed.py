def is_identifier(text):
    """Tell whether a text that is not empty has only letters and underscores."""
    return all(c.isalpha() or c == "_" for c in text)
