def is_leap(year):
    """Leap years are divisible by 4, but not by 100, unless they are divisible by 400."""
    if year % 100 == 0:
        return year % 400 == 0
    return year % 4 == 0
