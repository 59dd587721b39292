"""A value for each field of a signature, by its type; the same in every version."""

from __future__ import annotations

import enum
import types
from typing import Any, Literal, Union, get_args, get_origin

import pydantic

SIMPLE: dict[Any, Any] = {int: 3, float: 0.5, bool: True, bytes: b"bytes", Any: "anything", type(None): None}


def example_inputs(signature: Any) -> dict[str, Any]:
    return {name: example_of(field.annotation, name) for name, field in signature.input_fields.items()}


def example_outputs(signature: Any) -> dict[str, Any]:
    return {name: example_of(field.annotation, name) for name, field in signature.output_fields.items()}


def example_of(annotation: Any, name: str) -> Any:
    """A value of a type; a text with the name where the type is not known."""
    if annotation in SIMPLE:
        return SIMPLE[annotation]
    arguments = get_args(annotation)
    origin = get_origin(annotation)
    if origin is Literal:
        return arguments[0]
    if origin in (Union, types.UnionType):
        return example_of(arguments[0], name)
    if origin in (list, set, frozenset):
        return origin([example_of(arguments[0], name)])
    if origin is tuple:
        return tuple(example_of(argument, name) for argument in arguments if argument is not ...)
    if origin is dict:
        return {example_of(arguments[0], "key"): example_of(arguments[1], name)}
    if annotation in (list, dict):
        return annotation()
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return next(iter(annotation))
    if isinstance(annotation, type) and issubclass(annotation, pydantic.BaseModel):
        return annotation(**{key: example_of(field.annotation, key) for key, field in annotation.model_fields.items()})
    return f"text of {name}"
