def label(name, number):
    """Return a label such as 'room 12' of a name and a number."""
    return name + " " + number
