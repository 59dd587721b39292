def left_over(candies, children):
    """Return how many candies are left when children share them equally."""
    return candies // children
