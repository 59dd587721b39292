def all_positive(numbers):
    """Return True when every number is greater than zero; True for an empty list."""
    for number in numbers:
        if number <= 0:
            return False
    return True
