"""Starts a confined process, feeds it, watches its limits, and kills it with all it has started."""

from __future__ import annotations

import marshal
import os
import selectors
import signal
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal

from . import process_start
from .confined_command import DISK_BYTES, Refused, command

START_SECONDS = 30.0
"""Until the program runs. Generous, because a loaded machine is no reason for a verdict."""

MODES = ("namespaces", "bubblewrap", "off")


class SandboxUnavailable(Exception):
    """The kernel offers no isolation, and nobody has switched it off by name."""

    code = "CX-SANDBOX-UNAVAILABLE"


@dataclass(frozen=True)
class Program:
    """What to run, and its limits in seconds and bytes: the script `source`, or `programs`, each a source with the
    expressions to evaluate in it. Time and output are limited for each program."""

    source: str
    stdin: str
    files: dict[str, str]
    timeout_s: float
    memory_bytes: int
    output_limit: int
    programs: list[tuple[str, list[str]]] | None = None
    marker: str = ""

    @property
    def count(self) -> int:
        return 1 if self.programs is None else len(self.programs)


@dataclass
class Ending:
    """How it ended. `exit_code` is None where a signal or a limit ended it. `begun` counts the programs that did."""

    exit_code: int | None = None
    stopped: Literal["timeout", "output"] | None = None
    stdout: bytes = b""
    stderr: bytes = b""
    result: bytes = b""
    begun: int = 0
    duration_ms: float = 0.0


_works: str | None = None
"""The mode that has worked in this process; the others are not tried any more."""


def execute(program: Program) -> Ending:
    """Raises SandboxUnavailable, ValueError (an unknown CONSTITUTION_SANDBOX)."""
    global _works
    chosen = os.environ.get("CONSTITUTION_SANDBOX", "")
    if chosen and chosen not in MODES:
        raise ValueError(f"CONSTITUTION_SANDBOX is {chosen!r}; it may be {', '.join(MODES)}")
    refusals = []
    for mode in (chosen,) if chosen else (_works,) if _works else ("namespaces", "bubblewrap"):
        try:
            ending = _execute(program, mode)
        except Refused as refusal:
            refusals.append(f"{mode}: {refusal}")
        else:
            if not chosen:
                _works = mode
            return ending
    raise SandboxUnavailable(
        "Code written by an LM is not run, because the kernel offers no isolation for it "
        f"({'; '.join(refusals)}). Install bubblewrap, or allow unprivileged user namespaces."
    )


def _execute(program: Program, mode: str) -> Ending:
    if mode == "off":
        with tempfile.TemporaryDirectory(prefix="sandbox-off-") as folder:
            return _Confined(program, mode, folder).run()
    if mode == "namespaces" and process_start.is_warm():
        try:
            return _Confined(program, mode, None, warm=True).run()
        except process_start.TemplateLost:
            pass  # no verdict on the program, which has left nothing behind
        except Refused:
            process_start.give_up_warmth()  # a kernel may refuse `clone` and allow `unshare`
    return _Confined(program, mode, None).run()


@dataclass
class _Confined:
    """One execution."""

    program: Program
    mode: str
    folder: str | None
    warm: bool = False
    """Forked from the template, not started as an interpreter of its own."""
    ending: Ending = field(default_factory=Ending)
    started: float | None = None
    turn: float = 0.0
    """When the program began whose turn it is."""
    status_text: bytes = b""

    def run(self) -> Ending:
        """Raises Refused, process_start.TemplateLost."""
        with process_start.Pipes() as pipes:
            try:
                start = process_start.warm if self.warm else process_start.fresh
                process = start(command(self.mode, "template" if self.warm else "launcher"), pipes)
            except OSError as error:
                raise Refused(str(error)) from error
            try:
                pipes.close_theirs()
                self._feed(pipes)
                self._watch(pipes)
            finally:
                told = process.end()
        if not told and (self.ending.stopped is None or self.started is None):
            raise process_start.TemplateLost
        self._conclude()
        return self.ending

    def _feed(self, pipes: process_start.Pipes) -> None:
        specification = {
            "mode": self.mode,
            "parent": os.getpid(),
            "folder": self.folder,
            "source": self.program.source,
            "stdin": self.program.stdin,
            "files": self.program.files,
            "programs": self.program.programs,
            "marker": self.program.marker,
            "cpu_seconds": self.program.timeout_s * self.program.count,
            "memory_bytes": self.program.memory_bytes,
            "disk_bytes": DISK_BYTES,
        }
        # Where the pipe breaks, the process ended at once; its status or stderr says why.
        with suppress(BrokenPipeError), os.fdopen(pipes.take("stdin"), "wb") as file:
            file.write(marshal.dumps(specification, 2))

    def _watch(self, pipes: process_start.Pipes) -> None:
        with selectors.DefaultSelector() as selector:
            for name in process_start.READ:
                selector.register(pipes.ours[name], selectors.EVENT_READ, name)
            self._read(selector)

    def _read(self, selector: selectors.BaseSelector) -> None:
        """Until every pipe is closed (then nothing of the program is left) or a limit is reached."""
        began = time.monotonic()
        while selector.get_map():
            start, limit = (began, START_SECONDS) if self.started is None else (self.turn, self.program.timeout_s)
            remaining = start + limit - time.monotonic()
            if remaining <= 0:
                self.ending.stopped = "timeout"
                return
            for key, _events in selector.select(remaining):
                data = os.read(key.fd, 65536)
                if not data:
                    selector.unregister(key.fd)
                elif not self._take(key.data, data):
                    self.ending.stopped = "output"
                    return

    def _take(self, name: str, data: bytes) -> bool:
        """False where the program has written more than it may."""
        if name == "status":
            self.status_text += data
            if self.started is None and self.status_text.startswith(b"S"):
                self.started = self.turn = time.monotonic()
            return True
        room = self.program.output_limit * self.program.count - len(getattr(self.ending, name))
        setattr(self.ending, name, getattr(self.ending, name) + data[:room])
        if name == "result":
            self._note_turns()
        return len(data) <= room

    def _note_turns(self) -> None:
        """Each program has its own time. They begin in order, so whoever forges the lines gains all turns at most."""
        assert self.program.programs is not None
        while self.ending.begun < len(self.program.programs):
            line = f"{self.program.marker} {self.ending.begun}.-1 begin ".encode()
            if line not in self.ending.result:
                return
            self.ending.begun += 1
            self.turn = time.monotonic()

    def _conclude(self) -> None:
        if self.started is None:
            refused = self.status_text.removeprefix(b"E").decode("utf-8", "replace").strip()
            last_words = self.ending.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
            raise Refused(refused or " ".join(last_words) or "the sandbox did not start")
        self.ending.duration_ms = (time.monotonic() - self.started) * 1000
        for line in self.status_text.split(b"\n"):
            if line.startswith(b"X") and self.ending.stopped is None:
                code = int(line[1:])
                if code == -signal.SIGXCPU:
                    self.ending.stopped = "timeout"
                elif code >= 0:
                    self.ending.exit_code = code

