def diagonal_squared(width, height):
    """Return the square of the length of a rectangle's diagonal."""
    return width ** 2 + width ** 2
