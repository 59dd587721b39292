def split_name(text):
    """Turn 'Last, First' into the pair (first, last)."""
    first, last = text.split(", ")
    return (first, last)
