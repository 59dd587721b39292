def old_enough(age, minimum):
    """Return True when age is at least minimum."""
    return age >= minimum
