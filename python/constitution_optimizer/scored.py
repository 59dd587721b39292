"""What optimizers that make whole programs leave: each is scored on the validation split, and the best one is saved."""

from __future__ import annotations

import json
import os
from typing import Any

import dspy

from constitution_optimizer.checkpoints import PROGRAM, PROGRESS, replace
from constitution_optimizer.setup import Setup


class Scored:
    """Programs in the order in which they were scored; the first is the pipeline as it was."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._candidates: list[dict[str, Any]] = []
        self._best = 0
        self.add(setup.student)

    def add(self, program: Any) -> float:
        """Mean score of the program on the validation split. It is written down, and saved where it is the best so far.

        Raises BudgetSpent, and JudgeRaised."""
        params = self._setup.params
        devset = self._setup.validation
        evaluate = dspy.Evaluate(
            devset=devset,
            metric=self._setup.metric,
            num_threads=params["threads"],
            failure_score=0.0,
            max_errors=len(devset) * 100,
        )
        scores = [float(getattr(score, "score", score)) for _, _, score in evaluate(program).results]
        predictors = program.pipeline.named_predictors()
        found = {
            "instructions": {name: predictor.signature.instructions for name, predictor in predictors},
            "demos": {
                name: [dict(demo.toDict()) for demo in predictor.demos]
                for name, predictor in program.pipeline.named_predictors()
                if predictor.demos
            },
            "score": sum(scores) / len(scores),
            "scores": scores,
            "parents": [0] if self._candidates else [],
        }
        self._candidates.append(found)
        if len(self._candidates) == 1 or found["score"] > self._candidates[self._best]["score"]:
            self._best = len(self._candidates) - 1
            self._save(program)
        self._write()
        return float(found["score"])

    def _save(self, program: Any) -> None:
        file = os.path.join(self._setup.folder, PROGRAM)
        temporary = f"{file}.tmp.json"
        program.pipeline.save(temporary)
        os.replace(temporary, file)

    def _write(self) -> None:
        columns = zip(*(found["scores"] for found in self._candidates), strict=True)
        progress = {
            "iteration": len(self._candidates) - 1,
            "evaluations": sum(len(found["scores"]) for found in self._candidates),
            "best": self._best,
            "candidates": self._candidates,
            "front": [[at for at, score in enumerate(column) if score == max(column)] for column in columns],
            "versions": self._setup.versions,
        }
        replace(os.path.join(self._setup.folder, PROGRESS), json.dumps(progress, default=str).encode())
