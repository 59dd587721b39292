"""A bug of a program before and after its fix, and tests of any form."""

from __future__ import annotations

from collections.abc import Sequence

from .assembly import MadeBug, assemble, texts_of
from .candidates import Candidate, Extracted, Left, normal
from .changes import changed_functions, changed_methods
from .errors import Unusable
from .extraction import extract
from .json_cases import json_cases
from .tree import Tree

MAX_USING = 10
"""Functions that are tried beside the changed ones."""


def pair(
    buggy: Tree,
    fixed: Tree,
    paths: Sequence[str],
    tests: Sequence[str],
    cases: Sequence[str] = (),
    entry: str | None = None,
    also: Sequence[str] = (),
    given: Sequence[Candidate] = (),
) -> MadeBug:
    """The bug that the fix of one of the files `paths` repairs.

    `tests` are Python files of the fixed tree, `cases` files with test cases in JSON. Where several functions changed,
    the one is taken that tests tell apart best, unless `entry` names it. `also` are files that hold the same program as
    the one in `paths`, `given` hidden tests to be. Raises Unusable where nothing can be had.
    """
    reasons: list[str] = []

    def make(functions: Sequence[tuple[str, str]]) -> list[MadeBug]:
        made = []
        for path, name in functions:
            try:
                texts = texts_of(buggy, fixed, path, name)
            except Unusable as unusable:
                reasons.append(f"{name}: {unusable.reason}")
                continue
            made.append(assemble(name, *texts, tests_of(fixed, [path, *also], name, tests, cases, given)))
        return made

    chosen = _functions(buggy, fixed, paths, entry)
    made = make(chosen)
    if entry is None and not any(_plain_calls(each) for each in made):
        # Tests may know the changed function only through one that calls it.
        made += make([each for each in _using(buggy, fixed, paths) if each not in chosen])
    if not made:
        raise Unusable("; ".join(reasons))
    best = max(made, key=lambda each: (each.why is None, _plain_calls(each), len(each.hidden)))
    if best.why is not None:
        best.why = "; ".join([*(f"{each.entry}: {each.why}" if len(made) > 1 else each.why or "" for each in made), *reasons])
    return best


def _plain_calls(made: MadeBug) -> int:
    """Hidden tests that are calls a person would write, rather than a test's own lines."""
    return sum(not case["call"].startswith("exec(") for case in made.hidden)


def _functions(buggy: Tree, fixed: Tree, paths: Sequence[str], entry: str | None) -> list[tuple[str, str]]:
    new = [path for path in paths if path not in buggy.files]
    paths = [path for path in paths if path in buggy.files]
    if not paths:
        raise Unusable(f"{', '.join(new)} is new with the fix: there is no bug before it")
    changed = [(path, name) for path in paths for name in changed_functions(buggy, fixed, path)]
    if entry is not None:
        there = [path for path in paths if fixed.function(path, entry) and buggy.function(path, entry)]
        if not there:
            known = ", ".join(name for _, name in changed) or "none"
            raise Unusable(f"no function {entry} is there before and after (changed functions: {known})")
        return [(there[0], entry)]
    if changed:
        return changed
    methods = [name for path in paths for name in changed_methods(buggy, fixed, path)]
    if methods:
        raise Unusable(f"the fix changes the method {', '.join(methods)}; a seeded bug is a function of a module")
    added = [
        name
        for path in paths
        for name in fixed.bindings(path)
        if fixed.function(path, name) and name not in buggy.bindings(path)
    ]
    if added:
        raise Unusable(f"{', '.join(added)} is new with the fix: there is no bug before it")
    using = _using(buggy, fixed, paths)
    if not using:
        raise Unusable(f"no function of {', '.join(paths) or 'the fix'} has changed")
    return using


def _using(buggy: Tree, fixed: Tree, paths: Sequence[str]) -> list[tuple[str, str]]:
    """Functions that use something that has changed, say a constant or another function."""
    return [
        (path, name)
        for path in paths
        if path in buggy.files
        for name in fixed.bindings(path)
        if _uses_change(buggy, fixed, path, name)
    ][:MAX_USING]


def _uses_change(buggy: Tree, fixed: Tree, path: str, name: str) -> bool:
    if not (fixed.function(path, name) and buggy.function(path, name)):
        return False
    try:
        before, after = texts_of(buggy, fixed, path, name)
    except Unusable:
        return False
    return before.split() != after.split()


def tests_of(
    fixed: Tree,
    targets: Sequence[str],
    name: str,
    tests: Sequence[str],
    cases: Sequence[str],
    given: Sequence[Candidate] = (),
) -> Extracted:
    """What tests of every form say of a function; where none can be run, that is among what is left."""
    found = Extracted()
    if tests:
        try:
            found = extract(fixed, targets, name, tests)
        except Unusable as unusable:
            found.left.append(Left(", ".join(tests), unusable.reason))
    for file in cases:
        more = json_cases(fixed.text(file), file, name)
        known = {normal(text) for each in found.candidates for text in each.texts}
        found.candidates += [each for each in more.candidates if not known & set(map(normal, each.texts))]
        found.left += more.left
    found.candidates += given
    if not found.candidates and not found.left:
        found.left.append(Left(targets[0], "no tests were given"))
    return found
