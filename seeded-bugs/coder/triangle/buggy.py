def is_triangle(a, b, c):
    """Tell whether three lengths, the longest last, form a triangle: two sides together are longer than the third."""
    return a + b >= c
