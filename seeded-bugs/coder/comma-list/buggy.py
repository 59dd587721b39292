def comma_list(words):
    """Return the words separated by ', '."""
    text = ""
    for word in words:
        text = text + ", " + word
    return text
