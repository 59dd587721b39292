"""Runs pytest in the working folder, as ``python -m pytest`` would, with a plugin that tells what happens.

The request is one JSON document on standard input; events go to the descriptor that it names.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path


def main() -> int:
    """Runs one session. Returns pytest's exit code."""
    request = json.load(sys.stdin)
    here = str(Path(__file__).parent)
    sys.path[:] = [entry for entry in sys.path if entry != here]
    sys.path.insert(0, here)
    import cx_events
    import cx_guard
    import cx_plugin

    # The suite sees what `python -m pytest` would give it: its own folder first, and nothing of ours.
    sys.path[0] = os.getcwd()
    end_with_parent()
    events = cx_events.Events(request["descriptor"])
    guard = cx_guard.NetworkGuard() if request["offline"] else None
    import pytest

    plugin = cx_plugin.Reporter(
        events, guard, set(request["done"]), request["asks"], [Path(file).resolve() for file in request["ignore"]]
    )
    sys.argv[:] = ["pytest", *request["arguments"]]
    return int(pytest.main(request["arguments"], plugins=[plugin]))


def end_with_parent() -> None:
    """On Linux, has the kernel kill this process when the one that started it is gone."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes
    import signal

    ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)


if __name__ == "__main__":
    sys.exit(main())
