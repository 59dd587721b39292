"""What the runs of an optimized pipeline did, for the articles that a violated budget starts."""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
from collections.abc import Callable
from typing import Any

import dspy

from constitution_worker.dspy_host import StageCallback, calls_of_rollout
from constitution_worker.errors import BudgetSpent, one_line
from constitution_worker.stages import StageRecorder, recording_here

ROLLOUTS = "rollouts.jsonl"
MAX_BYTES = 8 * 1024 * 1024
"""Beyond it the file begins anew: the last runs are what is looked at, and an optimizer may run for days."""


class Rollouts:
    """Runs programs, and writes down one line a run. Several threads use one, and copies of a program share it."""

    def __init__(self, folder: str, cases: list[dict[str, Any]]) -> None:
        self._file = os.path.join(folder, ROLLOUTS)
        self._cases = {_key(case["inputs"]): case["case"] for case in cases}
        self._lock = threading.Lock()
        self._count = 0
        self._session = f"{os.getpid()}-{time.time_ns()}"
        self.last_error: str | None = None
        """Of the run that raised last: optimizers swallow it."""

    def __deepcopy__(self, _memo: dict[int, Any]) -> Rollouts:
        return self

    def run(self, program: Callable[..., Any], inputs: dict[str, Any]) -> Any:
        """What the program answers. Raises what it raises."""
        with self._lock:
            self._count += 1
            name = f"{self._session}-{self._count}"
        recorder = StageRecorder()
        end: dict[str, Any] = {"error": None, "cut": False, "output": None}
        cpu, wall = time.thread_time(), time.perf_counter()
        callbacks = [*dspy.settings.get("callbacks", []), StageCallback(recorder)]
        try:
            with calls_of_rollout(name), recording_here(recorder), dspy.context(callbacks=callbacks):
                answer = program(**inputs)
            end["output"] = answer.toDict() if isinstance(answer, dspy.Prediction) else answer
            return answer
        except BaseException as error:
            # A run that its budget or its end cuts off says nothing of how it would have gone on.
            self.last_error = one_line(error)
            end |= {"error": self.last_error, "cut": isinstance(error, BudgetSpent) or not isinstance(error, Exception)}
            raise
        finally:
            end["cpuMs"] = round((time.thread_time() - cpu) * 1000, 3)
            end["wallMs"] = round((time.perf_counter() - wall) * 1000, 3)
            stages = [stage["name"] for stage in recorder.stages()]
            line = {"name": name, "case": self._cases.get(_key(inputs)), "program": _fingerprint(program)}
            self._write({**line, "stages": stages, **end})

    def _write(self, line: dict[str, Any]) -> None:
        """A run is not lost for want of its line: what cannot be written down is not judged."""
        try:
            text = json.dumps(line, default=str)
            with self._lock, open(self._file, "ab") as file:
                if file.tell() > MAX_BYTES:
                    file.truncate(0)
                file.write(f"{text}\n".encode())
        except (OSError, ValueError):
            return


def _fingerprint(program: Any) -> str:
    """SHA-256 over what optimizers change: the same for the program that is saved, read from its file."""
    states = {name: predictor.dump_state() for name, predictor in program.named_predictors()}
    changed = {name: [state["signature"]["instructions"], state["demos"]] for name, state in states.items()}
    text = json.dumps(changed, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _key(inputs: dict[str, Any]) -> str:
    return json.dumps(inputs, sort_keys=True, default=str)
