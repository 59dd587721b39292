def without(items, unwanted):
    """Return a new list of the items without those equal to the unwanted one."""
    return [item for item in items if item != unwanted]
