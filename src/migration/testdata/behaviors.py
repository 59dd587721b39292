"""Prints, by the subject of a hint that says `behaves`, what is seen of it in the DSPy of this interpreter."""

import enum
import inspect
import json
import os
import sys
from pathlib import Path

answer = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

sys.path.insert(0, str(Path(__file__).parents[3] / "python"))
import dspy  # noqa: E402
from constitution_migration.answers import behavior_of  # noqa: E402


class Echo(dspy.Module):
    def forward(self, question):
        return dspy.Prediction(answer=question)


def evaluated():
    devset = [dspy.Example(question="a", answer="a").with_inputs("question")]
    judge = dspy.Evaluate(devset=devset, metric=lambda example, made: example.answer == made.answer, num_threads=1)
    return type(judge(Echo())).__name__


def tools_of_json():
    return getattr(dspy.JSONAdapter(), "use_native_function_calling", False)


def stacks_of_a_call():
    """How often a call of a module has the whole stack looked up."""
    looked_up = []
    stack = inspect.stack
    inspect.stack = lambda *given: looked_up.append(1) or stack(*given)
    try:
        Echo()(question="a")
    finally:
        inspect.stack = stack
    return len(looked_up)


class Urgency(enum.Enum):
    HIGH = "today"
    LOW = "some day"


class Triage(dspy.Signature):
    """Say how urgent a ticket is."""

    ticket: str = dspy.InputField()
    urgency: Urgency = dspy.OutputField()


def prompt_of_chat():
    """Whether a worked example ends with the mark, and what of an enumeration is shown."""
    demo = {"ticket": "The lift is stuck.", "urgency": Urgency.HIGH}
    messages = dspy.ChatAdapter().format(Triage, [demo], {"ticket": "A lamp is out."})
    example = next(message["content"] for message in messages if message["role"] == "assistant")
    shown = {word for word in ("HIGH", "LOW", "today", "some day") if any(word in m["content"] for m in messages)}
    return ["[[ ## completed ## ]]" in example, sorted(shown)]


class Counting(dspy.Signature):
    """Count the tickets."""

    tickets: str = dspy.InputField()
    count: int = dspy.OutputField()


def errors_of_predict():
    try:
        dspy.Predict(Counting)(tickets="a, b")
        without = "none"
    except Exception as error:  # noqa: BLE001 - which one is what is asked
        without = type(error).__name__
    asked = behavior_of(Counting, "json", {"tickets": "a, b"}, '{"count": "a few"}')
    return [without, asked["outcome"]]


def requests_of_json():
    return behavior_of(Counting, "json", {"tickets": "a, b"}, "I cannot count.")["requests"]


seen = {
    "dspy.Evaluate#__call__": evaluated(),
    "dspy.JSONAdapter": tools_of_json(),
    "dspy.JSONAdapter#__call__": requests_of_json(),
    "dspy.Module#__call__": stacks_of_a_call(),
    "dspy.ChatAdapter": prompt_of_chat(),
    "dspy.Predict#__call__": errors_of_predict(),
}
json.dump(seen, answer)
answer.close()
sys.exit(0)
