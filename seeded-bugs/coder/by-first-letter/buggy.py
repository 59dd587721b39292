def by_first_letter(words):
    """Return a dictionary from first letters to the words that begin with them, in their order."""
    groups = {}
    for word in words:
        groups[word[0]] = [word]
    return groups
