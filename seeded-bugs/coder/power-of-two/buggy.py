def is_power_of_two(n):
    """Tell whether n, a positive whole number, is 1, 2, 4, 8 and so on."""
    if n % 2 == 1:
        return False
    return is_power_of_two(n // 2)
