def ratio(part, whole):
    """Return part divided by whole; a whole of zero raises ZeroDivisionError."""
    try:
        return part / whole
    except ZeroDivisionError:
        return 0
