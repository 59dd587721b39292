def total_with(item, price, cart=None):
    """Put an item in the cart, a new one where none is given, and return the sum of its prices."""
    if cart is None:
        cart = {}
    cart[item] = price
    return sum(cart.values())
