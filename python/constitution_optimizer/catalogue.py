"""A reflector that is no language model: it answers GEPA's reflection requests from a reviewed catalogue."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import dspy

NAME = "catalogue"

_INSTRUCTION = re.compile(r"```\n(.*?)\n```", re.DOTALL)
_FEEDBACK = re.compile(r"^## Feedback\n(.*?)(?=^# Example \d+\n|^```$|\Z)", re.DOTALL | re.MULTILINE)


class CatalogueLM(dspy.BaseLM):  # type: ignore[misc]
    """Answers a request for a better instruction with the present one and a fragment of the catalogue.

    `kinds`: failure kinds of a role, each `{kind, feedback, fragments}`; a kind is found where the feedback contains one of
    its texts. A kind that is found more often is answered more often; which fragment it is depends on the seed and the
    request alone. It asks nobody and costs nothing, and knows no more than what was written into the catalogue.
    """

    def __init__(self, kinds: Sequence[dict[str, Any]], seed: int) -> None:
        super().__init__(model=NAME)
        self._kinds = list(kinds)
        self._seed = seed

    def forward(self, prompt: Any = None, messages: Any = None, **_kwargs: Any) -> Any:
        """The answer in OpenAI's form. Raises ValueError where the request holds no instruction, so is none of GEPA's."""
        text = str(prompt or (messages or [{}])[-1].get("content", ""))
        content = f"```\n{self._propose(text)}\n```"
        usage = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
        choice = SimpleNamespace(message=SimpleNamespace(content=content), finish_reason="stop")
        return SimpleNamespace(choices=[choice], usage=usage, model=NAME)

    def _propose(self, request: str) -> str:
        found = _INSTRUCTION.search(request)
        if found is None:
            raise ValueError("the catalogue answers requests for instructions only, and this one holds none")
        current = found[1].strip()
        feedback = _FEEDBACK.findall(request, found.end())
        choices = [
            (proposal, times)
            for kind in self._kinds
            if (times := sum(any(text in said for text in kind["feedback"]) for said in feedback))
            for fragment in kind["fragments"]
            if (proposal := _with_fragment(current, fragment)) != current
        ]
        if not choices:
            return current
        draw = random.Random(f"{self._seed}\n{request}")  # noqa: S311 - a choice, no secret
        proposals, weights = zip(*choices, strict=True)
        return str(draw.choices(proposals, weights)[0])


def _with_fragment(current: str, fragment: dict[str, str]) -> str:
    """`instead` takes the place of an instruction, `add` is put at its end unless it is there."""
    if "instead" in fragment:
        return fragment["instead"]
    return current if fragment["add"] in current else f"{current} {fragment['add']}"
