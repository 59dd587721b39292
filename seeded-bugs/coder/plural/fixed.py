def count_text(count, noun):
    """Return the count with the noun, which gets an 's' unless the count is 1."""
    if count == 1:
        return f"1 {noun}"
    return f"{count} {noun}s"
