def only_digits(text):
    """Return the digits of the text, in their order."""
    return "".join(c for c in text if not c.isdigit())
