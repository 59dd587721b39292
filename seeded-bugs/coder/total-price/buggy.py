def total_price(prices, quantity):
    """Return the sum of all prices times quantity."""
    total = 0
    for price in prices:
        total += price
    return price * quantity
