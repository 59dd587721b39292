def has_vowel(word):
    """Tell whether a word in lower case has one of the letters a, e, i, o, u."""
    for letter in word:
        if letter in "aeiou":
            return True
    return False
