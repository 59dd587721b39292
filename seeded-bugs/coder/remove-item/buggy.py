def without(items, unwanted):
    """Return a new list of the items without those equal to the unwanted one."""
    return list(items).remove(unwanted)
