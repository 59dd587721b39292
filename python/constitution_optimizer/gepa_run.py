"""One optimization with `dspy.GEPA`."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Callable
from typing import Any

import dspy

from constitution_optimizer.checkpoints import Checkpoints
from constitution_optimizer.metric import Judge, Metric
from constitution_optimizer.rollouts import Rollouts
from constitution_optimizer.student import Student
from constitution_worker.dspy_host import make_lm, use_lm


def optimize(build: Callable[[], Any], judge: Judge, params: dict[str, Any]) -> None:
    """Looks for better instructions, and leaves what it finds in the folder `params["folder"]`, from whose state it
    goes on where there is one. `params`: those of the worker's method `optimize`.

    Raises BudgetSpent, OptimizerStalled, and what the judge raises."""
    student = Student(build, Rollouts(params["folder"], [*params["train"], *params["validation"]]))
    versions = {name: importlib.metadata.version(name) for name in ("dspy", "gepa", "litellm")}
    checkpoints = Checkpoints(params["folder"], student, {**versions, "python": platform.python_version()})
    optimizer = dspy.GEPA(
        metric=Metric(judge, params["lm"]),
        max_metric_calls=params["maxEvaluations"],
        reflection_lm=make_lm(params["reflectionLm"]),
        reflection_minibatch_size=params["minibatch"],
        num_threads=params["threads"],
        log_dir=params["folder"],
        seed=params["seed"],
    )
    with use_lm(params["lm"]), checkpoints.in_place():
        optimizer.compile(student, trainset=_examples(params["train"]), valset=_examples(params["validation"]))


def _examples(cases: list[dict[str, Any]]) -> list[Any]:
    return [dspy.Example(**case["inputs"], case=case["case"]).with_inputs(*case["inputs"]) for case in cases]
