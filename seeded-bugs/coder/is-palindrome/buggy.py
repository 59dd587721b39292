def is_palindrome(word):
    """Return True when word reads the same backwards; upper and lower case count as equal."""
    return word == word[::-1]
