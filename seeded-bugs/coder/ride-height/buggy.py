def can_ride(height):
    """Tell whether a child of this height in centimetres may ride: from 120 on."""
    return height <= 120
