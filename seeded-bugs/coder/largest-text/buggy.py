def largest_of(texts):
    """Return the largest of whole numbers given as texts, as a number."""
    return int(max(texts))
