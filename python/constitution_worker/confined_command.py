"""The command line that starts a confined interpreter: by itself, or in bubblewrap."""

from __future__ import annotations

import os
import shutil
import sys
from typing import Literal

from .confinement import namespaces

DISK_BYTES = 16 * 2**20
"""What a program may write, in all, and into one file."""


class Refused(Exception):
    """One way to isolate is not to be had."""


def command(mode: str, module: Literal["launcher", "template"]) -> list[str]:
    """What runs a module of `confinement`. In the mode `bubblewrap` in it, in others as it is.

    Raises Refused where bubblewrap is not installed.
    """
    # The base interpreter, for a virtual environment's own would bring its packages; -I -S -E leave out the rest.
    # By its real path, because the links on the way to it need not exist in the sandbox.
    python = [os.path.realpath(getattr(sys, "_base_executable", sys.executable)), "-I", "-S", "-E"]
    if sys.pycache_prefix:
        python += ["-X", f"pycache_prefix={sys.pycache_prefix}"]
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    code = "import sys; sys.path.insert(0, sys.argv.pop(1)); "
    code += f"from constitution_worker.confinement import {module}; del sys.path[0]; {module}.main()"
    wrapper = _bubblewrap(python[0], package) if mode == "bubblewrap" else []
    return [*wrapper, *python, "-c", code, package]


def _bubblewrap(python: str, package: str) -> list[str]:
    program = shutil.which("bwrap")
    if program is None:
        raise Refused("bwrap is not installed")
    arguments = [program, "--unshare-all", "--die-with-parent", "--as-pid-1", "--clearenv", "--cap-drop", "ALL"]
    arguments += ["--uid", str(namespaces.NOBODY), "--gid", str(namespaces.NOBODY)]
    arguments += ["--size", str(DISK_BYTES), "--tmpfs", "/tmp"]  # first: what follows may lie in it
    folders, links = namespaces.visible_files()
    needed = {python, os.path.join(package, "constitution_worker")}
    for path in [*folders, *sorted(needed)]:
        arguments += ["--ro-bind", path, path]
    for path in namespaces.hidden_folders():
        arguments += ["--tmpfs", path, "--remount-ro", path]
    for link, target in links.items():
        arguments += ["--symlink", target, link]
    for device in namespaces.DEVICES:
        arguments += ["--dev-bind", f"/dev/{device}", f"/dev/{device}"]
    return [*arguments, "--remount-ro", "/", "--"]
