def doubled(numbers):
    """Return a list with each number doubled."""
    result = []
    for number in numbers:
        result.append(number * 2)
    return result
