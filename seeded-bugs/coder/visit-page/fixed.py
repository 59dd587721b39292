def visit(page, counts=None):
    """Return the counts with one visit more for the page; without counts, start new ones."""
    counts = dict(counts or {})
    counts[page] = counts.get(page, 0) + 1
    return counts
