"""`dspy.GEPA`: instructions written from feedback, and kept by score."""

from __future__ import annotations

from typing import Any

import dspy

from constitution_optimizer.catalogue import CatalogueLM
from constitution_optimizer.checkpoints import Checkpoints
from constitution_optimizer.setup import Setup
from constitution_worker.dspy_host import make_lm


def run(setup: Setup) -> None:
    """Raises BudgetSpent, OptimizerStalled, and what the judge raises."""
    params = setup.params
    checkpoints = Checkpoints(setup.folder, setup.student, setup.versions)
    optimizer = dspy.GEPA(
        metric=setup.metric,
        max_metric_calls=params["maxEvaluations"],
        reflection_lm=_reflector(params),
        reflection_minibatch_size=params["minibatch"],
        num_threads=params["threads"],
        log_dir=setup.folder,
        seed=params["seed"],
    )
    with checkpoints.in_place():
        optimizer.compile(setup.student, trainset=setup.train, valset=setup.validation)


def _reflector(params: dict[str, Any]) -> Any:
    if params["catalogue"] is not None:
        return CatalogueLM(params["catalogue"], params["seed"])
    return make_lm(params["reflectionLm"])
