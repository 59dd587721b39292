"""Demos that an optimizer chose, for predictors whose pipeline passes demos of its own with every call."""

from __future__ import annotations

import os
from typing import Any

import dspy


class OwnDemos(dspy.Predict):  # type: ignore[misc]
    """`dspy.Predict` that shows the demos it holds, and not those that come with a call, which DSPy prefers."""

    def forward(self, **inputs: Any) -> Any:
        """As `dspy.Predict.forward`."""
        return super().forward(**{**inputs, "demos": self.demos})


def prefer_own_demos(pipeline: Any) -> None:
    """From now on predictors of the pipeline that hold demos show these. One without demos, or of a class of its own,
    stays as it is."""
    for _, predictor in pipeline.named_predictors():
        if predictor.demos and type(predictor) is dspy.Predict:
            predictor.__class__ = OwnDemos


def load_program(pipeline: Any, file: str | os.PathLike[str]) -> Any:
    """The pipeline with the instructions and demos of a program that an optimizer saved. Raises OSError or ValueError
    where the file cannot be read."""
    pipeline.load(os.fspath(file))
    prefer_own_demos(pipeline)
    return pipeline
