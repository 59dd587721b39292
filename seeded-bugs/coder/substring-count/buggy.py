def count_overlapping(text, part):
    """Return how often part occurs in the text, overlapping places included."""
    count = 0
    for start in range(len(text) - len(part)):
        if text[start:start + len(part)] == part:
            count += 1
    return count
