"""The metric that an optimizer is given: a project's judge, asked once for each answer, and counted by the gateway."""

from __future__ import annotations

import json
import re
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import dspy

from constitution_worker.errors import BudgetSpent, OptimizerStalled, one_line

REFUSED_FOR_A_BUDGET = 402

Judge = Callable[[str, dict[str, Any], Any], tuple[float, str]]
"""`judge(case, inputs, output) -> (score in 0..1, what a reader should know of it)`; `case` is the folder of a bug."""


class JudgeRaised(OptimizerStalled):
    """Raised in the place of what a judge raises. Not an `Exception`: optimizers take one for a wrong answer, and would pay
    for more answers that nobody can judge."""

    code = "CX-OPTIMIZE-JUDGE"


class Metric:
    """Scores answers. GEPA asks a second time for the feedback of an answer: it must be the same, and costs nothing."""

    def __init__(self, judge: Judge, target: dict[str, Any]) -> None:
        self._judge = judge
        self._target = target
        self._known: dict[str, tuple[float, str]] = {}
        self._lock = threading.Lock()

    def __call__(self, gold: Any, answer: Any, trace: Any = None, pred_name: Any = None, pred_trace: Any = None) -> Any:
        """`score` and `feedback` of an answer. Raises BudgetSpent, and JudgeRaised where the judge raises or answers what is
        no score."""
        output = answer.toDict() if isinstance(answer, dspy.Prediction) else answer
        key = json.dumps([gold.case, output], sort_keys=True, default=str)
        with self._lock:
            known = self._known.get(key)
        if known is None:
            self._count()
            known = self._judged(gold.case, dict(gold.inputs()), output)
            with self._lock:
                self._known[key] = known
        return dspy.Prediction(score=known[0], feedback=known[1])

    def _judged(self, case: str, inputs: dict[str, Any], output: Any) -> tuple[float, str]:
        try:
            score, feedback = self._judge(case, inputs, output)
            if not 0 <= score <= 1:
                raise ValueError(f"the score {score} is none in 0..1")
            return float(score), str(feedback)
        except Exception as error:
            # With the place in the judge, which the cause alone would not show.
            told = JudgeRaised(f"the judge raised {one_line(error)}")
            own = getattr(error, "code", None)
            if isinstance(own, str) and own.startswith("CX-"):
                told.code = own
            raise told.with_traceback(error.__traceback__) from error

    def _count(self) -> None:
        """Has the gateway count one scored answer."""
        request = urllib.request.Request(  # noqa: S310 - the gateway's own address
            f"{self._target['baseUrl']}/metric-calls",
            method="POST",
            headers={"Authorization": f"Bearer {self._target['token']}"},
        )
        try:
            # No proxy: it is on loopback.
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request).close()
        except urllib.error.HTTPError as error:
            if error.code != REFUSED_FOR_A_BUDGET:
                raise
            told = json.loads(error.read())["error"]
            message = re.sub(r"^CX-[A-Z-]+: ", "", told["message"]).split("\n")[0]
            raise BudgetSpent(told["code"], message) from error
