def reduced(price, percent):
    """Return the price reduced by some percent of it."""
    return price + price * percent / 100
