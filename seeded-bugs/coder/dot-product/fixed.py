def dot(xs, ys):
    """Return the sum of the products of the numbers at equal positions."""
    return sum(x * y for x, y in zip(xs, ys))
