def all_unique(text):
    """Tell whether no letter of the text occurs twice."""
    seen = set()
    for letter in text:
        if letter in seen:
            return False
        seen.add(letter)
    return True
