def clock(seconds):
    """Return a time in seconds as 'H:MM', whole minutes."""
    minutes = seconds // 60
    return f"{minutes // 60}:{minutes % 100:02d}"
