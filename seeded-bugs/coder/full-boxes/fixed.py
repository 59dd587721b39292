def full_boxes(pieces, per_box):
    """Return how many boxes can be filled completely."""
    return pieces // per_box
