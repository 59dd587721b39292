def keep_even(numbers):
    """Return only the even numbers, in order."""
    return [n for n in numbers if n % 2 == 0]
