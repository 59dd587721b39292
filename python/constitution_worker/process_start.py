"""Starts the process that confines itself and runs a program: as an interpreter of its own, or warm, forked from a
template (`confinement.template`), which spares a program the start of an interpreter.

Warm is what `keep_warm` asks for, and only where the kernel and the processor have what it takes. A process and its
forks have a template each, started with the first program; it ends with them.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import threading
from typing import Protocol

from .confinement import libc

READ = ("stdout", "stderr", "status", "result")
"""Pipes that the process writes to; `stdin` is read by it."""

END_SECONDS = 10.0
"""Until a template has to have killed a program."""


class TemplateLost(Exception):
    """The template has ended, for whatever reason, before it told the end of the program."""


class Process(Protocol):
    """A started process, with all that it starts."""

    def end(self) -> bool:
        """Kills it where it still runs, and waits. False where nobody can tell what ended it."""
        ...


class Pipes:
    """One pipe for the process's input and one for each of `READ`; closed at the end of the `with` block."""

    def __init__(self) -> None:
        self.ours: dict[str, int] = {}
        self.theirs: dict[str, int] = {}

    def __enter__(self) -> Pipes:
        try:
            self.theirs["stdin"], self.ours["stdin"] = os.pipe()
            for name in READ:
                self.ours[name], self.theirs[name] = os.pipe()
        except OSError:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self.close_theirs()
        while self.ours:
            os.close(self.ours.popitem()[1])

    def close_theirs(self) -> None:
        """Lets go of the ends that the process has by now."""
        while self.theirs:
            os.close(self.theirs.popitem()[1])

    def take(self, name: str) -> int:
        """One of our ends, for the caller to close."""
        return self.ours.pop(name)


def fresh(command: list[str], pipes: Pipes) -> Process:
    """Starts an interpreter: `command` with the numbers of the pipes for status and result. Raises OSError."""
    extra = (pipes.theirs["status"], pipes.theirs["result"])
    process = subprocess.Popen(
        [*command, *map(str, extra)],
        stdin=pipes.theirs["stdin"],
        stdout=pipes.theirs["stdout"],
        stderr=pipes.theirs["stderr"],
        env={},
        pass_fds=extra,
        start_new_session=True,
    )
    return _Fresh(process)


class _Fresh:
    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def end(self) -> bool:
        """The launcher's whole group; with it process 1 of the sandbox, and so everything in there."""
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            self._process.kill()
        self._process.wait()
        return True


def warm(command: list[str], pipes: Pipes) -> Process:
    """Has the template (started by `command` and our process id, where there is none) fork the process.

    Raises TemplateLost, OSError.
    """
    for _attempt in range(2):  # the one that there is may have been killed since
        template = _state.template(command)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            sent = [*(pipes.theirs[name] for name in ("stdin", *READ)), theirs.fileno()]
            try:
                socket.send_fds(template.control, [b"1"], sent)
            except OSError:
                ours.close()
                _state.discard(template)
            else:
                return _Warm(template, ours)
    raise TemplateLost


class _Template:
    def __init__(self, command: list[str]) -> None:
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            # Its own output goes nowhere, through a pipe as a program's: so `sys.stdout` is made as for a fresh one.
            self.process = subprocess.Popen(
                [*command, str(os.getpid())],
                stdin=theirs,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env={},
                start_new_session=True,
            )
        assert self.process.stdout is not None
        self.process.stdout.close()
        self._life = os.pidfd_open(self.process.pid)
        self.proven = False
        """It has told the end of a program."""

    def lives(self) -> bool:
        """Not by its process id, which another process may have by now."""
        return not select.select([self._life], [], [], 0)[0]

    def close(self) -> None:
        """Ends it, and all of its programs."""
        self.control.close()
        if self.lives():
            self.process.kill()
        self.process.wait()
        os.close(self._life)

    def forget(self) -> None:
        """In a fork of the owner: lets go of what is the owner's."""
        self.control.close()
        os.close(self._life)


class _Warm:
    def __init__(self, template: _Template, leash: socket.socket) -> None:
        self._template = template
        self._leash = leash

    def end(self) -> bool:
        """Has the template kill process 1 of the sandbox, and with it everything in there."""
        with self._leash:
            self._leash.settimeout(END_SECONDS)
            try:
                self._leash.shutdown(socket.SHUT_WR)
                told = self._leash.recv(64)
            except OSError:
                told = b""
        if told:
            self._template.proven = True
            _state.add_cpu_seconds(float(told))
        else:
            _state.discard(self._template)
        return told != b""


class _State:
    """The template of this process."""

    def __init__(self) -> None:
        self.wanted = False
        self.cpu_seconds = 0.0
        self._lock = threading.Lock()
        self._template: _Template | None = None

    def template(self, command: list[str]) -> _Template:
        with self._lock:
            if self._template is None:
                self._template = _Template(command)
            return self._template

    def living(self) -> int | None:
        with self._lock:
            if self._template is None or not self._template.lives():
                return None
            return self._template.process.pid

    def discard(self, template: _Template) -> None:
        with self._lock:
            if self._template is template:
                self._template = None
                self.wanted = self.wanted and template.proven  # the next one would fail the same way
                template.close()

    def add_cpu_seconds(self, seconds: float) -> None:
        with self._lock:
            self.cpu_seconds += seconds

    def after_fork(self) -> None:
        """A fork has a template of its own. Only this thread is left, so nobody else will release the lock."""
        self._lock = threading.Lock()
        if self._template is not None:
            self._template.forget()
            self._template.process.returncode = 0  # a child of our parent: not ours to wait for
            self._template = None


_state = _State()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_state.after_fork)


def keep_warm() -> None:
    """From now on programs are forked from a template where that can be. Without this, each has an interpreter of its
    own, with its own seed of string hashes: where a program is run again to see whether its result changes, that is
    what may change it."""
    _state.wanted = sys.platform == "linux" and hasattr(os, "pidfd_open") and libc.can_clone()


def give_up_warmth() -> None:
    """From now on each program has an interpreter of its own."""
    _state.wanted = False


def is_warm() -> bool:
    """Whether programs may be forked from a template."""
    return _state.wanted


def living_template() -> int | None:
    """Process id of this process's template, as long as it lives. It is a child of this process."""
    return _state.living()


def cpu_seconds() -> float:
    """CPU time of templates and their programs so far. `getrusage` does not know of it while they live."""
    return _state.cpu_seconds
