def seen_with(seen, name):
    """Return a new set: the names seen, and the name in lower case."""
    return set(seen).add(name.lower())
