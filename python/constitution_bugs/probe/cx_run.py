"""Runs a project's tests one by one, and tells what their assertions say of one function.

Started in the sandbox's own folder, which holds `request.json` and the project under `tree/`. Standard output carries
one JSON object a line, each with the marker of the request.
"""

import importlib.util
import inspect
import itertools
import json
import os
import signal
import sys
import types
import unittest

import cx_pytest
from cx_fixtures import Fixtures
from cx_loading import Loading
from cx_recorder import Recorder


class OutOfTime(BaseException):
    """A test has had its time."""


class Options:
    """What a conftest asks for; the switch that chooses the correct programs is on, as some benchmarks have it."""

    def addoption(self, *_names, **_kwargs):
        return None

    def getgroup(self, *_args, **_kwargs):
        return self

    def addini(self, *_args, **_kwargs):
        return None

    def getoption(self, name, default=None, **_kwargs):
        return name.lstrip("-") == "correct"

    def addinivalue_line(self, *_args, **_kwargs):
        return None


class Run:
    """One request."""

    def __init__(self, request, out):
        self.request, self._out = request, out
        self.recorder = Recorder(request["entry"])
        tests = [os.path.abspath(f"tree/{path}") for path in request["tests"]]
        targets = [os.path.abspath(f"tree/{path}") for path in request["targets"]]
        self.loading = Loading(targets, request["entry"], tests, self.recorder, self._seen)
        self.told = 0

    def tell(self, **message):
        self._out.write(json.dumps({"marker": self.request["marker"], **message}) + "\n")
        self._out.flush()

    def _seen(self, message):
        self.told += 1
        if self.told <= self.request["limit"]:
            self.tell(kind="seen", **message)

    def all(self):
        cx_pytest.install()
        self.loading.install([os.path.abspath(f"tree/{root}") for root in self.request["roots"]])
        for path in self.request["tests"]:
            try:
                with self._time():
                    conftests = self._conftests(path)
                    module = self.loading.load_test(os.path.abspath(f"tree/{path}"))
            except BaseException as error:
                self.tell(kind="file", file=path, why=_say(error))
                continue
            fixtures = Fixtures([*conftests, module])
            for name, function, instance in tests_of(module):
                for suffix, given in rows_of(function):
                    self._one(path, f"{name}{suffix}", function, instance, given, fixtures)
        self.tell(kind="end", calls=self.recorder.total)

    def _one(self, path, name, function, instance, given, fixtures):
        self.recorder.begin()
        self.loading.watch(os.path.abspath(f"tree/{path}")).test = name
        finish = []
        try:
            if given is None:
                raise cx_pytest.Skipped("marked so")
            with self._time():
                owner = instance() if instance is not None else None
                if isinstance(owner, unittest.TestCase):
                    _run_case(owner)
                    return
                if owner is not None and hasattr(owner, "setup_method"):
                    owner.setup_method(function)
                values = fixtures.values(function, given, owner, finish)
                if inspect.iscoroutinefunction(function):
                    raise cx_pytest.Unsupported("it is asynchronous")
                function(*([owner] if owner is not None else []), **values)
                for each in reversed(finish):
                    each()
        except cx_pytest.Skipped as skipped:
            self.tell(kind="test", file=path, test=name, why=f"it is skipped: {skipped}", calls=0)
        except BaseException as error:
            self.tell(kind="test", file=path, test=name, why=_say(error), calls=len(self.recorder.calls))

    def _time(self):
        return _Time(self.request["seconds"])

    def _conftests(self, path):
        """Every conftest.py from the top down to a test's folder, loaded once."""
        found, folder = [], "tree"
        for part in ["", *os.path.dirname(path).split("/")]:
            folder = os.path.join(folder, part)
            file = os.path.abspath(os.path.join(folder, "conftest.py"))
            if not os.path.exists(file):
                continue
            name = "conftest_" + file.replace("/", "_").replace(".", "_")
            if name not in sys.modules:
                module = importlib.util.module_from_spec(importlib.util.spec_from_file_location(name, file))
                sys.modules[name] = module
                module.__spec__.loader.exec_module(module)
                for hook in ("pytest_addoption", "pytest_configure"):
                    if hasattr(module, hook):
                        getattr(module, hook)(Options())
            found.append(sys.modules[name])
        return list(dict.fromkeys(found))


class _Time:
    """Raises OutOfTime in the block when its seconds are over."""

    def __init__(self, seconds):
        self.seconds = seconds

    def __enter__(self):
        def stop(_signal, _frame):
            raise OutOfTime(f"it does not end within {self.seconds:g} s")

        signal.signal(signal.SIGALRM, stop)
        signal.setitimer(signal.ITIMER_REAL, self.seconds, 0.2)  # again, where the first one was swallowed

    def __exit__(self, *_error):
        signal.setitimer(signal.ITIMER_REAL, 0)


def tests_of(module):
    """(name, function, class or None) of every test of a module, in its order."""
    for name, value in list(vars(module).items()):
        if isinstance(value, type) and issubclass(value, unittest.TestCase) and value.__module__ == module.__name__:
            for method in unittest.TestLoader().getTestCaseNames(value):
                yield f"{name}.{method}", getattr(value, method), lambda kind=value, method=method: kind(method)
        elif isinstance(value, type) and name.startswith("Test") and value.__module__ == module.__name__:
            for method, function in list(vars(value).items()):
                if method.startswith("test") and inspect.isfunction(function):
                    yield f"{name}.{method}", function, value
        elif isinstance(value, types.FunctionType) and name.startswith("test"):
            yield name, value, None


def rows_of(function):
    """(suffix, arguments) for every row of `parametrize`; None as arguments where it is skipped."""
    marks = getattr(function, "cx_marks", [])
    if any(mark.name in ("skip", "xfail") or (mark.name == "skipif" and mark.args[:1] != (False,)) for mark in marks):
        yield "", None
        return
    tables = []
    for mark in marks:
        if mark.name == "parametrize":
            names, rows = mark.args[0], mark.args[1]
            names = [each.strip() for each in names.split(",")] if isinstance(names, str) else list(names)
            tables.append([_row(names, row) for row in rows])
    for number, chosen in enumerate(itertools.product(*reversed(tables))):
        merged = {}
        for row in chosen:
            merged = None if row is None or merged is None else {**merged, **row}
        yield (f"[{number}]" if tables else ""), merged


def _row(names, row):
    if isinstance(row, cx_pytest.Parameters):
        return None if row.skipped else dict(zip(names, row.values))
    return {names[0]: row} if len(names) == 1 else dict(zip(names, row))


def _run_case(case):
    """A test of `unittest`, with its own set-up. Its failure is raised."""
    if getattr(type(case), "setUpClass", None) and not getattr(type(case), "cx_set_up", False):
        type(case).setUpClass()
        type(case).cx_set_up = True
    result = unittest.TestResult()
    case.run(result)
    for _case, trace in [*result.errors, *result.failures]:
        raise AssertionError(trace.strip().splitlines()[-1])
    for _case, reason in result.skipped:
        raise cx_pytest.Skipped(reason)


def _say(error):
    text = f"{type(error).__name__}: {error}".strip().rstrip(":")
    return str(error) if isinstance(error, (OutOfTime, cx_pytest.Unsupported)) else text[:300]


def main():
    with open("request.json", encoding="utf-8") as file:
        request = json.load(file)
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    null = os.open("/dev/null", os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(null, descriptor)
    sys.setrecursionlimit(6000)
    sys.argv = ["pytest"]
    try:
        Run(request, out).all()
    except BaseException as error:
        out.write(json.dumps({"marker": request["marker"], "kind": "broken", "why": _say(error)}) + "\n")
    out.flush()
    os._exit(0)


main()
