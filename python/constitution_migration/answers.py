"""Answers of a language model, good and bad, and what a predictor of this version makes of each."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any, Optional, TypedDict

import dspy
import pydantic
from dspy.adapters.json_adapter import JSONAdapter

from constitution_migration.example_values import example_outputs

ADAPTERS: dict[str, Any] = {"chat": dspy.ChatAdapter, "json": JSONAdapter}
MODEL = "openai/gpt-4o-mini"
"""A name that DSPy knows as one with structured outputs; nobody is asked."""
SHOWN = 160
"""Letters of a value that are told; of a longer one its length is."""


class OneAnswerLM(dspy.BaseLM):
    """Gives the same answer to everything, and keeps how it was asked."""

    def __init__(self, answer: Optional[str]) -> None:
        super().__init__(model=MODEL, temperature=0.0, max_tokens=1000, cache=False)
        self.answer = answer
        self.requests: list[str] = []

    def forward(self, prompt: Optional[str] = None, messages: Optional[list[Any]] = None, **kwargs: Any) -> Any:
        asked_form = kwargs.get("response_format")
        self.requests.append("plain" if asked_form is None else _form(asked_form))
        message = SimpleNamespace(content=self.answer, tool_calls=None)
        return SimpleNamespace(choices=[SimpleNamespace(message=message)], usage={"total_tokens": 1}, model=MODEL)


def _form(response_format: Any) -> str:
    return str(response_format["type"]) if isinstance(response_format, dict) else "json_schema"


def answers_to(signature: Any, adapter: str) -> dict[str, Optional[str]]:
    """Answers to a signature in the form that an adapter asks for, by what they are."""
    good = {name: _plain(value) for name, value in example_outputs(signature).items()}
    names = list(good)
    wrong = {name: "neither number nor list" for name in names}
    texts = [name for name, field in signature.output_fields.items() if field.annotation is str]
    unicode_texts = {**good, **dict.fromkeys(texts, "naïve 東京 🙂 e\u0301")}
    long_texts = {**good, **dict.fromkeys(texts, "word " * 20_000)}
    write = _marked if adapter == "chat" else _json
    text = write(good)
    answers: dict[str, Optional[str]] = {
        "as it should be": text,
        "without its last field": write({name: good[name] for name in names[:-1]}),
        "with a field too many": write({**good, "unasked_for": "x"}),
        "with fields in another order": write({name: good[name] for name in reversed(names)}),
        "with values of another type": write(wrong),
        "with nulls": write({name: None for name in names}),
        "of unicode": write(unicode_texts),
        "very long": write(long_texts),
        "of prose": "I am afraid that I cannot answer this.",
        "empty": "",
        "absent": None,
        "with prose around it": f"Certainly! Here it is:\n\n{text}\n\nLet me know if you need more.",
        "cut off": text[: len(text) * 2 // 3],
        "twice": f"{text}\n\n{text}",
        "in a fence": f"```json\n{text}\n```",
        "in the form of the other adapter": (_json if adapter == "chat" else _marked)(good),
    }
    if adapter == "chat":
        answers["with marks in capitals"] = text.replace(f"## {names[0]} ##", f"## {names[0].upper()} ##")
        answers["with marks without blanks"] = text.replace("[[ ## ", "[[##").replace(" ## ]]", "##]]")
    else:
        answers["with a comma too many"] = text[:-1] + ",}"
        answers["in single quotes"] = text.replace('"', "'")
    return answers


def _marked(values: dict[str, Any]) -> str:
    written = {name: value if isinstance(value, str) else json.dumps(value) for name, value in values.items()}
    parts = [f"[[ ## {name} ## ]]\n{value}" for name, value in written.items()]
    return "\n\n".join([*parts, "[[ ## completed ## ]]"])


def _json(values: dict[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False)


def _plain(value: Any) -> Any:
    """The value as JSON knows it."""
    return json.loads(pydantic.TypeAdapter(Any).dump_json(value))


class Behavior(TypedDict):
    """`outcome`: what a predictor answers, or the kinds of error it raises, most special first. `requests`: how the LM was
    asked, in which form each time."""

    outcome: str
    requests: str


def behavior_of(signature: Any, adapter: str, inputs: dict[str, Any], answer: Optional[str]) -> Behavior:
    """What a predictor of a signature does with an answer of the LM."""
    lm = OneAnswerLM(answer)
    with dspy.context(lm=lm, adapter=ADAPTERS[adapter](), disable_history=True):
        try:
            result = dspy.Predict(signature)(**inputs)
            told = ", ".join(f"{name}={_shown(result.get(name))}" for name in signature.output_fields)
        except Exception as error:  # noqa: BLE001 - the error is what is told
            kinds = [kind.__name__ for kind in type(error).__mro__ if issubclass(kind, Exception)]
            told = f"raises {' < '.join(kinds)}"
    return {"outcome": told, "requests": ", ".join(lm.requests) or "none"}


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}… ({len(text)} letters)"
