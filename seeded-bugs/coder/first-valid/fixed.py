def first_number(texts):
    """Return the first of the texts that is a whole number, as a number; None where none is."""
    for text in texts:
        try:
            return int(text)
        except ValueError:
            pass
    return None
