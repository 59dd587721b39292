def words_of(text, minimum=3):
    """Return the words of a text that have at least a minimum of letters, all of them unless it is given."""
    return [word for word in text.split() if len(word) >= minimum]
