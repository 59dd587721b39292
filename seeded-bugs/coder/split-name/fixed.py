def split_name(text):
    """Turn 'Last, First' into the pair (first, last)."""
    last, first = text.split(", ")
    return (first, last)
