def with_defaults(options):
    """Return the options over the defaults {'size': 10, 'colour': 'red'}."""
    result = {"size": 10, "colour": "red"}
    if options:
        result.update(options)
    else:
        return result
