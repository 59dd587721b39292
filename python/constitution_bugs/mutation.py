"""Plants one bug in a program whose tests pass, and keeps it only where they catch it."""

from __future__ import annotations

import random
from collections.abc import Sequence

from constitution_worker.sandbox import evaluate_programs

from .assembly import MadeBug, assemble, texts_of
from .candidates import Candidate, Extracted
from .errors import Unusable
from .operators import Mutant, mutants
from .pairs import tests_of
from .selection import BUG_SECONDS, FIX_SECONDS, MIN_FAILING
from .tree import Tree, parse
from .values import adapted

MAX_MUTANTS = 60
GOOD_SHARE = 0.9
"""A mutant that fails more than this share of the tests is easily seen; one that fails less is preferred."""


def mutate(
    tree: Tree,
    path: str,
    tests: Sequence[str],
    cases: Sequence[str] = (),
    given: Sequence[Candidate] = (),
    *,
    entry: str | None = None,
    kind: str | None = None,
    seed: int = 0,
) -> tuple[MadeBug, str]:
    """A bug of one function of a file, and what was done. The same seed plants the same bug.

    Raises Unusable where there is no function with tests, or no mutant that they catch.
    """
    reasons = []
    for name in _functions(tree, path, entry):
        try:
            return _mutate(tree, path, name, tests_of(tree, [path], name, tests, cases, given), kind, random.Random(seed))
        except Unusable as unusable:
            reasons.append(f"{name}: {unusable.reason}")
    raise Unusable("; ".join(reasons) or f"{path} has no function", file=path)


def _functions(tree: Tree, path: str, entry: str | None) -> list[str]:
    if entry is not None:
        return [entry]
    return [name for name in tree.bindings(path) if tree.function(path, name) and not name.startswith("_")]


def _mutate(
    tree: Tree, path: str, entry: str, extracted: Extracted, kind: str | None, chance: random.Random
) -> tuple[MadeBug, str]:
    source, _ = texts_of(tree, tree, path, entry)
    held = _held(source, extracted)
    if not held:
        reasons = "; ".join(f"{each.where}: {each.why}" for each in extracted.left[:3])
        raise Unusable("no usable test" + (f" ({reasons})" if reasons else ""))
    function = next(node for node in parse(source, path).body if getattr(node, "name", None) == entry)
    planted = [each for each in mutants(source, function) if kind in (None, each.kind)]  # type: ignore[arg-type]
    if not planted:
        raise Unusable("no operator applies" + (f" of the kind {kind}" if kind else ""))
    chance.shuffle(planted)
    made = None
    for mutant in _ranked(planted[:MAX_MUTANTS], held):
        made = assemble(entry, mutant.source, source, extracted)
        made.kind = mutant.kind
        if made.why is None:
            return made, mutant.what
    caught = f"; the best of them: {made.why}" if made else ""
    raise Unusable(f"none of {min(len(planted), MAX_MUTANTS)} mutants is caught by the tests{caught}")


def _held(source: str, extracted: Extracted) -> list[tuple[str, Candidate]]:
    """Calls that hold on the program as it is, each in the first way that does."""
    held = []
    for candidate in extracted.candidates:
        asked = [(source, [text]) for text in candidate.texts]
        for text, (result,) in zip(candidate.texts, evaluate_programs(asked, timeout_s=FIX_SECONDS), strict=True):
            fitting = adapted(candidate, text, [result])
            if not isinstance(fitting, str):
                held.append(fitting)
                break
    return held


def _ranked(planted: Sequence[Mutant], held: Sequence[tuple[str, Candidate]]) -> list[Mutant]:
    """The mutants that tests catch: first those that enough tests catch, but not nearly all."""
    calls = [call for call, _ in held]
    results = evaluate_programs([(mutant.source, calls) for mutant in planted], timeout_s=BUG_SECONDS)
    rated = []
    for place, (mutant, found) in enumerate(zip(planted, results, strict=True)):
        failing = sum(not candidate.is_met(result) for (_, candidate), result in zip(held, found, strict=True))
        if failing == 0:
            continue
        hangs = any(result.ended for result in found)
        enough = failing > MIN_FAILING or failing == len(held)
        rated.append((hangs, not enough, failing > GOOD_SHARE * len(held), place, mutant))
    return [mutant for *_, mutant in sorted(rated, key=lambda each: each[:4])]


