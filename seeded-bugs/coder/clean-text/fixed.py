def clean(text):
    """Return text in lower case, without spaces at both ends."""
    return text.strip().lower()
