def comma_list(words):
    """Return the words separated by ', '."""
    text = ""
    for word in words:
        text = word if text == "" else text + ", " + word
    return text
