"""Evaluates expressions against a program, inside the sandbox, and reports their values as literals.

The program shares this interpreter, so nothing here is out of its reach. What protects a verdict is that the expected
values are not in the sandbox at all: a program can only be right by producing them.
"""

from __future__ import annotations

import os
import sys

MAX_DEPTH = 50

_EXACT = {type(None), bool, int, str, bytes}


class NotPlain(Exception):
    """A value that has no literal."""


def evaluate(programs: list[tuple[str, list[str]]], marker: str, descriptor: int) -> None:
    """Runs each source as a module of its own and evaluates its expressions in it.

    Writes one line for each expression: marker, `<program>.<expression>`, `ok` or `error`, literal. Before a program's
    own lines comes one with the word `begin`, and its error has the expression `-1` where it does not load.
    """
    write = os.write

    def report(program: int, expression: int, word: str, text: str) -> None:
        data = f"{marker} {program}.{expression} {word} {text!r}\n".encode("ascii", "backslashreplace")
        while data:
            data = data[write(descriptor, data) :]

    for program, (source, expressions) in enumerate(programs):
        report(program, -1, "begin", "")
        # Dataclasses, among others, look their module up by its name.
        module = sys.modules["solution"] = type(sys)("solution")
        namespace = module.__dict__
        try:
            exec(compile(source, "solution.py", "exec"), namespace)
        except BaseException as error:
            report(program, -1, "error", _name(error))
            continue
        for number, expression in enumerate(expressions):
            try:
                value = eval(compile(expression, f"expression {number}", "eval"), namespace)
                report(program, number, "ok", literal(value))
            except BaseException as error:
                report(program, number, "error", _name(error))


def _name(error: BaseException) -> str:
    try:
        return f"{type(error).__name__}: {error}"[:500]
    except BaseException:
        return type(error).__name__


def literal(value: object, depth: int = 0) -> str:
    """Text that `ast.literal_eval` reads back. Only exact built-in types count: a subclass may lie about itself."""
    if depth > MAX_DEPTH:
        raise NotPlain("nested too deeply")
    kind = type(value)
    if kind in _EXACT:
        return kind.__repr__(value)
    if type(value) is float:
        if value != value:
            raise NotPlain("NaN has no literal")
        return float.__repr__(value).replace("inf", "1e999")
    if type(value) is dict:
        items = (f"{literal(key, depth + 1)}: {literal(item, depth + 1)}" for key, item in value.items())
        return "{" + ", ".join(items) + "}"
    if type(value) is list:
        return "[" + ", ".join([literal(item, depth + 1) for item in value]) + "]"
    if type(value) is tuple:
        return "(" + "".join([f"{literal(item, depth + 1)}, " for item in value]) + ")"
    if type(value) is set:
        return "{" + ", ".join([literal(item, depth + 1) for item in value]) + "}" if value else "set()"
    raise NotPlain(f"{kind.__module__}.{kind.__qualname__} is no plain value")
