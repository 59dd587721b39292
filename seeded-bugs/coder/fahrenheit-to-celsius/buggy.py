def to_celsius(fahrenheit):
    """Convert Fahrenheit to Celsius: subtract 32, then multiply by 5 and divide by 9."""
    return fahrenheit - 32 * 5 / 9
