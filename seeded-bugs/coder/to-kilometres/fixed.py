def to_kilometres(metres):
    """Return a length in metres as kilometres."""
    return metres / 1000
