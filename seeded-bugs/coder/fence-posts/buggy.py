def posts_needed(length, gap):
    """Return how many posts a straight fence needs: one every gap metres, one at each end."""
    return length // gap
