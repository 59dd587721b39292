def log_event(name, count=1, log=None):
    """Add name to log count times and return log; start an empty log when none is given."""
    log = [] if log is None else log
    for _ in range(count):
        log.append(name)
    return log
