def grade(points):
    """Return 'A' from 90 points, 'B' from 75, 'C' from 60, otherwise 'F'."""
    if points >= 90:
        return "A"
    if points >= 75:
        return "B"
    return "C"
