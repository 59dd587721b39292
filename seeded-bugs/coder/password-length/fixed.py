def good_length(password):
    """Tell whether a password has at least 8 and at most 20 letters."""
    return 8 <= len(password) <= 20
