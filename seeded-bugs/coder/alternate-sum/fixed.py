def alternating_sum(numbers):
    """Return the first number minus the second plus the third and so on."""
    total, sign = 0, 1
    for number in numbers:
        total += sign * number
        sign = -sign
    return total
