"""The user's Python code: imported from the folder a run names, and never mixed with another version of itself."""

from __future__ import annotations

import importlib
import os
import sys
from types import ModuleType
from typing import Any

from .errors import Retired, WorkerError, is_inside, one_line


class Workspace:
    """The modules imported from one root.

    Two roots may hold modules of the same name (the same pipeline for two versions); so each keeps its own modules,
    and only those of the root in use are in `sys.modules`.
    """

    def __init__(self, root: str) -> None:
        self.root = root
        self._modules: dict[str, ModuleType] = {}
        self._stamps: dict[str, tuple[int, int]] = {}
        self._seen: set[str] = set()

    def enter(self, base_path: list[str]) -> None:
        """Puts the root first on `sys.path` (whatever an earlier run left there is gone) and its modules in place."""
        sys.path[:] = [self.root, *base_path]
        importlib.invalidate_caches()
        sys.modules.update(self._modules)
        self._seen = set(sys.modules)

    def leave(self) -> None:
        """Takes its modules out of `sys.modules`."""
        for name in self._modules:
            sys.modules.pop(name, None)

    def note_imports(self) -> None:
        """Remembers modules imported from the root since `enter`, and what their files looked like."""
        for name in sys.modules.keys() - self._seen:
            module = sys.modules[name]
            file = getattr(module, "__file__", None)
            if file and self._is_own(file):
                self._modules[name] = module
                stamp = _stamp(file)
                if stamp is not None:
                    self._stamps[file] = stamp
        self._seen = set(sys.modules)

    def _is_own(self, file: str) -> bool:
        """Whether a module came from the root: by the path it was found at, which a link may lead out of it."""
        return file.startswith(os.path.join(self.root, "")) or is_inside(file, self.root)

    def changed_file(self) -> str | None:
        """A file that no longer is what was imported, or None."""
        return next((file for file, stamp in self._stamps.items() if _stamp(file) != stamp), None)

    def load(self, entry: str) -> Any:
        """The object that `package.module:attribute` names. Raises WorkerError (CX-PIPELINE-LOAD)."""
        module_name, separator, attribute = entry.partition(":")
        if not separator or not module_name or not attribute:
            raise WorkerError("CX-PIPELINE-LOAD", f'"{entry}" is not of the form package.module:attribute.')
        try:
            value: Any = importlib.import_module(module_name)
        except (Exception, SystemExit) as error:
            raise WorkerError(
                "CX-PIPELINE-LOAD", f"Importing {module_name} failed: {one_line(error)}", cause=error, root=self.root
            ) from error
        finally:
            self.note_imports()
        for part in attribute.split("."):
            if not hasattr(value, part):
                raise WorkerError("CX-PIPELINE-LOAD", f'{module_name} has no attribute "{attribute}".')
            value = getattr(value, part)
        if not callable(value):
            raise WorkerError("CX-PIPELINE-LOAD", f"{entry} is a {type(value).__name__}, which cannot be called.")
        return value


class Workspaces:
    """All roots a child has served; one is active at a time."""

    def __init__(self) -> None:
        self._base_path = list(sys.path)
        self._by_root: dict[str, Workspace] = {}
        self._active: Workspace | None = None

    def activate(self, root: str) -> Workspace:
        """Raises WorkerError where the folder is missing, Retired where imported code has changed on disk: importing
        it again into the same process would leave what the old code did to other modules."""
        if not os.path.isdir(root):
            raise WorkerError("CX-PIPELINE-LOAD", f"The folder {root} does not exist.")
        workspace = self._by_root.setdefault(root, Workspace(root))
        changed = workspace.changed_file()
        if changed is not None:
            raise Retired(f"{changed} has changed")
        if self._active is not None and self._active is not workspace:
            self._active.leave()
        self._active = workspace
        workspace.enter(self._base_path)
        return workspace


def _stamp(file: str) -> tuple[int, int] | None:
    try:
        status = os.stat(file)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
