def overlap(a_start, a_end, b_start, b_end):
    """Tell whether two ranges of numbers, both ends included, share a number."""
    return not (a_end < b_start or b_end < a_start)
