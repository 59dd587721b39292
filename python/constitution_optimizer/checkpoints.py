"""What is left of an optimization at any moment: GEPA's own state, the best program so far, and how far it has come."""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from gepa.core.state import GEPAState

from constitution_optimizer.student import Student
from constitution_worker.errors import OptimizerStalled, OptimizerUnsaved, one_line

STATE = "gepa_state.bin"
PROGRAM = "program.json"
PROGRESS = "progress.json"

IDLE_ITERATIONS = 10
"""Iterations in a row that evaluate nothing. GEPA 0.0.4 goes on for ever where every evaluation raises."""

MAX_ERROR_CHARS = 300
"""Of the error of a pipeline: endpoints put whole pages into theirs."""


class Checkpoints:
    """Written at the beginning of every iteration, so that they hold all that was accepted before. Each file is
    replaced as a whole: a process that is killed leaves the old one or the new one."""

    def __init__(self, folder: str, student: Student, versions: dict[str, str]) -> None:
        self._folder = folder
        self._student = student
        self._versions = versions
        self._saved_best: int | None = None
        self._scores = self._scores_before()
        self._evaluations = -1
        self._idle = 0

    def _scores_before(self) -> list[list[float]]:
        """Scores of the candidates of an optimization that is gone on with."""
        try:
            with open(os.path.join(self._folder, PROGRESS), encoding="utf-8") as file:
                return [candidate["scores"] for candidate in json.load(file)["candidates"]]
        except FileNotFoundError:
            return []

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Saves in GEPA's place, which would write over its only state."""
        save, update = GEPAState.save, GEPAState.update_state_with_new_program
        GEPAState.save = lambda state, _folder: _written(Exception, self._save, state)
        # It writes the best answers down in the middle of its change: broken off there, it leaves a state of two minds.
        GEPAState.update_state_with_new_program = lambda state, *args, **named: _written(
            OSError, update, state, *args, **named
        )
        try:
            yield
        finally:
            GEPAState.save, GEPAState.update_state_with_new_program = save, update

    def _save(self, state: Any) -> None:
        best = max(range(len(state.program_candidates)), key=lambda at: (state.program_full_scores_val_set[at], -at))
        if best != self._saved_best:
            self._save_program(state.program_candidates[best])
        replace(os.path.join(self._folder, STATE), pickle.dumps(dict(state.__dict__)))
        # GEPA takes a state for one only beside this folder, which it never makes.
        os.makedirs(os.path.join(self._folder, "prog_candidates"), exist_ok=True)
        replace(os.path.join(self._folder, PROGRESS), json.dumps(self._progress(state, best)).encode())
        self._saved_best = best
        self._stop_idling(state.total_num_evals)

    def _save_program(self, candidate: dict[str, str]) -> None:
        program = self._student.deepcopy()
        for name, predictor in program.named_predictors():
            predictor.signature = predictor.signature.with_instructions(candidate[name])
        file = os.path.join(self._folder, PROGRAM)
        temporary = f"{file}.tmp.json"
        program.pipeline.save(temporary)
        os.replace(temporary, file)

    def _progress(self, state: Any, best: int) -> dict[str, Any]:
        # GEPA 0.0.4 keeps the scores of the first candidate and the best score of each bug in one list, which changes.
        self._scores += [list(scores) for scores in state.prog_candidate_val_subscores[len(self._scores) :]]
        return {
            "iteration": state.i + 1,
            "evaluations": state.total_num_evals,
            "best": best,
            "candidates": [
                {
                    "instructions": {name.removeprefix("pipeline."): text for name, text in candidate.items()},
                    "score": state.program_full_scores_val_set[at],
                    "scores": self._scores[at],
                    "parents": [parent for parent in state.parent_program_for_candidate[at] if parent is not None],
                }
                for at, candidate in enumerate(state.program_candidates)
            ],
            "front": [sorted(programs) for programs in state.program_at_pareto_front_valset],
            "versions": self._versions,
        }

    def _stop_idling(self, evaluations: int) -> None:
        self._idle = self._idle + 1 if evaluations == self._evaluations else 0
        self._evaluations = evaluations
        if self._idle >= IDLE_ITERATIONS:
            why = self._student.rollouts.last_error
            said = "" if why is None else f"; the last run of the pipeline that raised: {why[:MAX_ERROR_CHARS]}"
            raise OptimizerStalled(f"{self._idle} iterations in a row have evaluated nothing{said}")


def _written(failing: type[Exception], write: Callable[..., Any], *args: Any, **named: Any) -> Any:
    """What `write` returns. Raises OptimizerUnsaved in the place of what says that it could not be written."""
    try:
        return write(*args, **named)
    except failing as error:
        raise OptimizerUnsaved(f"what was found cannot be written down any more: {one_line(error)}") from error


def replace(file: str, content: bytes) -> None:
    """Puts the content in the place of the file, as a whole. Raises OSError."""
    temporary = f"{file}.tmp"
    with open(temporary, "wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
    os.replace(temporary, file)
