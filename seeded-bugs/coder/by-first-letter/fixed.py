def by_first_letter(words):
    """Return a dictionary from first letters to the words that begin with them, in their order."""
    groups = {}
    for word in words:
        groups.setdefault(word[0], []).append(word)
    return groups
