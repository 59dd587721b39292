"""Has a project's tests run in the sandbox, and makes candidates of what they assert of one function."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from importlib import resources
from typing import Any

from constitution_worker.sandbox import run_python

from .candidates import Candidate, Extracted, Left, is_literal, is_readable
from .errors import Unusable
from .scripts import scripts_of
from .tree import Tree

TEST_SECONDS = 2.0
"""For one test: those of one function are short, and a hidden test has to be."""

TOTAL_SECONDS = 40.0
MEMORY_MB = 512
OUTPUT_BYTES = 8 * 2**20
MAX_ASSERTIONS = 400


def extract(tree: Tree, targets: Sequence[str], entry: str, tests: Sequence[str]) -> Extracted:
    """What `tests` (files of the tree) assert of `entry` in the files `targets`, which all hold the same program.

    Raises Unusable where no test can be run at all, SandboxUnavailable.
    """
    messages, ending = _run(tree, targets, entry, tests)
    found = Extracted()
    calls = 0
    for message in messages:
        kind = message.get("kind")
        if kind == "seen":
            calls += 1
            _take(found, tree, targets, entry, message)
        elif kind in ("file", "test", "broken"):
            where = " ".join(str(message[key]) for key in ("file", "test") if key in message)
            found.left.append(Left(where or "the tests", _text(message.get("why"))))
        elif kind == "end":
            calls += int(message.get("calls") or 0)
    if not any(message.get("kind") in ("end", "broken") for message in messages):
        found.left.append(Left(", ".join(tests), f"the tests did not come to their end ({ending})"))
    if calls == 0:
        reasons = "; ".join(f"{left.where}: {left.why}" for left in found.left[:3])
        raise Unusable(f"no test calls {entry}" + (f" ({reasons})" if reasons else ""))
    return found


def _run(tree: Tree, targets: Sequence[str], entry: str, tests: Sequence[str]) -> tuple[list[dict[str, Any]], str]:
    marker = secrets.token_hex(16)
    request = {
        "marker": marker,
        "entry": entry,
        "targets": list(targets),
        "tests": list(tests),
        "roots": tree.roots,
        "seconds": TEST_SECONDS,
        "limit": MAX_ASSERTIONS,
    }
    files = {f"tree/{path}": text for path, text in tree.files.items()}
    files["request.json"] = json.dumps(request)
    result = run_python(
        "import os, sys; sys.path.insert(0, os.path.join(os.getcwd(), 'probe')); import cx_run",
        files={**files, **_probe()},
        timeout_s=TOTAL_SECONDS,
        memory_mb=MEMORY_MB,
        output_limit=OUTPUT_BYTES,
    )
    return [message for line in result.stdout.splitlines() if (message := _message(line, marker))], result.status


def _probe() -> dict[str, str]:
    folder = resources.files("constitution_bugs") / "probe"
    return {f"probe/{file.name}": file.read_text("utf-8") for file in folder.iterdir() if file.name.startswith("cx_")}


def _message(line: str, marker: str) -> dict[str, Any] | None:
    """What the sandbox says is believed as far as its form goes: whoever forges a test harms their own bug only."""
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) and message.get("marker") == marker else None


def _take(found: Extracted, tree: Tree, targets: Sequence[str], entry: str, message: dict[str, Any]) -> None:
    file, line = _text(message.get("file")), message.get("line")
    where = f"{file}:{line} {_text(message.get('test'))}".rstrip()
    if "why" in message:
        found.left.append(Left(where, _text(message["why"])))
        return
    candidate = Candidate([text for text in message.get("texts") or [] if is_readable(text)], where)
    if is_literal(message.get("expect")):
        candidate.expect = message["expect"]
        within = message.get("within")
        candidate.within = float(within) if isinstance(within, (int, float)) and within > 0 else None
        try:
            candidate.texts += _scripts(tree, targets, entry, file, line, message)
        except Unusable as unusable:
            if not candidate.texts:
                found.left.append(Left(where, unusable.reason))
                return
    elif isinstance(message.get("raises"), str) and message["raises"].isidentifier():
        candidate.raises = message["raises"]
    if candidate.texts and (candidate.expect is not None or candidate.raises is not None):
        found.candidates.append(candidate)
    else:
        found.left.append(Left(where, "its arguments have no literal"))


def _scripts(
    tree: Tree, targets: Sequence[str], entry: str, file: str, line: Any, message: dict[str, Any]
) -> list[str]:
    """The test's own lines as expressions. Raises Unusable."""
    names, wrap = message.get("names"), message.get("wrap")
    if file not in tree.files or not isinstance(line, int) or not isinstance(names, dict):
        raise Unusable("its arguments have no literal")
    values = {name: text for name, text in names.items() if str(name).isidentifier() and is_literal(text)}
    wrap = wrap if isinstance(wrap, str) and "{}" in wrap else "{}"
    texts = [text for text in scripts_of(tree, targets, entry, file, line, values, wrap) if is_readable(text)]
    if not texts:
        raise Unusable("its lines are too many for a hidden test")
    return texts


def _text(value: object) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in value[:500]) if isinstance(value, str) else ""
