"""`dspy.BootstrapFewShot`: worked examples are calls of the pipeline's own that led to a right answer."""

from __future__ import annotations

from typing import Any

import dspy

from constitution_optimizer.scored import Scored
from constitution_optimizer.setup import DEMOS, Setup


def run(setup: Setup) -> None:
    """Raises BudgetSpent, and JudgeRaised."""
    scored = Scored(setup)

    def right(gold: Any, answer: Any, _trace: Any = None) -> bool:
        return float(setup.metric(gold, answer).score) >= 1

    optimizer = dspy.BootstrapFewShot(
        metric=right, max_bootstrapped_demos=DEMOS, max_labeled_demos=0, max_errors=len(setup.train) * 100
    )
    scored.add(optimizer.compile(setup.student, trainset=setup.train))
