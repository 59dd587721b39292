def first_repeated(items):
    """Return the first item that was there before, None where all differ."""
    seen = []
    for item in items:
        if item in seen:
            return item
        seen.append(item)
    return None
