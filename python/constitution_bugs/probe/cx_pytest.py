"""As much of `pytest` as tests of plain functions use. The real one is not in the sandbox."""

import contextlib
import re
import sys
import types


class Skipped(BaseException):
    """A test that is not run."""


class Unsupported(Exception):
    """Something that only the real pytest has."""


class Approx:
    """`pytest.approx`: equal within a tolerance, as documented there."""

    def __init__(self, expected, rel=None, abs=None, nan_ok=False):
        self.expected, self.rel, self.abs = expected, rel, abs

    def tolerance(self):
        sizes = [abs(number) for number in _numbers(self.expected)]
        relative = (1e-6 if self.rel is None else self.rel) * max(sizes, default=0)
        if self.rel is None and self.abs is not None:
            return self.abs
        return max(relative, 1e-12 if self.abs is None else self.abs)

    def __eq__(self, actual):
        return _near(actual, self.expected, self.tolerance())

    __hash__ = None


def _numbers(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return [number for each in value for number in _numbers(each)]
    return [value] if isinstance(value, (int, float)) else []


def _near(actual, expected, tolerance):
    if isinstance(expected, dict):
        return actual.keys() == expected.keys() and all(_near(actual[k], expected[k], tolerance) for k in expected)
    if isinstance(expected, (list, tuple)):
        return len(actual) == len(expected) and all(map(_near, actual, expected, [tolerance] * len(expected)))
    return actual == expected or abs(actual - expected) <= tolerance


@contextlib.contextmanager
def raises(expected, *, match=None):
    seen = types.SimpleNamespace(value=None, type=None)
    try:
        yield seen
    except expected as error:
        if match is not None and re.search(match, str(error)) is None:
            raise AssertionError(f"{error} does not match {match}") from error
        seen.value, seen.type = error, type(error)
    else:
        raise AssertionError(f"{expected} was not raised")


class Parameters:
    """One row of `parametrize`."""

    def __init__(self, values, skipped):
        self.values, self.skipped = values, skipped


def param(*values, id=None, marks=()):
    marks = marks if isinstance(marks, (list, tuple)) else [marks]
    return Parameters(values, any(getattr(mark, "name", "") in ("skip", "xfail") for mark in marks))


class Mark:
    """`pytest.mark.<name>`, with or without arguments."""

    def __init__(self, name, args=(), kwargs=None):
        self.name, self.args, self.kwargs = name, args, kwargs or {}

    def __call__(self, *args, **kwargs):
        if len(args) == 1 and not kwargs and callable(args[0]) and self.name != "parametrize":
            args[0].cx_marks = [*getattr(args[0], "cx_marks", []), self]
            return args[0]
        made = Mark(self.name, args, kwargs)
        return made if self.name != "parametrize" else made._decorate

    def _decorate(self, function):
        function.cx_marks = [*getattr(function, "cx_marks", []), self]
        return function


class _Marks:
    def __getattr__(self, name):
        return Mark(name)


def fixture(function=None, *, scope="function", params=None, autouse=False, ids=None, name=None):
    def decorate(wrapped):
        wrapped.cx_fixture = types.SimpleNamespace(params=params, autouse=autouse, name=name or wrapped.__name__)
        return wrapped

    return decorate if function is None else decorate(function)


def skip(reason="", **_kwargs):
    raise Skipped(reason)


def fail(reason="", **_kwargs):
    raise AssertionError(reason)


def importorskip(name, **_kwargs):
    try:
        return __import__(name)
    except ImportError as error:
        raise Skipped(str(error)) from error


class _Pytest(types.ModuleType):
    """Settings that a `conftest.py` would have made are false where there is none."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return False


def install():
    module = _Pytest("pytest")
    module.approx, module.raises, module.mark, module.fixture = Approx, raises, _Marks(), fixture
    module.skip, module.fail, module.xfail, module.param = skip, fail, skip, param
    module.importorskip, module.exit = importorskip, skip
    sys.modules["pytest"] = module
    return module
