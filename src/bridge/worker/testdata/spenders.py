"""Programs that go on after every exception, as optimizers do: only what is no exception ends them."""

import asyncio

import dspy


class Spender(dspy.Module):
    def __init__(self, how):
        super().__init__()
        self.how = how
        self.ask = dspy.Predict("question -> answer")

    def forward(self, question):
        return getattr(self, f"_{self.how}")(question)

    def _loop(self, question):
        while True:
            try:
                self.ask(question=question)
            except Exception:
                continue

    def _best_of_n(self, question):
        best = dspy.BestOfN(module=self.ask, N=1000, reward_fn=lambda _inputs, _prediction: 0.0, threshold=1.0)
        while True:
            best(question=question)

    def _evaluate(self, question):
        examples = [dspy.Example(question=f"{question} {n}", answer="x").with_inputs("question") for n in range(100)]
        evaluate = dspy.Evaluate(devset=examples, metric=lambda *_: 0.0, num_threads=4, max_errors=10_000)
        while True:
            evaluate(self.ask)

    def _parallel(self, question):
        calls = [(self.ask, dspy.Example(question=question).with_inputs("question"))] * 50
        while True:
            dspy.Parallel(num_threads=4, max_errors=10_000)(calls)

    def _own_lm(self, question):
        lm = dspy.settings.lm.copy(temperature=0.9, num_retries=2)
        while True:
            try:
                lm(question)
            except Exception:
                continue

    def _asynchronous(self, question):
        async def loop():
            while True:
                try:
                    await self.ask.acall(question=question)
                except Exception:
                    continue

        return asyncio.run(loop())


class Quoting(dspy.Module):
    """Fails with the words of a refusal, which is none."""

    def forward(self, question):
        raise ValueError("CX-BUDGET-SPENT: " + question)
