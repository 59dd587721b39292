try:
    from dspy import Assert  # !! dspy.Assert
except ImportError:
    Assert = None

import dspy

try:
    Base = dspy.Program  # !! dspy.Program
except AttributeError:
    Base = dspy.Module  # ok

hinted = getattr(dspy, "ChainOfThoughtWithHint", None)  # !! dspy.ChainOfThoughtWithHint

if Assert is not None:  # ok
    Assert(True)  # ok
