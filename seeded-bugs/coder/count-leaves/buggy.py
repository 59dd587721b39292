def count_leaves(tree):
    """Return how many items that are not lists a nested list holds."""
    if not isinstance(tree, list):
        return 0
    return sum(count_leaves(part) for part in tree)
