"""Hidden tests to be: a call, what is expected of it, and where that was read."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from constitution_worker.sandbox import CallResult, same_value

MAX_CALL = 4000
"""Characters of a call, and of what is expected: more than that nobody reads."""


@dataclass(frozen=True)
class Left:
    """An assertion or a case that becomes no hidden test, and why."""

    where: str
    why: str


@dataclass
class Candidate:
    """`texts` say the call in several ways, the best first; the first that works on the fix is taken.

    `expect` is a Python literal as text, `within` how far numbers may be from it; or `raises` names an exception.
    """

    texts: list[str]
    where: str
    expect: str | None = None
    within: float | None = None
    raises: str | None = None
    lenient: bool = False
    """Whether a list may stand for a tuple in what is expected, since JSON has no tuples; numbers may be rounded."""

    def is_met(self, result: CallResult) -> bool:
        if self.raises is not None:
            return not result.ok and (result.error or "").partition(":")[0] == self.raises
        return result.ok and near(result.value, ast.literal_eval(self.expect or "None"), self.within or 0)


@dataclass
class Extracted:
    """What the tests of a project say of one function."""

    candidates: list[Candidate] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)


def near(value: Any, expected: Any, within: float) -> bool:
    """The same value, but for numbers that are near enough."""
    if within and _is_number(value) and _is_number(expected):
        return value == expected or abs(value - expected) <= within
    if isinstance(value, (list, tuple)) and type(value) is type(expected):
        return len(value) == len(expected) and all(near(a, b, within) for a, b in zip(value, expected, strict=True))
    if isinstance(value, dict) and isinstance(expected, dict):
        return value.keys() == expected.keys() and all(near(value[key], expected[key], within) for key in value)
    return same_value(value, expected)


def normal(call: str) -> str:
    """The same text for calls that differ in blanks and quotes only."""
    try:
        return ast.unparse(ast.parse(call.strip(), mode="eval"))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return call.strip()


def is_readable(text: object) -> bool:
    """Whether something that came out of the sandbox can be the text of an expression."""
    if not isinstance(text, str) or not 0 < len(text) <= MAX_CALL:
        return False
    try:
        ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def is_literal(text: object) -> bool:
    """Whether it is the text of a Python literal."""
    if not isinstance(text, str) or len(text) > MAX_CALL:
        return False
    try:
        ast.literal_eval(text)
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        return False
    return True


def as_case(candidate: Candidate, call: str) -> Mapping[str, Any]:
    """The candidate as a hidden test of `hidden_tests.yaml`."""
    if candidate.raises is not None:
        return {"call": call, "raises": candidate.raises}
    within = {} if candidate.within is None else {"within": candidate.within}
    return {"call": call, "expect": candidate.expect, **within}


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
