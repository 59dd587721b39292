def numbered(lines):
    """Return the lines with their number in front, as in '1: first'."""
    return [f"{number}: {line}" for number, line in enumerate(lines, 1)]
