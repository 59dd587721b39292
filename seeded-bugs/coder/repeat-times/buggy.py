def repeat(text, times):
    """Return the text as often as times says; times is a number or a text with a number."""
    return text * times
