def product(numbers):
    """Return the product of all numbers; 1 for an empty list."""
    result = 1
    for number in numbers:
        result *= number
    return result
