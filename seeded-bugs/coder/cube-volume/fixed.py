def volume(side):
    """Return the volume of a cube."""
    return side ** 3
