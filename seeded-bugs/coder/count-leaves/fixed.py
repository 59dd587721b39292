def count_leaves(tree):
    """Return how many items that are not lists a nested list holds."""
    if not isinstance(tree, list):
        return 1
    return sum(count_leaves(part) for part in tree)
