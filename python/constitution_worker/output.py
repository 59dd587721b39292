"""What a pipeline returned, as JSON that arrives in JavaScript unchanged."""

from __future__ import annotations

import json
import math
from enum import Enum
from typing import Any

MAX_OUTPUT_BYTES = 16 * 1024 * 1024
MAX_SAFE_INTEGER = 2**53 - 1
"""Beyond it JavaScript rounds, and two different outputs would compare as equal."""

MAX_DEPTH = 200


class NotJson(Exception):
    """The value cannot be sent; the text says where in the value and why."""


def to_json(value: Any) -> Any:
    """A copy made of JSON types only. Tuples become lists, enums their value, pydantic models their fields.

    Raises NotJson for NaN, infinities, integers beyond 2^53, bytes, sets, other objects, keys that are not strings,
    cycles, and anything over 16 MB.
    """
    plain = _convert(value, "output", 0)
    size = len(json.dumps(plain))
    if size > MAX_OUTPUT_BYTES:
        raise NotJson(f"output is {size} bytes of JSON; the limit is {MAX_OUTPUT_BYTES}")
    return plain


def _convert(value: Any, path: str, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise NotJson(f"output is nested deeper than {MAX_DEPTH} levels, or contains itself")
    if isinstance(value, Enum):
        return _convert(value.value, path, depth + 1)
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        if abs(value) > MAX_SAFE_INTEGER:
            raise NotJson(f"{path} is an integer beyond 2^53, which JavaScript would round")
        return int(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise NotJson(f"{path} is {value}, which JSON does not have")
        return float(value)
    if isinstance(value, dict):
        return {_key(key, path): _convert(item, f"{path}.{key}", depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_convert(item, f"{path}[{index}]", depth + 1) for index, item in enumerate(value)]
    dump = getattr(value, "model_dump", None)
    if callable(dump) and not isinstance(value, type):
        return _convert(dump(mode="json"), path, depth + 1)
    raise NotJson(f"{path} is a {type(value).__module__}.{type(value).__qualname__}")


def _key(key: Any, path: str) -> str:
    if isinstance(key, str):
        return key
    raise NotJson(f"{path} has the key {key!r}, which is not a string")
