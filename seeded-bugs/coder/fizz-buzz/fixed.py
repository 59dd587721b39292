def fizz(number):
    """Return 'fizz' for multiples of 3, 'buzz' for multiples of 5, 'fizzbuzz' for both, else the number as text."""
    if number % 15 == 0:
        return "fizzbuzz"
    if number % 3 == 0:
        return "fizz"
    if number % 5 == 0:
        return "buzz"
    return str(number)
