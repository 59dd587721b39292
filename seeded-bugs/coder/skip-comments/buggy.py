def code_lines(lines):
    """Return the lines that are neither empty nor start with '#'."""
    return [line for line in lines if line and line.startswith("#")]
