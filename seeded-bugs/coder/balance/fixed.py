def balance(opening, changes):
    """Return the balance of an account after some changes, given what was in it at first."""
    total = opening
    for change in changes:
        total += change
    return total
