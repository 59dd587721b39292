def reverse(text):
    """Return the text backwards."""
    if len(text) <= 1:
        return text
    return reverse(text[1:]) + text[0]
