def duration(start, end):
    """Return the minutes from start to end, each a pair (hour, minute) of the same day."""
    hours = end[0] - start[0]
    minutes = end[1] - start[1]
    return hours * 60 - minutes
