def starts_with(text, prefix):
    """Return True when text starts with prefix."""
    return prefix.startswith(text)
