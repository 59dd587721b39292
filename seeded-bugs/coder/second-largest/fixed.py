def second_largest(numbers):
    """Return the second largest of at least two different numbers."""
    return sorted(numbers)[-2]
