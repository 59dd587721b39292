def initials(words):
    """Return the first letters of the words, joined together."""
    return "".join(word[0] for word in words)
