"""Chooses examples and hidden tests among candidates, by what they do on the fix and on the bug."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from constitution_worker.sandbox import CallResult, evaluate_programs

from .candidates import Candidate, Extracted, Left, as_case, normal
from .errors import Unusable
from .values import adapted

RUNS = 3
"""Processes that each candidate is run in, to see what depends on chance."""

FIX_SECONDS, BUG_SECONDS = 2.0, 0.5
"""A fix has the time that a scorer gives it. What takes the bug longer than this is taken to hang."""

MIN_FAILING = 5
MAX_CANDIDATES = 60
MAX_HANGS = 10
MAX_HIDDEN, MAX_GUARDS = 30, 6
"""Hidden tests in all, and those that pass on the bug too: they guard against repairs that break something else."""


@dataclass(frozen=True)
class Judged:
    """A candidate that holds on the fix, in the words that work there."""

    candidate: Candidate
    call: str
    fails: bool
    hangs: bool
    shown: bool
    """Whether the call stands in the program's own text, which pipelines see."""


@dataclass(frozen=True)
class Selected:
    """Cases as `bug.yaml` and `hidden_tests.yaml` have them. `failing`: hidden ones that fail on the bug; `shown`:
    whether an example does."""

    examples: list[Mapping[str, Any]]
    hidden: list[Mapping[str, Any]]
    failing: int
    shown: bool


def judge(extracted: Extracted, fixed: str, buggy: str) -> tuple[list[Judged], list[Left]]:
    """Which candidates hold on the fix every time, and whether the bug fails them. Raises SandboxUnavailable.

    The next way to say a call is tried where the one before does not hold, or is one that the bug passes: it may be the
    calls before it that show the bug.
    """
    candidates = sorted(extracted.candidates, key=lambda each: min(map(len, each.texts)))[:MAX_CANDIDATES]
    judged: dict[int, Judged] = {}
    reasons: dict[int, str] = {}
    waiting, turn = candidates, 0
    while waiting := [each for each in waiting if turn < len(each.texts)]:
        texts = [each.texts[turn] for each in waiting]
        held: list[tuple[int, str, Candidate]] = []
        for each, text, results in zip(waiting, texts, _run(fixed, texts, FIX_SECONDS), strict=True):
            fitting = adapted(each, text, results)
            if isinstance(fitting, str):
                reasons.setdefault(id(each), fitting)
            else:
                held.append((id(each), *fitting))
        on_bug = _run(buggy, [call for _, call, _ in held], BUG_SECONDS)
        for (key, call, fit), results in zip(held, on_bug, strict=True):
            one = _judged(call, fit, results, buggy)
            if one is not None and (one.fails or key not in judged):
                judged[key] = one
        waiting = [each for each in waiting if id(each) not in judged or not judged[id(each)].fails]
        turn += 1
    left = [*extracted.left]
    left += [Left(each.where, reasons.get(id(each), "the bug passes it in some runs only"))
             for each in candidates if id(each) not in judged]  # fmt: skip
    return _unlike(list(judged.values()), left), left


def _judged(call: str, fit: Candidate, results: Sequence[CallResult], buggy: str) -> Judged | None:
    passed = {fit.is_met(result) for result in results}
    hangs = any(result.ended == "timeout" for result in results)
    return None if len(passed) > 1 else Judged(fit, call, not passed.pop(), hangs, occurs(call, buggy))


def select(judged: Sequence[Judged], left: Sequence[Left]) -> Selected:
    """Two to four examples, one of which fails on the bug, and the rest as hidden tests. Where a single test fails on the
    bug, it is hidden, and the examples do not show the bug. Raises Unusable."""
    failing = [each for each in judged if each.fails]
    passing = [each for each in judged if not each.fails]
    if not failing:
        raise Unusable(_none(judged, left))
    examples = _examples(failing, passing)
    hidden_failing = [each for each in failing if each not in examples and not each.shown]
    if len(examples) < 2 or not hidden_failing:
        told = sum(each.shown for each in failing)
        raise Unusable(
            f"{len(failing)} of {len(judged)} usable tests fail on the bug"
            + (f", {told} of them told in the program's own text" if told else "")
            + "; two examples and a hidden test that fails on the bug are needed"
        )
    guards = [each for each in passing if each not in examples and not each.shown]
    quick = [each for each in hidden_failing if not each.hangs]
    hanging = [each for each in hidden_failing if each.hangs]
    chosen = [*quick, *guards[:MAX_GUARDS], *hanging][:MAX_HIDDEN]
    count = sum(each.fails for each in chosen)
    if count == 0:
        chosen, count = hidden_failing[:MAX_HIDDEN], min(len(hidden_failing), MAX_HIDDEN)
    shown = any(each.fails for each in examples)
    return Selected(_cases(examples), _cases(chosen), min(count, MIN_FAILING), shown)


def _examples(failing: Sequence[Judged], passing: Sequence[Judged]) -> list[Judged]:
    """The shortest calls, those first that the text shows anyway; as many as leave enough to hide."""
    spare = len(failing) - MIN_FAILING
    known = sorted(failing, key=lambda each: (not each.shown, each.hangs, len(each.call)))
    right = sorted(passing, key=lambda each: (not each.shown, len(each.call)))
    if len(failing) == 1 and not failing[0].shown:
        return right[:2]
    chosen = [*right[:1], *known[: 2 if spare >= 2 or not right else 1]]
    if len(chosen) < 2:
        chosen += right[1:2]
    return chosen


def _none(judged: Sequence[Judged], left: Sequence[Left]) -> str:
    if judged:
        return f"none of {len(judged)} usable tests fails on the bug"
    reasons = "; ".join(f"{each.where}: {each.why}" for each in left[:3])
    return "no usable test" + (f" ({reasons})" if reasons else "")


def _cases(chosen: Sequence[Judged]) -> list[Mapping[str, Any]]:
    return [as_case(each.candidate, each.call) for each in chosen]


def _run(source: str, calls: Sequence[str], seconds: float) -> list[list[CallResult]]:
    """The results of each call in several processes, every call in names of its own. Hanging calls are run once, and
    after many of them the others are taken to hang as well."""
    results: list[list[CallResult]] = [[] for _ in calls]
    waiting = list(range(len(calls)))
    for _ in range(RUNS):
        again: list[int] = []
        hung = 0
        for start in range(0, len(waiting), 20):
            part = waiting[start : start + 20]
            if hung >= MAX_HANGS:
                for number in part:
                    results[number].append(CallResult(False, None, "not run: too many others hang", "timeout"))
                continue
            made = evaluate_programs([(source, [calls[number]]) for number in part], timeout_s=seconds)
            for number, (result,) in zip(part, made, strict=True):
                results[number].append(result)
                hung += result.ended == "timeout"
                if result.ended != "timeout":
                    again.append(number)
        waiting = again
    return results


def _unlike(judged: list[Judged], left: list[Left]) -> list[Judged]:
    """Each call once; one that is expected to be two different things is left out."""
    by_call: dict[str, list[Judged]] = {}
    for each in judged:
        by_call.setdefault(normal(each.call), []).append(each)
    kept = []
    for same in by_call.values():
        if len({(each.candidate.expect, each.candidate.raises) for each in same}) == 1:
            kept.append(same[0])
        else:
            left.append(Left(same[0].candidate.where, "the same call is expected to be different things"))
    return kept


def occurs(call: str, text: str) -> bool:
    """Whether a call stands in a text, blanks aside."""
    squeezed = re.escape("".join(call.split()))
    return re.search(rf"(?<![\w.]){squeezed}", "".join(text.split())) is not None
