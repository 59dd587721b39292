"""The pytest plugin: tells what is collected, and what becomes of each test."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cx_events import Events
from cx_guard import NetworkGuard

LONGEST_TEXT = 8000


class Reporter:
    """Watches one session. Tests in ``done`` are left out, and files in ``ignore`` are not imported; ``asks`` says
    that LM calls are recorded."""

    def __init__(
        self, events: Events, guard: NetworkGuard | None, done: set[str], asks: bool, ignore: list[Path]
    ) -> None:
        self._events = events
        self._guard = guard
        self._done = done
        self._asks = asks
        self._ignore = set(ignore)
        self._running: Running | None = None
        self._next: str | None = None
        self._announced: str | None = None
        self._caches_off = False

    @pytest.hookimpl(hookwrapper=True)
    def pytest_cmdline_main(self, config: pytest.Config) -> Iterator[None]:
        # Every test runs, in this process and in order, whatever the suite's own settings say.
        config.option.maxfail = 0
        if hasattr(config.option, "numprocesses"):
            config.option.numprocesses = None
            config.option.dist = "no"
            config.option.tx = []
        yield

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        return True if collection_path in self._ignore else None

    def pytest_collectstart(self, collector: pytest.Collector) -> None:
        if isinstance(collector, pytest.File):
            self._events.tell("import", file=collector.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._events.tell("unusable", file=report.nodeid, text=shortened(report.longreprtext), network=self._network())

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        self._events.tell("collected", tests=[item.nodeid for item in items])
        items[:] = [item for item in items if item.nodeid not in self._done]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, nextitem: pytest.Item | None) -> None:
        self._next = None if nextitem is None else nextitem.nodeid

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._running = Running()
        self._forget_answers()
        if nodeid != self._announced:
            self._events.tell("start", test=nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if self._running is not None:
            self._running.add(report)

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        running = self._running or Running()
        following, self._next = self._next, None
        self._running, self._announced = None, following
        # One event a test: each wakes the process that reads them, which costs more than the rest of this plugin.
        self._events.tell(
            "finish",
            test=nodeid,
            outcome=running.outcome,
            seconds=running.seconds,
            text=running.text,
            network=self._network(),
            next=following,
        )

    def pytest_internalerror(self, excrepr: Any) -> None:
        self._events.tell("broken", text=shortened(str(excrepr)))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, exitstatus: int) -> None:
        self._events.tell("end", exit=int(exitstatus), running=self._running is not None)

    def _network(self) -> list[str]:
        return [] if self._guard is None else self._guard.take()

    def _forget_answers(self) -> None:
        """What a test is answered must not depend on which tests ran before it, nor on an earlier run."""
        dspy = sys.modules.get("dspy")
        if dspy is None or not self._asks:
            return
        if not self._caches_off and hasattr(dspy, "configure_cache"):
            self._caches_off = True
            dspy.configure_cache(enable_disk_cache=False, enable_memory_cache=True)
        forget = getattr(getattr(dspy, "cache", None), "reset_memory_cache", None)
        if forget is not None:
            forget()


class Running:
    """The test that runs, with what its phases came to."""

    def __init__(self) -> None:
        self.outcome = "passed"
        self.seconds = 0.0
        self.text: str | None = None

    def add(self, report: pytest.TestReport) -> None:
        """Counts one phase: set-up, call or tear-down; the worst of them decides."""
        self.seconds += report.duration
        expected = hasattr(report, "wasxfail")
        if report.failed:
            # What the call came to stands, whatever tearing down adds.
            if self.outcome not in ("failed", "error"):
                self.outcome = "failed" if report.when == "call" else "error"
                self.text = shortened(report.longreprtext)
        elif report.skipped:
            self.outcome = "xfailed" if expected else "skipped"
            self.text = report.wasxfail if expected else reason_of(report)
        elif report.passed and report.when == "call" and expected:
            self.outcome = "xpassed"
        elif str(report.outcome) == "rerun":
            # A plugin runs the test once more: only that counts.
            self.outcome, self.text = "passed", None


def reason_of(report: pytest.TestReport) -> str:
    """Why a test was skipped."""
    longrepr = report.longrepr
    return str(longrepr[2]) if isinstance(longrepr, tuple) else shortened(report.longreprtext)


def shortened(text: str) -> str:
    """The end of a text: that is where pytest says what was wrong."""
    return text if len(text) <= LONGEST_TEXT else f"…{text[-LONGEST_TEXT:]}"
