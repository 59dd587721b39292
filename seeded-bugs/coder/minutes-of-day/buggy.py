def minutes_of_day(hours, minutes):
    """Return the minutes since midnight at the given time of day."""
    return hours * 100 + minutes
