def largest(numbers):
    """Return the largest number of a list that is not empty."""
    best = numbers[0]
    for number in numbers:
        if number < best:
            best = number
    return best
