"""The steps of a run. DSPy modules are recorded by themselves; a pipeline may add steps of its own with
`with stage("check the visible examples"): ...`."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

MAX_STAGES = 10_000
"""Later stages are not recorded: a pipeline that loops must not fill the memory with its own trace."""


_depth: ContextVar[int] = ContextVar("stage_depth", default=0)


class StageRecorder:
    """Collects the stages of one run; times in milliseconds from its creation. Safe to use from several threads."""

    def __init__(self) -> None:
        self._origin = time.perf_counter()
        self._stages: list[dict[str, Any]] = []

    def start(self, name: str) -> dict[str, Any] | None:
        """Opens a stage; None where there are too many."""
        depth = _depth.get()
        _depth.set(depth + 1)
        if len(self._stages) >= MAX_STAGES:
            return None
        now = self._now()
        opened = {"name": str(name), "depth": depth, "startMs": now, "endMs": now}
        self._stages.append(opened)
        return opened

    def end(self, opened: dict[str, Any] | None) -> None:
        """Closes what `start` returned."""
        _depth.set(max(0, _depth.get() - 1))
        if opened is not None:
            opened["endMs"] = self._now()

    def stages(self) -> list[dict[str, Any]]:
        """All stages in order of their start."""
        return sorted(self._stages, key=lambda stage: stage["startMs"])

    def _now(self) -> float:
        return round((time.perf_counter() - self._origin) * 1000, 3)


_active: StageRecorder | None = None
_of_thread: ContextVar[StageRecorder | None] = ContextVar("stage_recorder", default=None)


@contextmanager
def recording(recorder: StageRecorder) -> Iterator[None]:
    """Makes `stage` write to this recorder. One run at a time in a process, so a module global is enough, and
    unlike a context variable it reaches the threads that a pipeline starts."""
    global _active
    _active = recorder
    _depth.set(0)
    try:
        yield
    finally:
        _active = None


@contextmanager
def recording_here(recorder: StageRecorder) -> Iterator[None]:
    """As `recording`, for one of several runs that a process makes at the same time: it reaches this thread only."""
    before = _of_thread.set(recorder)
    depth = _depth.set(0)
    try:
        yield
    finally:
        _depth.reset(depth)
        _of_thread.reset(before)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Records a step of the pipeline under `name`. Outside a run it does nothing."""
    recorder = _of_thread.get() or _active
    if recorder is None:
        yield
        return
    opened = recorder.start(name)
    try:
        yield
    finally:
        recorder.end(opened)
