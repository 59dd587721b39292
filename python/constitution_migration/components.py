"""Has each component of a system do its work in this version of DSPy, and says how it went."""

from __future__ import annotations

import importlib
import json
import sys
import time
from dataclasses import asdict
from typing import Any, Optional, TypedDict

from constitution_migration.importing import importing


class ComponentFacts(TypedDict):
    """Each step's error, None where it went well. What comes after a step that failed is None, and its errors are too.

    `observation`: what the probe saw, the same each time; `cpuMs`: median CPU time of a run, in milliseconds."""

    importError: Optional[str]
    setUpError: Optional[str]
    runError: Optional[str]
    observation: Any
    cpuMs: Optional[float]


def components_of(entries: dict[str, str], folders: list[str], repeats: int) -> dict[str, ComponentFacts]:
    """The facts of each component, by name. `entries`: classes of probes as `package.module:Name`; a probe runs `repeats`
    times (1 or more)."""
    sys.path[:0] = folders
    return {name: _facts(entry, repeats) for name, entry in entries.items()}


def _facts(entry: str, repeats: int) -> ComponentFacts:
    facts: ComponentFacts = {
        "importError": None,
        "setUpError": None,
        "runError": None,
        "observation": None,
        "cpuMs": None,
    }
    module, _, name = entry.partition(":")
    try:
        with importing():
            probe_class = getattr(importlib.import_module(module), name)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - what a component does wrong is its row, not the end of the others
        return {**facts, "importError": _told(error)}
    seen: list[str] = []
    times: list[float] = []
    try:
        probe = probe_class()
    except (Exception, SystemExit) as error:  # noqa: BLE001
        return {**facts, "setUpError": _told(error)}
    try:
        for _ in range(repeats):
            started = time.process_time()
            observation = asdict(probe.run())
            times.append(1000 * (time.process_time() - started))
            seen.append(json.dumps(observation, sort_keys=True))
    except (Exception, SystemExit) as error:  # noqa: BLE001
        return {**facts, "runError": _told(error)}
    if len(set(seen)) > 1:
        return {**facts, "runError": "it does something else each time"}
    return {**facts, "observation": json.loads(seen[0]), "cpuMs": sorted(times)[len(times) // 2]}


def _told(error: BaseException) -> str:
    first, *_ = str(error).splitlines() or [""]
    return f"{type(error).__name__}: {first}" if first else type(error).__name__
