def may_edit(is_owner, is_locked):
    """Return True when the user is the owner and the page is not locked."""
    return is_owner and is_locked
