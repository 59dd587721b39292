def highest(scores):
    """Return the highest score of a list that is not empty; scores may be negative."""
    best = 0
    for score in scores:
        if score > best:
            best = score
    return best
