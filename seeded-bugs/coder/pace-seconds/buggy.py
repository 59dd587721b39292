def seconds_of(pace):
    """Return the seconds of a pace given as text 'minutes:seconds'."""
    minutes, seconds = pace.split(":")
    return int(minutes) * 100 + int(seconds)
