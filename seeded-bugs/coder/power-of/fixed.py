def power(base, exponent):
    """Return base to the power of exponent."""
    return pow(base, exponent)
