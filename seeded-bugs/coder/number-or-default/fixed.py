def number_or(text, default):
    """Return text as an int, or default when text is not a whole number."""
    try:
        return int(text)
    except ValueError:
        return default
