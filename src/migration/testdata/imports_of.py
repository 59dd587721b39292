"""Prints which imports of a package in the programs below a folder this interpreter can make: `{"file:line": bool}`, where
all of one line count together. Imports are made; the programs are not run."""

import ast
import importlib
import json
import os
import sys
import warnings
from pathlib import Path

PACKAGE, ROOT = sys.argv[1], Path(sys.argv[2])
answer = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
warnings.simplefilter("ignore")


def works(module, name=None):
    try:
        found = importlib.import_module(module)
        if name is None or name == "*" or hasattr(found, name):
            return True
        importlib.import_module(f"{module}.{name}")
    except ModuleNotFoundError as error:
        return not str(error.name).startswith(PACKAGE)
    except Exception:  # noqa: BLE001 - it is there, and needs something else
        pass
    return True


def of_package(module):
    return module is not None and module.partition(".")[0] == PACKAGE


made = {}
for file in sorted(ROOT.rglob("*.py")):
    for node in ast.walk(ast.parse(file.read_text())):
        parts = []
        if isinstance(node, ast.ImportFrom) and node.level == 0 and of_package(node.module):
            parts = [(alias.lineno, works(node.module, alias.name)) for alias in node.names]
        elif isinstance(node, ast.Import):
            parts = [(alias.lineno, works(alias.name)) for alias in node.names if of_package(alias.name)]
        for line, fine in parts:
            place = f"{file.relative_to(ROOT).as_posix()}:{line}"
            made[place] = made.get(place, True) and fine
json.dump(made, answer)
answer.close()
