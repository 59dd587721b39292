def mean(numbers):
    """Return the mean of the numbers, with its decimals."""
    return sum(numbers) // len(numbers)
