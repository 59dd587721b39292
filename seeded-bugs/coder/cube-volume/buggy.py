def volume(side):
    """Return the volume of a cube."""
    side ** 3
