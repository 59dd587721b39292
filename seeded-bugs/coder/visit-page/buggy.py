def visit(page, counts={}):
    """Return the counts with one visit more for the page; without counts, start new ones."""
    counts[page] = counts.get(page, 0) + 1
    return counts
