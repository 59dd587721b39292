def youngest(people):
    """Return the name of the youngest of pairs (name, age); of equal ones the first in the list."""
    return sorted(people, key=lambda person: person[1])[0][0]
