def is_zero(value):
    """Tell whether a value, a number or a text with a number, is zero."""
    return value == 0
