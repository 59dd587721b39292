def domain(address):
    """Return what follows the '@' of an e-mail address."""
    return address.split("@")[0]
