def ratio(part, whole):
    """Return part divided by whole; a whole of zero raises ZeroDivisionError."""
    return part / whole
