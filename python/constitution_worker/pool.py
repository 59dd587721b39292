"""The forked children as the fork server sees them: their state, their stderr, and what is known of their end."""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import linux
from .child import Child

STDERR_TAIL_BYTES = 8192
REMEMBERED_ENDS = 64


@dataclass
class Member:
    """One living child."""

    pid: int
    control: socket.socket
    stderr: int
    forked_at: float
    ready_ms: float | None = None
    state: str = "starting"
    tail: bytearray = field(default_factory=bytearray)

    def keep(self, data: bytes) -> None:
        """Adds to the bounded tail of what the child has printed."""
        self.tail += data
        del self.tail[:-STDERR_TAIL_BYTES]

    def close(self) -> None:
        """Lets go of the pipe and the control socket of a child that has ended."""
        self.control.close()
        os.close(self.stderr)

    def drain(self) -> bool:
        """Reads what the child has printed, without waiting. False at the end of the pipe."""
        try:
            while data := os.read(self.stderr, 65536):
                self.keep(data)
        except BlockingIOError:
            return True
        return False


class Pool:
    """Keeps `size` children idle, at most `limit` in all, and replaces those that end."""

    def __init__(self, listener: socket.socket, size: int, limit: int, max_runs: int) -> None:
        self._listener = listener
        self._size = size
        self._limit = max(size, limit)
        self._max_runs = max_runs
        self.members: dict[int, Member] = {}
        self.ends: OrderedDict[int, dict[str, Any]] = OrderedDict()

    def fork(self, close_in_child: Callable[[], None]) -> Member:
        """Forks one child. It never returns in the child."""
        mine, theirs = socket.socketpair()
        reader, writer = os.pipe()
        started = time.perf_counter()
        pid = os.fork()
        if pid == 0:
            mine.close()
            os.close(reader)
            try:
                linux.die_with_parent()
                self._become_child(close_in_child, theirs, writer)
            except BaseException:
                sys.excepthook(*sys.exc_info())
            finally:
                sys.stderr.flush()
                os._exit(0)
        theirs.close()
        os.close(writer)
        os.set_blocking(reader, False)
        mine.setblocking(False)
        member = self.members[pid] = Member(pid, mine, reader, started)
        return member

    def _become_child(self, close_in_child: Callable[[], None], control: socket.socket, stderr: int) -> None:
        os.setpgid(0, 0)
        linux.adopt_orphans()
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        close_in_child()
        for other in self.members.values():
            other.control.close()
            os.close(other.stderr)
        self.members.clear()
        os.dup2(stderr, 1)
        os.dup2(stderr, 2)
        os.close(stderr)
        # User modules are compiled anew in each child: a .pyc knows its source by second and size, so an edit within
        # the same second would be missed, and a test run should not litter the user's folders.
        sys.dont_write_bytecode = True
        gc.enable()
        Child(self._listener, control, self._max_runs).serve()

    def missing(self) -> int:
        """How many children to fork now: enough that `size` are free, within the limit."""
        free = sum(1 for member in self.members.values() if member.state in ("starting", "idle"))
        living = sum(1 for member in self.members.values() if member.state != "retired")
        return max(0, min(self._size - free, self._limit - living))

    def surplus(self) -> list[Member]:
        """Idle children beyond those to keep."""
        idle = [member for member in self.members.values() if member.state == "idle"]
        return idle[self._size :]

    def retire(self, member: Member) -> None:
        """Lets a child end once it is idle."""
        member.state = "retired"
        member.control.close()

    def kill(self, pid: int) -> None:
        """Kills a child and its process group. Nothing happens where it is not ours (any more)."""
        if pid in self.members:
            _kill_group(pid)

    def reap(self) -> list[Member]:
        """Takes note of the children that have ended, and ends what they left running. Who watches their descriptors
        closes them."""
        ended = []
        while (status := _next_ended()) is not None:
            pid = status.si_pid
            member = self.members.pop(pid, None)
            if member is not None:
                _kill_group(pid)
            os.waitpid(pid, 0)
            if member is not None:
                self._remember(member, status)
                ended.append(member)
        if ended:
            # Living children adopt their own orphans, so what arrives here was started by one that has ended.
            for orphan in set(linux.children_of(os.getpid())) - self.members.keys():
                os.kill(orphan, signal.SIGKILL)
        return ended

    def _remember(self, member: Member, status: Any) -> None:
        member.drain()
        exited = status.si_code == os.CLD_EXITED
        self.ends[member.pid] = {
            "exitCode": status.si_status if exited else None,
            "signal": None if exited else signal.Signals(status.si_status).name,
            "stderrTail": bytes(member.tail).decode("utf-8", "replace"),
        }
        while len(self.ends) > REMEMBERED_ENDS:
            self.ends.popitem(last=False)

    def kill_all(self) -> None:
        """Kills every child and what it started."""
        for pid in list(self.members):
            _kill_group(pid)
        for pid in linux.children_of(os.getpid()):
            os.kill(pid, signal.SIGKILL)


def _next_ended() -> Any:
    """Status of an ended child that is still unreaped, so that its number cannot be taken by another yet."""
    try:
        return os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return None


def _kill_group(pid: int) -> None:
    for kill in (os.killpg, os.kill):
        try:
            kill(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue
