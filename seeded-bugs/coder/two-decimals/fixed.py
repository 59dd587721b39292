def as_price(amount):
    """Return an amount as text with two decimals, as in '3.50'."""
    return f"{amount:.2f}"
