def shorten(text, count):
    """Return the first count words of the text, followed by '...' where words were left out."""
    words = text.split()
    if len(words) <= count:
        return text
    return " ".join(words[:count + 1]) + "..."
