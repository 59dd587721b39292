def days_until(today, event):
    """Return how many days lie between today and a later event, both given as day numbers."""
    return max(today - event, 0)
