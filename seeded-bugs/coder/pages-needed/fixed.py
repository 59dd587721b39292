def pages_needed(items, per_page):
    """Return the number of pages for all items; the last page may be only partly full."""
    return (items + per_page - 1) // per_page
