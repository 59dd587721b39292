def full_name(first, last):
    """Return first and last name with one space between them."""
    return first + last
