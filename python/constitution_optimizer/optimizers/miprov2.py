"""`dspy.MIPROv2`: instructions proposed by a language model and bootstrapped demos, chosen together by Bayesian search."""

from __future__ import annotations

from typing import Any

import dspy

from constitution_optimizer.scored import Scored
from constitution_optimizer.setup import DEMOS, Setup
from constitution_worker.dspy_host import make_lm

CANDIDATES = 3
TRIALS = 6


def run(setup: Setup) -> None:
    """Raises ImportError without optuna, BudgetSpent, and JudgeRaised."""
    params = setup.params
    scored = Scored(setup)

    def score(gold: Any, answer: Any, _trace: Any = None) -> float:
        return float(setup.metric(gold, answer).score)

    optimizer = dspy.MIPROv2(
        metric=score,
        prompt_model=make_lm(params["reflectionLm"]),
        task_model=dspy.settings.lm,
        max_bootstrapped_demos=DEMOS,
        max_labeled_demos=0,
        auto=None,
        num_candidates=CANDIDATES,
        num_threads=params["threads"],
        seed=params["seed"],
        metric_threshold=1,
    )
    compiled = optimizer.compile(
        setup.student,
        trainset=setup.train,
        valset=setup.validation,
        num_trials=TRIALS,
        minibatch=False,
        requires_permission_to_run=False,
    )
    scored.add(compiled)
