def greeting(name="world"):
    """Return 'Hello, <name>!'; the name is 'world' when it is not given."""
    return "Hello, " + name + "!"
