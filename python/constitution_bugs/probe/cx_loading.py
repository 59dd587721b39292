"""Imports a project's modules: the one with the function gets a recorder, test modules get watched assertions."""

import ast
import importlib.util
import os
import sys
from importlib.machinery import FileFinder, SourceFileLoader

from cx_asserts import WATCH, Rewriter
from cx_watch import Watch

RECORD = "__cx_record__"


class Loading:
    """Install before anything of the project is imported. Paths are absolute."""

    def __init__(self, targets, entry, tests, recorder, tell):
        self.targets, self.entry, self.recorder, self.tell = set(targets), entry, recorder, tell
        self.tests = set(tests)
        self.watches = {}

    def install(self, roots):
        loading = self

        class Loader(SourceFileLoader):
            def source_to_code(self, data, path, *, _optimize=-1):
                return loading.code_of(data, path)

            def exec_module(self, module):
                path = os.path.abspath(module.__spec__.origin)
                if path in loading.targets:
                    module.__dict__[RECORD] = loading.recorder.wrap
                if path in loading.tests:
                    module.__dict__[WATCH] = loading.watch(path)
                super().exec_module(module)

            def get_data(self, path):
                if path.endswith(".pyc"):
                    raise OSError("compiled files are not used")
                return super().get_data(path)

        sys.dont_write_bytecode = True
        sys.path_hooks.insert(0, FileFinder.path_hook((Loader, [".py"])))
        sys.path_importer_cache.clear()
        sys.path[:0] = roots

    def watch(self, path):
        if path not in self.watches:
            self.watches[path] = Watch(os.path.relpath(path, "tree"), [], self.recorder, self.tell)
        return self.watches[path]

    def code_of(self, data, path):
        path = os.path.abspath(path)
        tree = ast.parse(data, path)
        if path in self.targets:
            self._record(tree)
        if path in self.tests:
            rewriter = Rewriter()
            tree = rewriter.visit(tree)
            self.watch(path).assertions = rewriter.assertions
        return compile(tree, path, "exec", dont_inherit=True)

    def _record(self, tree):
        """Puts the recorder under the function's own decorators' result: it sees what callers see."""
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name == self.entry:
                node.decorator_list.insert(0, ast.copy_location(ast.Name(RECORD, ast.Load()), node))
        ast.fix_missing_locations(tree)

    def load_test(self, path):
        """Imports a test module under the name that pytest gives it."""
        folder, stem = os.path.split(path[: -len(".py")])
        parts = [stem]
        while os.path.exists(os.path.join(folder, "__init__.py")):
            folder, package = os.path.split(folder)
            parts.insert(0, package)
        if folder not in sys.path:
            sys.path.insert(0, folder)
        name = ".".join(parts)
        if name in sys.modules and getattr(sys.modules[name], "__file__", None) != path:
            del sys.modules[name]  # two test files of one name in different folders
        return importlib.import_module(name)
