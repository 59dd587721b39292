"""What the rewritten assertions of a test call: it tells which value is expected of which call."""

import sys

from cx_asserts import WATCH
from cx_expressions import CannotReplace, replaced
from cx_literals import literal_or_none
from cx_pytest import Approx


CONTAINERS = (dict, list, tuple, set)
"""What a test expects of these it may get of a subclass, which has no literal: `dict(...)` makes it plain."""


class Watch:
    """The assertions of one test module. `tell` takes what was seen, as a dictionary that is plain JSON.

    A message has `file`, `line` and `test`; then either `why` nothing can be made of the assertion, or `texts`
    (expressions that call the function, the best first; none where only the test's own lines can say it), what is
    expected of them (`expect` and perhaps `within`, or `raises`), and for a text that is still to be made `wrap` and the
    `names` that the test had then.
    """

    def __init__(self, file, assertions, recorder, tell):
        self.file, self.assertions, self.recorder, self._tell = file, assertions, recorder, tell
        self.test = ""

    def mark(self):
        return len(self.recorder.calls)

    def compare(self, number, kind, before, left, between, right):
        equal = left is right if kind == "is" else left == right
        if equal:
            self._compared(number, kind, (before, between), left, right, None)
        return equal

    def pair(self, number, kind, before, left, between, right, places=None, delta=None):
        """For methods of `unittest`, which compare by themselves."""
        within = None
        if kind == "near":
            within = delta if delta is not None else 0.5 * 10.0 ** -(7 if places is None else places)
        self._compared(number, kind, (before, between), left, right, within)
        return left, right

    def truth(self, number, kind, before, value):
        if kind == "other":
            self._say(number, why="it compares by another sign than ==")
        else:
            wrap = "{}" if isinstance(value, bool) else "bool({})"
            told = {"expect": str(bool(value))}
            self._expect(number, self.assertions[number].left, before, value, told, wrap)
        return value

    def raising(self, number, manager):
        return _Raising(self, number, manager)

    def raised(self, number, before, error):
        expression = self.assertions[number].left
        texts = [call.text for call in self.recorder.calls[before:] if call.error is error and call.text]
        self._say(number, texts=texts[:1] + self._replaced(expression), wrap="{}", raises=type(error).__name__)

    def _compared(self, number, kind, marks, left, right, within):
        assertion = self.assertions[number]
        before, between = marks
        turned = between == before and len(self.recorder.calls) > between
        value, expected = (right, left) if turned else (left, right)
        if isinstance(expected, Approx):
            expected, within = expected.expected, expected.tolerance()
        told = {"expect": literal_or_none(expected), **({} if within is None else {"within": within})}
        if kind == "is" and not (expected is None or isinstance(expected, bool)):
            self._say(number, why="it compares identities")
        elif told["expect"] is None:
            self._say(number, why=f"it expects a {type(expected).__name__}, which has no literal")
        else:
            wrap = "{}" if type(value) is type(expected) or type(expected) not in CONTAINERS else None
            wrap = wrap or f"{type(expected).__name__}({{}})"
            self._expect(number, assertion.right if turned else assertion.left, before, value, told, wrap)

    def _expect(self, number, expression, before, value, told, wrap):
        calls = self.recorder.calls
        made = calls[before:]
        if len(made) == 1:
            texts = self._of_call(made[0], value)
        elif made:
            texts = []
        else:
            texts = next((texts for call in reversed(calls) if (texts := self._of_call(call, value))), [])
        if made:
            texts = texts + self._replaced(expression)
        self._say(number, texts=[wrap.format(text) for text in dict.fromkeys(texts)], wrap=wrap, **told)

    def _of_call(self, call, value):
        """The call's own text, where what it returned is the value itself, or the value is all that it yielded."""
        if call.text is None or call.error is not None:
            return []
        alike = literal_or_none(value)
        if call.result is value or (alike is not None and literal_or_none(call.result) == alike):
            return [call.text]
        if type(value) in (list, tuple, set) and hasattr(call.result, "__next__"):
            return [f"{type(value).__name__}({call.text})"]
        return []

    def _replaced(self, expression):
        frame = self._frame()
        if expression is None or frame is None:
            return []
        try:
            return [replaced(expression, frame, self.recorder)]
        except CannotReplace:
            return []

    def _say(self, number, **told):
        if not self.recorder.calls:
            return  # an assertion about something else
        if "why" not in told:
            frame = self._frame()
            values = {} if frame is None else {name: literal_or_none(v) for name, v in frame.f_locals.items()}
            told["names"] = {name: text for name, text in values.items() if text is not None}
        self._tell({"file": self.file, "line": self.assertions[number].line, "test": self.test, **told})

    def _frame(self):
        """The test's own frame, which the assertion stands in."""
        frame = sys._getframe(1)
        while frame is not None and frame.f_globals.get(WATCH) is not self:
            frame = frame.f_back
        return frame


class _Raising:
    """Stands around `pytest.raises(...)` and `self.assertRaises(...)`."""

    def __init__(self, watch, number, manager):
        self.watch, self.number, self.manager, self.before = watch, number, manager, 0

    def __enter__(self):
        self.before = self.watch.mark()
        return self.manager.__enter__()

    def __exit__(self, kind, error, trace):
        swallowed = self.manager.__exit__(kind, error, trace)
        if swallowed and error is not None:
            self.watch.raised(self.number, self.before, error)
        return swallowed
