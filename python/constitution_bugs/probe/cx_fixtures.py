"""What a test is given by the names of its parameters: fixtures of its module and of every conftest above it."""

import inspect
import os
import tempfile
import pathlib

from cx_pytest import Unsupported


class Fixtures:
    """Those that modules define, the nearest last. Values live for one test."""

    def __init__(self, modules):
        self.known = {}
        for module in modules:
            for value in list(vars(module).values()):
                about = getattr(value, "cx_fixture", None) if inspect.isfunction(value) else None
                if about is not None:
                    self.known[about.name] = value

    def values(self, function, given, instance, finish):
        """Arguments of a test by name. `finish` collects what is to be done afterwards."""
        made = dict(given)
        for name, fixture in self.known.items():
            if fixture.cx_fixture.autouse:
                self._value(name, made, finish, None)
        for mark in getattr(function, "cx_marks", []):
            if mark.name == "usefixtures":
                for name in mark.args:
                    self._value(name, made, finish, None)
        wanted = list(inspect.signature(function).parameters)
        if instance is not None:
            wanted = wanted[1:]
        return {name: self._value(name, made, finish, function) for name in wanted}

    def _value(self, name, made, finish, function):
        if name in made:
            return made[name]
        if function is not None:
            parameter = inspect.signature(function).parameters.get(name)
            if parameter is not None and (parameter.default is not parameter.empty or parameter.kind > 1):
                if parameter.default is not parameter.empty:
                    return parameter.default
        if name == "tmp_path":
            made[name] = pathlib.Path(tempfile.mkdtemp(dir=os.getcwd()))
            return made[name]
        fixture = self.known.get(name)
        if fixture is None:
            raise Unsupported(f"the fixture {name} is not known here")
        about = fixture.cx_fixture
        if about.params is not None:
            raise Unsupported(f"the fixture {name} has parameters")
        needed = inspect.signature(fixture).parameters
        if "request" in needed:
            raise Unsupported(f"the fixture {name} asks for `request`")
        value = fixture(**{each: self._value(each, made, finish, None) for each in needed})
        if inspect.isgenerator(value):
            generator, value = value, next(value)
            finish.append(lambda: next(generator, None))
        made[name] = value
        return value
