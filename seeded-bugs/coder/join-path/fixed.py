def join_path(folder, name):
    """Return the path of a file in a folder, with a slash between them."""
    return "/".join([folder, name])
