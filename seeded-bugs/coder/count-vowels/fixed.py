def count_vowels(text):
    """Count the letters a, e, i, o and u in text (lower case)."""
    return sum(1 for letter in text if letter in "aeiou")
