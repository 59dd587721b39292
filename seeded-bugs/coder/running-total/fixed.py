def running_total(numbers):
    """Return a list with the sum of the numbers up to each position."""
    total = 0
    totals = []
    for number in numbers:
        total += number
        totals.append(total)
    return totals
