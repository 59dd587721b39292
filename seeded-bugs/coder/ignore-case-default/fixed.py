def contains(text, part, ignore_case=True):
    """Tell whether the part occurs in the text; upper and lower case are the same unless ignore_case is False."""
    if ignore_case:
        text, part = text.lower(), part.lower()
    return part in text
