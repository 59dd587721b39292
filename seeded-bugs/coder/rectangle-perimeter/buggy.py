def perimeter(width, height):
    """Return the perimeter of a rectangle: twice the sum of width and height."""
    return 2 * (width * height)
