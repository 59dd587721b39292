def pad(text, width, fill=" "):
    """Return the text filled up on the right to a width, with spaces unless another letter is given."""
    return text.ljust(width, fill)
