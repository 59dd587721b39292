def longest_word(words):
    """Return the longest of the words, the earliest where several are, and '' for no words."""
    longest = ""
    for word in words:
        if len(word) > len(longest):
            longest = word
    return longest
