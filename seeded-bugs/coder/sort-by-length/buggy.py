def by_length(words):
    """Return the words from short to long; equally long ones keep their order."""
    ordered = list(words).sort(key=len)
    return ordered
