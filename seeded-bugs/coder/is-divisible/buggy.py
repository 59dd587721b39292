def is_divisible(number, divisor):
    """Return True when number can be divided by divisor without a remainder."""
    return number / divisor == 0
