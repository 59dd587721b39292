def shares(amount, people):
    """Split an amount of cents among people: nearly equal whole shares, the bigger ones first, no cent lost."""
    share, rest = divmod(amount, people)
    return [share] * people
