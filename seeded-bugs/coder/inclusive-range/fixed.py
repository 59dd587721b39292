def whole_numbers(low, high):
    """Return the whole numbers from low to high, both included."""
    numbers = []
    while low <= high:
        numbers.append(low)
        low += 1
    return numbers
