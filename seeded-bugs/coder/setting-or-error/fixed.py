def setting(config, key):
    """Return a setting as text; raise KeyError where it is not set."""
    return str(config[key])
