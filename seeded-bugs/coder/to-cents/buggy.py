def to_cents(amount):
    """Return the amount in cents as a whole number, rounded to the nearest cent."""
    return int(amount * 100)
