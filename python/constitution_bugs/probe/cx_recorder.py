"""Writes down each call of the function in question, outermost calls only, with its arguments as they were."""

import functools

from cx_literals import NoLiteral, literal

MAX_CALLS = 10_000


class Call:
    """One call: `text` as an expression (None where an argument has no literal), and what became of it."""

    def __init__(self, text):
        self.text, self.result, self.error = text, None, None


class Recorder:
    """Calls since the current test began."""

    def __init__(self, entry):
        self.entry, self.calls, self.total, self._depth = entry, [], 0, 0
        self.wrappers = []

    def begin(self):
        self.calls = []

    def wrap(self, function):
        """The decorator that stands over the function."""

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            if self._depth or len(self.calls) >= MAX_CALLS:
                return function(*args, **kwargs)
            call = Call(self._text(args, kwargs))
            self.total += 1
            self._depth += 1
            try:
                call.result = function(*args, **kwargs)
                return call.result
            except BaseException as error:
                call.error = error
                raise
            finally:
                self._depth -= 1
                self.calls.append(call)

        self.wrappers.append(wrapper)
        return wrapper

    def has_made(self, value):
        """Whether a value is the function, as callers see it."""
        return any(value is wrapper for wrapper in self.wrappers)

    def _text(self, args, kwargs):
        try:
            parts = [literal(value) for value in args]
            parts += [f"{name}={literal(value)}" for name, value in kwargs.items()]
        except (NoLiteral, ValueError, RecursionError):
            return None
        return f"{self.entry}({', '.join(parts)})"
