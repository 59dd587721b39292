"""Prints, by the subject of a hint that says `behaves`, what is seen of it in the DSPy of this interpreter."""

import json
import os
import sys

answer = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

import dspy  # noqa: E402


class Echo(dspy.Module):
    def forward(self, question):
        return dspy.Prediction(answer=question)


def evaluated():
    devset = [dspy.Example(question="a", answer="a").with_inputs("question")]
    judge = dspy.Evaluate(devset=devset, metric=lambda example, made: example.answer == made.answer, num_threads=1)
    return type(judge(Echo())).__name__


def tools_of_json():
    return getattr(dspy.JSONAdapter(), "use_native_function_calling", False)


seen = {"dspy.Evaluate#__call__": evaluated(), "dspy.JSONAdapter": tools_of_json()}
json.dump(seen, answer)
answer.close()
sys.exit(0)
