"""`Assert` and `Suggest` with the meaning they had until DSPy 2.5, on what DSPy has today: `dspy.BestOfN` and a reward.

    from constitution_assertions import Assert, Asserted, Suggest

    class Answer(dspy.Module):
        def forward(self, question):
            answer = self.predict(question=question).answer
            Assert(len(answer) < 100, "Answer in fewer than 100 letters.")
            Suggest(answer.endswith("."), "End with a full stop.")
            return dspy.Prediction(answer=answer)

    program = Asserted(Answer(), retries=2)

A condition that fails ends the attempt. The next one tells the predictor that was called last what was wrong, in an input
field `hint_` as `dspy.Refine` does; no LM call is spent on that. Runs in DSPy 2.6 and 3.0.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Literal, Optional

import dspy

__all__ = ["Assert", "Asserted", "AssertionFailed", "AssertionReport", "Suggest", "Violation"]

Kind = Literal["assert", "suggest"]

HINT = "hint_"
STOPPED = -1.0
"""Reward of an attempt that a failed condition ended; any that came to its end is better."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Violation:
    """A condition that failed. `attempt` counts from 0; `signature` names what the predictor asked that was called last,
    None where none was."""

    kind: Kind
    message: str
    attempt: int
    signature: Optional[str]


@dataclass
class AssertionReport:
    """What happened in one run of an `Asserted` module: attempts begun, and every condition that failed."""

    attempts: int = 0
    violations: list[Violation] = field(default_factory=list)

    def counts(self) -> Counter[tuple[Kind, str]]:
        """How often each condition failed, by kind and message."""
        return Counter((violation.kind, violation.message) for violation in self.violations)


class AssertionFailed(AssertionError):
    """A condition of `Assert` did not hold in the last attempt, or outside of an `Asserted` module."""

    def __init__(self, message: str, report: AssertionReport) -> None:
        super().__init__(message)
        self.report = report


def Assert(condition: object, message: str) -> None:  # noqa: N802 - the name it always had
    """Where the condition is false, the run is tried again with the message as feedback; raises AssertionFailed after the
    last attempt."""
    _check(condition, message, "assert")


def Suggest(condition: object, message: str) -> None:  # noqa: N802
    """Where the condition is false, the run is tried again with the message as feedback; after the last attempt it goes on
    with a warning."""
    _check(condition, message, "suggest")


class Asserted(dspy.Module):
    """A module whose `Assert` and `Suggest` are kept: `inputs -> what the module returns`.

    `retries`: attempts after the first (0 or more). `on_run` is told about each run, also about one that failed. Raises
    AssertionFailed, and what the module itself raises.
    """

    def __init__(
        self, module: dspy.Module, *, retries: int = 2, on_run: Optional[Callable[[AssertionReport], None]] = None
    ) -> None:
        super().__init__()
        if retries < 0:
            raise ValueError(f"retries is {retries}, and must not be negative")
        self.module = module
        self.retries = retries
        self._on_run = on_run

    def forward(self, **inputs: Any) -> Any:
        run = _Run(self.retries)
        best = dspy.BestOfN(
            module=_Attempt(self.module, run),
            N=self.retries + 1,
            reward_fn=lambda _inputs, prediction: prediction.reward,
            threshold=1.0,
        )
        try:
            outcome = best(**inputs)
            if run.error is not None:
                raise run.error
            if outcome.reward == STOPPED:
                raise AssertionFailed(run.report.violations[-1].message, run.report)
            return outcome.result
        finally:
            if self._on_run is not None:
                self._on_run(run.report)


class _Stop(AssertionError):
    """Ends an attempt."""


class _Run:
    """What the attempts of one run share; `dspy.BestOfN` copies its module for each, and this must not be copied."""

    def __init__(self, retries: int) -> None:
        self.retries = retries
        self.report = AssertionReport()
        self.hints: dict[Any, list[str]] = {}
        self.error: Optional[Exception] = None

    def __deepcopy__(self, memo: dict[int, Any]) -> _Run:
        return self

    @property
    def is_last(self) -> bool:
        return self.report.attempts > self.retries

    def violated(self, kind: Kind, message: str) -> None:
        trace = dspy.settings.trace or []
        signature = trace[-1][0].signature if trace else None
        name = None if signature is None else str(getattr(signature, "__name__", signature))
        self.report.violations.append(Violation(kind, message, self.report.attempts - 1, name))
        hints = self.hints.setdefault(signature, [])
        if message not in hints:
            hints.append(message)
        if kind == "assert" or not self.is_last:
            raise _Stop(message)
        log.warning("a suggestion was not followed: %s", message)


CURRENT: ContextVar[Optional[_Run]] = ContextVar("constitution_assertions_run", default=None)


def _check(condition: object, message: str, kind: Kind) -> None:
    if condition:
        return
    run = CURRENT.get()
    if run is not None:
        run.violated(kind, message)
    elif kind == "assert":
        raise AssertionFailed(message, AssertionReport(violations=[Violation(kind, message, 0, None)]))
    else:
        log.warning("a suggestion was not followed: %s", message)


class _Attempt(dspy.Module):
    """One attempt: `inputs -> result, reward`. An error of the module's own ends the run: `dspy.BestOfN` would hide it."""

    def __init__(self, module: dspy.Module, run: _Run) -> None:
        super().__init__()
        self.module = module
        self.run = run

    def forward(self, **inputs: Any) -> dspy.Prediction:
        before = len(self.run.report.violations)
        self.run.report.attempts += 1
        token = CURRENT.set(self.run)
        try:
            with _hinted(self.run.hints):
                result = self.module(**inputs)
        except _Stop:
            return dspy.Prediction(result=None, reward=STOPPED)
        except Exception as error:  # noqa: BLE001 - raised again by the run
            self.run.error = error
            return dspy.Prediction(result=None, reward=1.0)
        finally:
            CURRENT.reset(token)
        broken = len(self.run.report.violations) - before
        return dspy.Prediction(result=result, reward=1.0 / (1 + broken))


@contextmanager
def _hinted(hints: dict[Any, list[str]]) -> Iterator[None]:
    """Tells predictors what was wrong before: those that were called last, or all where none had been."""
    if not hints:
        yield
        return
    adapter = dspy.settings.adapter or dspy.ChatAdapter()

    class HintedAdapter(type(adapter)):  # type: ignore[misc]
        def __call__(self, lm: Any, lm_kwargs: Any, signature: Any, demos: Any, inputs: Any) -> Any:
            told = [*hints.get(signature, ()), *hints.get(None, ())]
            if told:
                hint = dspy.InputField(desc="What was wrong with an earlier answer")
                signature = signature.append(HINT, hint, type_=str)
                inputs = {**inputs, HINT: "\n".join(told)}
            return adapter(lm, lm_kwargs, signature, demos, inputs)

    wrapper = HintedAdapter.__new__(HintedAdapter)
    wrapper.__dict__.update(adapter.__dict__)
    with dspy.context(adapter=wrapper):
        yield
