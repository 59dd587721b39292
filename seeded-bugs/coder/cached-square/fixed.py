def square(number, cache):
    """Return the square of a number; it is looked up in the cache, and put there where it is new."""
    if number not in cache:
        cache[number] = number * number
    return cache[number]
