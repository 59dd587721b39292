def time_left(total, used):
    """Return how much of total is left after used has been taken away."""
    return total - used
