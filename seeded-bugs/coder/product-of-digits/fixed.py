def digit_product(number):
    """Return the product of the digits of a number that is not negative."""
    product = 1
    for digit in str(number):
        product *= int(digit)
    return product
