def extension(name):
    """Return what follows the last dot of a file name, '' where there is no dot."""
    if "." not in name:
        return ""
    return name.split(".", 1)[1]
