"""Importing large packages in less time."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def importing() -> Iterator[None]:
    """Collects no garbage meanwhile, nor ever what was imported: it stays, and looking for circles in it is a quarter of
    the CPU time of importing DSPy."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
