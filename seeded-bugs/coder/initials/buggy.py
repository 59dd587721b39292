def initials(words):
    """Return the first letters of the words, joined together."""
    return "".join(word[1] for word in words)
