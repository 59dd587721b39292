def capital(word):
    """Return the word with its first letter in upper case, the rest as it is."""
    return word[:1].upper()
