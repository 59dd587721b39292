def by_length(words):
    """Return the words from short to long; equally long ones keep their order."""
    ordered = list(words)
    ordered.sort(key=len)
    return ordered
