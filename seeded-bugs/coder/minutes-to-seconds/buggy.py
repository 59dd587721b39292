def minutes_to_seconds(minutes):
    """Return the number of seconds in the given minutes."""
    return minutes / 60
