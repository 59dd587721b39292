def longest_run(items):
    """Return the length of the longest run of equal items; the list has at least one."""
    best = run = 0
    for before, item in zip(items, items[1:]):
        run = run + 1 if item == before else 1
        best = max(best, run)
    return best
