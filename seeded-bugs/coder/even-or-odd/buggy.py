def parity(number):
    """Return 'even' or 'odd'."""
    if number % 2 == 0:
        return "even"
    "odd"
