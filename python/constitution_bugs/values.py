"""Fits what a test expects to the form of a hidden test: an exact value, as the fix returns it."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from constitution_worker.sandbox import CallResult, same_value

from .candidates import MAX_CALL, Candidate, near

NEAR = 1e-9
"""Relative difference of two numbers that JSON and Python round differently."""

MAX_SHOWN = 120


def adapted(candidate: Candidate, call: str, results: Sequence[CallResult]) -> tuple[str, Candidate] | str:
    """The call and the candidate as they hold on the fix, or why they do not. `results` are those of several runs."""
    first = results[0]
    if first.ended:
        return f"{_short(call)} does not end on the fix" if first.ended == "timeout" else f"{_short(call)} ends its process"
    if all(candidate.is_met(result) for result in results):
        return call, _exact(candidate, first.value)
    if candidate.raises is None and not first.ok and "generator" in (first.error or "") and not call.startswith("list("):
        return f"{_short(call)} gives a generator"
    if not first.ok:
        return f"{_short(call)} is {_short(first.error or '')} on the fix"
    if any(candidate.is_met(result) for result in results):
        return f"{_short(call)} is right in some runs only"
    if candidate.lenient and candidate.expect is not None:
        fitting = _lenient(candidate, [result.value for result in results])
        if fitting is not None:
            return call, fitting
    expected = candidate.expect if candidate.raises is None else f"raises {candidate.raises}"
    return f"{_short(call)} is {_short(repr(first.value))} on the fix, expected {_short(expected or '')}"


def _exact(candidate: Candidate, value: Any) -> Candidate:
    """Without a tolerance where the fix gives a whole number and one is expected."""
    if candidate.within is None or isinstance(value, float):
        return candidate
    same = isinstance(value, int) and same_value(value, ast.literal_eval(candidate.expect or "None"))
    return replace(candidate, within=None, expect=repr(value)) if same else candidate


def _lenient(candidate: Candidate, values: Sequence[Any]) -> Candidate | None:
    """JSON has lists where Python has tuples and sets, and perhaps other last digits of a number."""
    value, expected = values[0], ast.literal_eval(candidate.expect or "None")
    if not all(same_value(value, other) for other in values):
        return None
    text = repr(value).replace("inf", "1e999")
    size = max([number for number in _numbers(value)], default=0)
    if same_value(_listed(value), _listed(expected)):
        return replace(candidate, expect=text) if len(text) <= MAX_CALL else None
    if near(_listed(value), _listed(expected), NEAR * size):
        return replace(candidate, expect=text, within=NEAR * size) if len(text) <= MAX_CALL else None
    return None


def _listed(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_listed(each) for each in value]
    if isinstance(value, (set, frozenset)):
        return sorted((_listed(each) for each in value), key=repr)
    if isinstance(value, dict):
        return {str(key): _listed(each) for key, each in value.items()}
    return value


def _numbers(value: Any) -> list[float]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple, set)):
        return [number for each in value for number in _numbers(each)]
    return [abs(value)] if isinstance(value, (int, float)) and not isinstance(value, bool) else []


def _short(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"
