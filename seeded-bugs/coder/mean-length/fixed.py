def mean_length(texts):
    """Return the mean length of the texts, 0 for none."""
    if not texts:
        return 0
    return sum(len(text) for text in texts) / len(texts)
