def top_score(scores, default=0):
    """Return the highest score; for no scores the default, 0 unless it is given."""
    return max(scores, default=default)
