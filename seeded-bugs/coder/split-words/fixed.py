def word_count(text):
    """Return how many words the text has; words are separated by one or more spaces."""
    return len(text.split())
