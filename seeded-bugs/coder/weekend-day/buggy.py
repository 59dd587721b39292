def is_weekend(day):
    """Tell whether a day, 'Mon' to 'Sun', belongs to the weekend."""
    return day in ("Sat",)
