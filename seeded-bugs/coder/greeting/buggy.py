def greeting(name=""):
    """Return 'Hello, <name>!'; the name is 'world' when it is not given."""
    return "Hello, " + name + "!"
