def is_anagram(a, b):
    """Tell whether two words have the same letters, upper and lower case being the same."""
    return sorted(a.lower()) == sorted(b.lower())
