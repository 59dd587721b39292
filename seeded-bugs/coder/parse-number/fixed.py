def parse_number(text):
    """Return text as an int. Raises ValueError when text is not a whole number."""
    try:
        return int(text)
    except ValueError:
        raise
