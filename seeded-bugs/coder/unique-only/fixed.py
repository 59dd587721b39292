def unique(items):
    """Return the items in order of their first appearance, without repetitions."""
    result = []
    for item in items:
        if item not in result:
            result.append(item)
    return result
