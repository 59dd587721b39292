"""Why a program cannot become a seeded bug."""

from __future__ import annotations


class Unusable(Exception):
    """The text says what is missing, for the person who asked. `place` is a file of theirs, perhaps with a line."""

    def __init__(self, reason: str, *, file: str | None = None, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason, self.file, self.line = reason, file, line
