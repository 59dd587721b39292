import dspy
from dspy import Evaluate
from dspy.evaluate import Evaluate as Judge

data = []
judge = Evaluate(devset=data, return_outputs=True)  # !! dspy.Evaluate(return_outputs)
judge = dspy.Evaluate(devset=data, return_all_scores=True, num_threads=2)  # !! dspy.Evaluate(return_all_scores)
judge = Judge(
    devset=data,
    return_outputs=True,  # !! dspy.Evaluate(return_outputs)
    return_all_scores=False,  # !! dspy.Evaluate(return_all_scores)
)
judge = dspy.evaluate.Evaluate(devset=data, return_outputs=False)  # !! dspy.Evaluate(return_outputs)
judge = dspy.Evaluate(devset=data, max_errors=5)  # ok
judge = dspy.Evaluate(devset=data, num_threads=2, display_progress=True)  # ok
dspy.configure(bypass_assert=True)  # !! dspy.settings[bypass_assert]
dspy.settings.configure(lm=None, bypass_suggest=True)  # !! dspy.settings[bypass_suggest]
dspy.configure(
    lm=None,
    backoff_time=3,  # !! dspy.settings[backoff_time]
    trace=[],
)
with dspy.context(assert_failures=0, lm=None):  # !! dspy.settings[assert_failures]
    pass
with dspy.settings.context(suggest_failures=0):  # !! dspy.settings[suggest_failures]
    pass
print(dspy.settings.bypass_assert)  # !! dspy.settings[bypass_assert]
print(dspy.settings.backoff_time)  # !! dspy.settings[backoff_time]
print(dspy.settings.lm, dspy.settings.trace)  # ok
dspy.configure(lm=None, track_usage=True)  # ok
dspy.LM("x", bypass_assert=True)  # ok
dict(bypass_assert=True, return_outputs=True)  # ok
print(return_outputs := True)  # ok
