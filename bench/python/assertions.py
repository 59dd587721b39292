"""Prints in milliseconds what `Asserted` adds to one run of a module whose conditions hold, LM time aside."""

import json
import statistics
import sys
import time

import dspy

sys.path[:0] = sys.argv[1:]

from assertions_test import ListedLM
from constitution_assertions import Assert, Asserted, Suggest

RUNS = 200


class Checked(dspy.Module):
    def __init__(self) -> None:
        super().__init__()
        self.predict = dspy.Predict("question -> answer")

    def forward(self, question: str) -> dspy.Prediction:
        answer = self.predict(question=question).answer
        Assert(len(answer) < 5, "Answer in fewer than five letters.")
        Suggest(answer.endswith("."), "End with a full stop.")
        return dspy.Prediction(answer=answer)


def one(program: dspy.Module) -> float:
    started = time.perf_counter()
    program(question="q")
    return 1000 * (time.perf_counter() - started)


def main() -> None:
    plain, asserted = Checked(), Asserted(Checked())
    lm = ListedLM(*["yes."] * (2 * RUNS + 20))
    with dspy.context(lm=lm, adapter=dspy.ChatAdapter()):
        for _ in range(10):
            one(plain), one(asserted)
        pairs = [(one(plain), one(asserted)) for _ in range(RUNS)]
    print(json.dumps({"added": statistics.median(b - a for a, b in pairs), "plain": statistics.median(a for a, _ in pairs)}))


if __name__ == "__main__":
    main()
