def snake(title):
    """Return a title as a name: lower case, words joined by underscores."""
    return title.lower().replace(" ", "-")
