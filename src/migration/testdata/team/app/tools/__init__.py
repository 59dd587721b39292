"""Decorators, without a word of the package that is looked for: a file is read where what it imports needs it."""
import functools

EVENTS = []


def timed(function):
    @functools.wraps(function)
    def run(*args, **kwargs):
        result = function(*args, **kwargs)
        EVENTS.append(function)
        return result

    return run


def trace(name):
    def decorate(function):
        @functools.wraps(function)
        def run(*args, **kwargs):
            try:
                return function(*args, **kwargs)
            finally:
                EVENTS.append(name)

        return run

    return decorate
