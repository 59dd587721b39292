"""A pipeline as optimizers need it: callable from several threads, its predictors in one place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import dspy

from constitution_optimizer.own_demos import prefer_own_demos
from constitution_optimizer.rollouts import Rollouts


class Student(dspy.Module):  # type: ignore[misc]
    """Calls a pipeline that is built anew for each call, with the instructions and demos of this one's predictors.

    A pipeline may keep the state of a run in objects that its copies share, and optimizers call one program from
    several threads.
    """

    def __init__(self, build: Callable[[], Any], rollouts: Rollouts) -> None:
        super().__init__()
        self.build = build
        self.rollouts = rollouts
        self.pipeline = build()

    def forward(self, **inputs: Any) -> Any:
        """What the pipeline answers. Raises what it raises."""
        fresh = self.build()
        own = dict(self.pipeline.named_predictors())
        for name, predictor in fresh.named_predictors():
            predictor.signature = own[name].signature
            predictor.demos = own[name].demos
        prefer_own_demos(fresh)
        trace = dspy.settings.trace
        before = 0 if trace is None else len(trace)
        answer = self.rollouts.run(fresh, inputs)
        if trace is not None:
            # BootstrapFewShot knows predictors by identity, and a pipeline may have called copies.
            trace[before:] = [(_same(predictor, own), *rest) for predictor, *rest in trace[before:]]
        return answer


def _same(called: Any, own: dict[str, Any]) -> Any:
    """The predictor that was called as a copy, by its signature."""
    return next((predictor for predictor in own.values() if predictor.signature.equals(called.signature)), called)
