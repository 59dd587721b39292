"""What every optimizer is given: the pipeline, its metric, its examples and the folder of its result."""

from __future__ import annotations

import importlib
import importlib.metadata
import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import dspy

from constitution_optimizer.metric import Judge, Metric
from constitution_optimizer.rollouts import Rollouts
from constitution_optimizer.student import Student
from constitution_worker.dspy_host import use_lm

DEMOS = 2
"""Worked examples that an optimizer may give a predictor: as many as the reference pipelines show, so that the prompt does
not grow."""

Labels = Callable[[str], dict[str, list[dict[str, Any]]]]
"""`labels(case) -> inputs and output of predictors, by the path of the predictor`, of a bug of the train split."""


@dataclass(frozen=True)
class Setup:
    """One optimization. `params`: those of the worker's method `optimize`."""

    student: Student
    metric: Metric
    train: list[Any]
    validation: list[Any]
    folder: str
    versions: dict[str, str]
    params: dict[str, Any]
    labeler: Labels | None

    def labels(self) -> dict[str, list[Any]]:
        """Labelled examples of the train split by predictor. Raises ValueError where there are none."""
        found: dict[str, list[Any]] = {}
        for case in self.train if self.labeler else ():
            for name, examples in self.labeler(case.case).items():
                found.setdefault(name, []).extend(dspy.Example(**fields) for fields in examples)
        if not found:
            raise ValueError(f"{self.params['judge'].split(':')[0]}:labels names no example of the train split")
        return found


def optimize(build: Callable[[], Any], judge: Judge, params: dict[str, Any]) -> None:
    """Has the optimizer `params["optimizer"]` look for a better program. What it finds is in the folder
    `params["folder"]`, from whose state it goes on where there is one.

    Raises ImportError where the environment does not have the optimizer, BudgetSpent, OptimizerStalled, and
    JudgeRaised."""
    optimizer = importlib.import_module(f"constitution_optimizer.optimizers.{params['optimizer']}")
    versions = {name: importlib.metadata.version(name) for name in ("dspy", "gepa", "litellm")}
    setup = Setup(
        student=Student(build, Rollouts(params["folder"], [*params["train"], *params["validation"]])),
        metric=Metric(judge, params["lm"]),
        train=_examples(params["train"]),
        validation=_examples(params["validation"]),
        folder=params["folder"],
        versions={**versions, "python": platform.python_version()},
        params=params,
        labeler=getattr(sys.modules[judge.__module__], "labels", None),
    )
    with use_lm(params["lm"]):
        optimizer.run(setup)


class _BugExample(dspy.Example):  # type: ignore[misc]
    """A bug as optimizers get it, with its folder for the judge. Its text is what the pipeline is told and no more: MIPROv2
    shows it to a model, and with a path of this machine no other machine could replay that."""

    def __repr__(self) -> str:
        return f"Example({self.inputs().toDict()})"


def _examples(cases: list[dict[str, Any]]) -> list[Any]:
    return [_BugExample(**case["inputs"], case=case["case"]).with_inputs(*case["inputs"]) for case in cases]
