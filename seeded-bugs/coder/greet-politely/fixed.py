def greet(name, formal):
    """Return 'Good day, NAME.' for formal occasions, 'Hi NAME!' otherwise."""
    if formal:
        return f"Good day, {name}."
    return f"Hi {name}!"
