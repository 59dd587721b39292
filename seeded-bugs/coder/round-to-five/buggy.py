def nearest_five(number):
    """Return the multiple of 5 that is nearest to a whole number."""
    return number // 5 * 5
