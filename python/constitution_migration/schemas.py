"""Every signature of some modules, as this version of DSPy sees it: fields, the prompts that adapters make of them, and what
comes of answers that are not as they should be. JSON-safe, so that two versions can be compared.

Unlike the rest of this package it imports what it is told to.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any, TypedDict

import dspy

from constitution_migration.answers import ADAPTERS, Behavior, answers_to, behavior_of
from constitution_migration.example_values import example_inputs, example_outputs

UNICODE = "naïve 東京 🙂 \u202eright-to-left\u202c e\u0301 \u0000 end"
LONG = "word " * 20_000


class Field(TypedDict):
    name: str
    direction: str
    type: str
    description: str
    prefix: str


class SignatureFacts(TypedDict):
    """`prompts`: by adapter and form, the messages; `behaviors`: by adapter and case, what came of it."""

    instructions: str
    fields: list[Field]
    prompts: dict[str, str]
    behaviors: dict[str, Behavior]


def schemas_of(modules: list[str], folders: list[str]) -> dict[str, SignatureFacts]:
    """The signatures that the modules (with those below them) define, by `module.Name`. Raises what importing them raises."""
    sys.path[:0] = folders
    found: dict[str, SignatureFacts] = {}
    for name in modules:
        for module in _with_submodules(importlib.import_module(name)):
            for signature in _defined_in(module):
                found[f"{module.__name__}.{signature.__qualname__}"] = facts(signature)
    return dict(sorted(found.items()))


def _with_submodules(module: ModuleType) -> Iterator[ModuleType]:
    yield module
    for _, name, _ in pkgutil.walk_packages(getattr(module, "__path__", []), f"{module.__name__}."):
        if ".tests" not in name and not name.endswith("__main__"):
            yield importlib.import_module(name)


def _defined_in(module: ModuleType) -> Iterator[Any]:
    for value in vars(module).values():
        if inspect.isclass(value) and issubclass(value, dspy.Signature) and value.__module__ == module.__name__:
            yield value


def facts(signature: Any) -> SignatureFacts:
    """What there is to know of a signature."""
    return {
        "instructions": signature.instructions,
        "fields": [
            *(_field(name, "input", field) for name, field in signature.input_fields.items()),
            *(_field(name, "output", field) for name, field in signature.output_fields.items()),
        ],
        "prompts": _prompts(signature),
        "behaviors": _behaviors(signature),
    }


def _field(name: str, direction: str, field: Any) -> Field:
    extra = field.json_schema_extra or {}
    annotation = field.annotation
    return {
        "name": name,
        "direction": direction,
        "type": annotation.__name__ if isinstance(annotation, type) and not _is_generic(annotation) else str(annotation),
        "description": str(extra.get("desc", "")),
        "prefix": str(extra.get("prefix", "")),
    }


def _is_generic(annotation: Any) -> bool:
    return bool(getattr(annotation, "__args__", None))


def _prompts(signature: Any) -> dict[str, str]:
    inputs, outputs = example_inputs(signature), example_outputs(signature)
    forms: dict[str, tuple[list[Any], dict[str, Any]]] = {
        "plain": ([], inputs),
        "with a worked example": ([{**inputs, **outputs}], inputs),
        "with an incomplete example": ([dict(list({**inputs, **outputs}.items())[1:])], inputs),
        "unicode": ([], _texts(signature, inputs, UNICODE)),
        "very long": ([], _texts(signature, inputs, LONG)),
    }
    return {
        f"{adapter}, {form}": _rendered(ADAPTERS[adapter](), signature, demos, given)
        for adapter in ADAPTERS
        for form, (demos, given) in forms.items()
    }


def _texts(signature: Any, inputs: dict[str, Any], text: str) -> dict[str, Any]:
    """The inputs, with another value wherever a text is asked for."""
    return {name: text if signature.input_fields[name].annotation is str else value for name, value in inputs.items()}


def _rendered(adapter: Any, signature: Any, demos: list[Any], inputs: dict[str, Any]) -> str:
    try:
        messages = adapter.format(signature, demos, inputs)
    except Exception as error:  # noqa: BLE001 - that it cannot be rendered is what is told
        return f"{type(error).__name__}"
    return "\n".join(f"<{message['role']}>\n{message['content']}" for message in messages).replace(LONG, "<very long>")


def _behaviors(signature: Any) -> dict[str, Behavior]:
    inputs = example_inputs(signature)
    found: dict[str, Behavior] = {}
    for adapter in ADAPTERS:
        for case, answer in answers_to(signature, adapter).items():
            found[f"{adapter}, answer {case}"] = behavior_of(signature, adapter, inputs, answer)
        good = answers_to(signature, adapter)["as it should be"]
        (first, *_) = inputs
        given = {
            "without its first input": {name: value for name, value in inputs.items() if name != first},
            "with an input too many": {**inputs, "unasked_for": "x"},
            "with an input that is None": {**inputs, first: None},
            "with texts of unicode": _texts(signature, inputs, UNICODE),
            "with very long texts": _texts(signature, inputs, LONG),
        }
        for case, values in given.items():
            found[f"{adapter}, call {case}"] = behavior_of(signature, adapter, values, good)
    return found
