"""Test cases as JSON: one array a line, `[inputs, expected]`."""

from __future__ import annotations

import json
import math
from typing import Any

from .candidates import Candidate, Extracted, Left, is_readable

MAX_LINES = 2000


def json_cases(text: str, path: str, entry: str) -> Extracted:
    """A candidate for each line; inputs that are no list are the only argument. Calls of generators are offered as the
    list of what they yield."""
    found = Extracted()
    for number, line in enumerate(text.splitlines()[:MAX_LINES], 1):
        where = f"{path}:{number}"
        if not line.strip():
            continue
        try:
            case = json.loads(line, parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            found.left.append(Left(where, f"it is no JSON: {error}"[:200]))
            continue
        if not isinstance(case, list) or len(case) != 2:
            found.left.append(Left(where, "it is no array of inputs and what is expected"))
            continue
        inputs = case[0] if isinstance(case[0], list) else [case[0]]
        call = f"{entry}({', '.join(map(_literal, inputs))})"
        texts = [each for each in (call, f"list({call})") if is_readable(each)]
        expected = _literal(case[1])
        if texts and len(expected) < len(text) + 8 and is_readable(expected):
            found.candidates.append(Candidate(texts, where, expect=expected, lenient=True))
        else:
            found.left.append(Left(where, "it is too long for a hidden test"))
    return found


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no number of JSON")


def _literal(value: Any) -> str:
    if isinstance(value, float) and math.isinf(value):
        return "1e999" if value > 0 else "-1e999"
    if isinstance(value, list):
        return "[" + ", ".join(map(_literal, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_literal(each)}" for key, each in value.items()) + "}"
    return repr(value)
