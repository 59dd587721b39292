def full_boxes(pieces, per_box):
    """Return how many boxes can be filled completely."""
    return round(pieces / per_box)
