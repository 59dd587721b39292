"""Runs the tests of a module: `run_tests.py MODULE FOLDER…`. The folders are looked up first; the interpreter ignores
`PYTHONPATH`.

This is a file, and no `python -c`: each call of a module in DSPy 3.0.1 looks up the source of every frame below it, and goes
through all loaded modules for a frame that has none.
"""

import importlib
import sys
import unittest

module, *folders = sys.argv[1:]
sys.path[:0] = folders
from constitution_migration.importing import importing

with importing():
    importlib.import_module(module)
unittest.main(module=module, argv=[module], verbosity=2)
