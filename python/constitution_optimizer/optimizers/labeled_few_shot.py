"""`dspy.LabeledFewShot`: worked examples taken from the train split at random. It asks no language model."""

from __future__ import annotations

from typing import Any

import dspy

from constitution_optimizer.scored import Scored
from constitution_optimizer.setup import DEMOS, Setup


class _Alone(dspy.Module):  # type: ignore[misc]
    """One predictor as a program: LabeledFewShot gives every predictor of a program the same examples, and those of a
    pipeline have different fields."""

    def __init__(self, predictor: Any) -> None:
        super().__init__()
        self.predictor = predictor


def run(setup: Setup) -> None:
    """Raises ValueError where the judge's module labels nothing, BudgetSpent, and JudgeRaised."""
    labels = setup.labels()
    scored = Scored(setup)
    program = setup.student.deepcopy()
    for name, predictor in program.pipeline.named_predictors():
        if name in labels:
            compiled = dspy.LabeledFewShot(k=DEMOS).compile(_Alone(predictor), trainset=labels[name])
            predictor.demos = compiled.predictor.demos
    scored.add(program)
