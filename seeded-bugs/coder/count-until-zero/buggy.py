def count_until_zero(numbers):
    """Return how many numbers come before the first zero, all of them where there is none."""
    count = 0
    for number in numbers:
        if number == 0:
            return count
        count += 1
        return count
    return count
