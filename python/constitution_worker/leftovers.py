"""What a run has left behind in its process. A child with leftovers is replaced: the next run must find the state that
every run finds. What can be put right cheaply (`sys.path`, the user's modules) is put right by `workspace` instead."""

from __future__ import annotations

import os
import signal
import threading

from . import dspy_host, linux, process_start

FD_TOLERANCE = 32
"""Connections that HTTP clients keep, and files that wait for the garbage collector, are no leak yet."""


class Baseline:
    """The state of a fresh child, to compare with."""

    def __init__(self) -> None:
        self._threads = set(threading.enumerate())
        self._directory = os.getcwd()
        self._environment = dict(os.environ)
        self._settings = dspy_host.settings_fingerprint()
        self._fds = _open_fds()

    def leftovers(self) -> str | None:
        """What differs from the fresh state, for a person to read; None where nothing does."""
        threads = set(threading.enumerate()) - self._threads - dspy_host.library_threads()
        if threads:
            return f"threads: {', '.join(sorted(thread.name for thread in threads))}"
        if _has_children():
            return "child processes"
        if _directory() != self._directory:
            return "another working directory"
        if dict(os.environ) != self._environment:
            return "changed environment variables"
        if dspy_host.settings_fingerprint() != self._settings:
            return "changed dspy.settings"
        if signal.getitimer(signal.ITIMER_REAL) != (0.0, 0.0):
            return "a running alarm"
        if _open_fds() > self._fds + FD_TOLERANCE:
            return "open files"
        return None


def _directory() -> str | None:
    try:
        return os.getcwd()
    except OSError:
        return None


def _has_children() -> bool:
    """Living children, grandchildren whose parent has ended included (the child is their subreaper); the dead are
    reaped on the way. The sandbox's template is ours and runs no program itself: it alone does not count."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0] != 0:
            pass
    except ChildProcessError:
        return False
    template = process_start.living_template()
    return template is None or linux.own_children() != [template]


def _open_fds() -> int:
    return len(os.listdir("/dev/fd"))
