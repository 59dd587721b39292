def after_years(amount, percent, years):
    """Return what an amount has grown to after some years, when each year adds some percent of what is there."""
    total = amount
    for _ in range(years):
        total += total * percent / 100
    return total
