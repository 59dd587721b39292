def kilograms(weights):
    """Return the total of weights in grams, in kilograms."""
    return sum(weights) * 1000
