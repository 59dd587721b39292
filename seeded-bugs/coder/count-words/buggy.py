def count_words(words):
    """Return a dict that maps each word to the number of times it appears."""
    counts = {}
    for word in words:
        counts[word] = counts.get(word, 1) + 1
    return counts
