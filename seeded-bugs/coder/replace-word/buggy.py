def replace_word(text, old, new):
    """Return text with every old replaced by new."""
    return text.replace(new, old)
