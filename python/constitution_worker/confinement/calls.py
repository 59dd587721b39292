"""Evaluates expressions against a program, inside the sandbox, and reports their values as literals.

The program shares this interpreter, so nothing here is out of its reach. What protects a verdict is that the expected
values are not in the sandbox at all: a program can only be right by producing them.
"""

from __future__ import annotations

import os

MAX_DEPTH = 50

_EXACT = {type(None), bool, int, str, bytes}
_CONTAINERS = {list: ("[", "]"), tuple: ("(", ",)"), set: ("{", "}")}


class NotPlain(Exception):
    """A value that has no literal."""


def evaluate(source: str, expressions: list[str], marker: str, descriptor: int) -> None:
    """Runs `source` as a module and writes one line for each expression: marker, number, `ok` or `error`, literal."""
    write = os.write

    def report(number: int, word: str, text: str) -> None:
        data = f"{marker} {number} {word} {text!r}\n".encode("ascii", "backslashreplace")
        while data:
            data = data[write(descriptor, data) :]

    namespace: dict[str, object] = {"__name__": "solution"}
    try:
        exec(compile(source, "solution.py", "exec"), namespace)  # noqa: S102 - this is what the sandbox is for
    except BaseException as error:  # noqa: BLE001 - SystemExit included: the process must live to answer
        report(-1, "error", _name(error))
        return
    for number, expression in enumerate(expressions):
        try:
            value = eval(compile(expression, f"expression {number}", "eval"), namespace)  # noqa: S307
            report(number, "ok", literal(value))
        except BaseException as error:  # noqa: BLE001
            report(number, "error", _name(error))


def _name(error: BaseException) -> str:
    try:
        return f"{type(error).__name__}: {error}"[:500]
    except BaseException:  # noqa: BLE001 - the program may have written the exception's class
        return type(error).__name__


def literal(value: object, depth: int = 0) -> str:
    """Text that `ast.literal_eval` reads back. Only exact built-in types count: a subclass may lie about itself."""
    if depth > MAX_DEPTH:
        raise NotPlain("nested too deeply")
    kind = type(value)
    if kind in _EXACT:
        return kind.__repr__(value)
    if kind is float:
        if value != value:
            raise NotPlain("NaN has no literal")
        text = float.__repr__(value)
        return text.replace("inf", "1e999")
    if kind is dict:
        items = (f"{literal(key, depth + 1)}: {literal(item, depth + 1)}" for key, item in dict.items(value))
        return "{" + ", ".join(items) + "}"
    if kind in _CONTAINERS:
        opening, closing = _CONTAINERS[kind]
        parts = [literal(item, depth + 1) for item in kind.__iter__(value)]
        if not parts:
            return {"[": "[]", "(": "()", "{": "set()"}[opening]
        return opening + ", ".join(parts) + closing
    raise NotPlain(f"{kind.__module__}.{kind.__qualname__} is no plain value")
