"""`dspy.GEPA`: instructions written from feedback, and kept by score."""

from __future__ import annotations

from typing import Any

import dspy

from constitution_optimizer.catalogue import CatalogueLM
from constitution_optimizer.checkpoints import IDLE_ITERATIONS, MAX_ERROR_CHARS, Checkpoints
from constitution_optimizer.setup import Setup
from constitution_worker.dspy_host import make_lm
from constitution_worker.errors import OptimizerStalled, one_line


def run(setup: Setup) -> None:
    """Raises BudgetSpent, OptimizerStalled, and JudgeRaised."""
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
    return _Reflecting(make_lm(params["reflectionLm"]))


class _Reflecting:
    """Ends GEPA where the model that reflects fails again and again. It would go on to pay for answers to learn from, and
    learn nothing, until the budget is spent."""

    def __init__(self, lm: Any) -> None:
        self._lm = lm
        self._failed = 0

    def __call__(self, prompt: str) -> Any:
        """What the model answers. Raises what it raises, and OptimizerStalled in the place of the last of so many failures."""
        try:
            answer = self._lm(prompt)
        except Exception as error:
            self._failed += 1
            if self._failed < IDLE_ITERATIONS:
                raise
            said = one_line(error)[:MAX_ERROR_CHARS]
            raise OptimizerStalled(f"the model that reflects has failed {self._failed} times in a row: {said}") from error
        self._failed = 0
        return answer
