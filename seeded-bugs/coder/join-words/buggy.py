def join_words(words, separator=","):
    """Join the words with separator; a single space when it is not given."""
    return separator.join(words)
