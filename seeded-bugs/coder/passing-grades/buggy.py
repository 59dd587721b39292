def passing(grades, minimum):
    """Return the names whose grade is at least minimum, in order. grades: list of (name, grade)."""
    return [name for name, grade in grades if grade <= minimum]
