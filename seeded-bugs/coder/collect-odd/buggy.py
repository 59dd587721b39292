def collect_odd(numbers, found=[]):
    """Return the odd ones of the numbers, after those in found where it is given."""
    for number in numbers:
        if number % 2:
            found.append(number)
    return found
