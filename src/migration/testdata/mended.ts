/** Row by row: what is mended, the text, and what becomes of it. */
export const MENDED: readonly (readonly [what: string, before: string, after: string])[] = [
  ['a name', 'import dspy as d\nclass A(d.Program): pass\n', 'import dspy as d\nclass A(d.Module): pass\n'],
  [
    'an import, whose name stays',
    'from dspy import Program, Predict\nProgram\n',
    'from dspy import Module as Program, Predict\nProgram\n',
  ],
  [
    'an import under another name',
    'from dspy import (\n    Program as P,  # base\n)\n',
    'from dspy import (\n    Module as P,  # base\n)\n',
  ],
  [
    'an import from a module that is gone, whose name stays',
    'from dspy.primitives.program import Program\nProgram\n',
    'from dspy import Module as Program\nProgram\n',
  ],
  [
    'an import from another module, with its comments',
    'from \\\n  dspy.primitives.program import (  # base\n    Module,  # of all\n)\n',
    'from \\\n  dspy import (  # base\n    Module,  # of all\n)\n',
  ],
  [
    'an import from another module under another name',
    'from dspy.dsp.utils import EM as exact\n',
    'from dspy.evaluate import EM as exact\n',
  ],
  [
    'an import of a name that is another one there, under its own',
    'from dspy.primitives import Program as Module\n',
    'from dspy import Module as Module\n',
  ],
  ['behind letters of more bytes', 'import dspy\n"é😀"; dspy.Program\n', 'import dspy\n"é😀"; dspy.Module\n'],
  ['with other line ends', 'import dspy\r\ndspy.Program\r\n', 'import dspy\r\ndspy.Module\r\n'],
  [
    'the only argument',
    'import dspy\ndspy.configure(bypass_assert=True)\n',
    'import dspy\ndspy.configure()\n',
  ],
  [
    'the first argument',
    'import dspy\ndspy.configure(bypass_assert=True, lm=None)\n',
    'import dspy\ndspy.configure(lm=None)\n',
  ],
  [
    'the last argument',
    'import dspy\ndspy.configure(lm=None, bypass_assert=True)\n',
    'import dspy\ndspy.configure(lm=None)\n',
  ],
  [
    'an argument before others that are unpacked',
    'import dspy\ndspy.configure(bypass_assert=True, **rest)\n',
    'import dspy\ndspy.configure(**rest)\n',
  ],
  ['behind a byte order mark', '\ufeffimport dspy; dspy.Program\n', '\ufeffimport dspy; dspy.Module\n'],
  [
    'the only argument before a comma',
    'import dspy\ndspy.configure(bypass_assert=True, )\n',
    'import dspy\ndspy.configure( )\n',
  ],
  [
    'the last argument before a comma',
    'import dspy\ndspy.configure(lm=None, bypass_assert=True,)\n',
    'import dspy\ndspy.configure(lm=None,)\n',
  ],
  [
    'the last argument behind one in brackets',
    'import dspy\ndspy.configure((x), bypass_assert=True)\n',
    'import dspy\ndspy.configure((x))\n',
  ],
  [
    'one argument after the other',
    'import dspy\ndspy.configure(lm=None, bypass_assert=True, bypass_suggest=True, backoff_time=1)\n',
    'import dspy\ndspy.configure(lm=None)\n',
  ],
  [
    'an argument behind a name',
    'import dspy\ndspy.configure(lm=dspy.Program(), bypass_assert=True)\n',
    'import dspy\ndspy.configure(lm=dspy.Module())\n',
  ],
  [
    'a line of its own',
    'import dspy\ndspy.configure(\n    lm=None,  # main\n    bypass_assert=True,\n    trace=[],\n)\n',
    'import dspy\ndspy.configure(\n    lm=None,  # main\n    trace=[],\n)\n',
  ],
  [
    'the last line, with no comma behind it',
    'import dspy\ndspy.configure(\n    lm=None,\n    bypass_assert=True\n)\n',
    'import dspy\ndspy.configure(\n    lm=None\n)\n',
  ],
  [
    'the last line behind a comment',
    'import dspy\ndspy.configure(\n    lm=None,  # main\n    bypass_assert=True\n)\n',
    'import dspy\ndspy.configure(\n    lm=None,  # main\n)\n',
  ],
  [
    'the last argument behind a comment, with its bracket',
    'import dspy\ndspy.configure(lm=None,  # main\n    bypass_assert=True)\n',
    'import dspy\ndspy.configure(lm=None,  # main\n)\n',
  ],
  [
    'an argument, not the comment beside it',
    'import dspy\ndspy.configure(\n    bypass_assert=True,  # why\n    lm=None,\n)\n',
    'import dspy\ndspy.configure(\n    # why\n    lm=None,\n)\n',
  ],
  [
    'an argument at the end of a line',
    'import dspy\ndspy.configure(lm=None, bypass_assert=True,\n    trace=[])\n',
    'import dspy\ndspy.configure(lm=None,\n    trace=[])\n',
  ],
  [
    'all of a file',
    'import dspy\ndspy.configure(bypass_assert=True)\nclass A(dspy.Program): pass\n',
    'import dspy\ndspy.configure()\nclass A(dspy.Module): pass\n',
  ],
];
