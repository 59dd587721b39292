def reverse_words(sentence):
    """Return the sentence with its words in reverse order."""
    words = sentence.split()
    words.reverse()
    return " ".join(words)
