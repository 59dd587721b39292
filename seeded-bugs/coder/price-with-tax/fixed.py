def with_tax(price, rate=0.2):
    """Return price plus tax. rate is a fraction and is 0.2 when it is not given."""
    return price + price * rate
