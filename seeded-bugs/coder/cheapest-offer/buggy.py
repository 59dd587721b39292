def cheapest(offers):
    """Return the name of the offer with the lowest price, out of pairs (name, price); the first of equal ones."""
    name, best = offers[0]
    for other, price in offers[1:]:
        if price > best:
            name, best = other, price
    return name
