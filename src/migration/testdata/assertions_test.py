"""Run by `assertions.test.ts` in every environment: `Assert` and `Suggest` mean the same in both versions."""

import logging
import unittest

import dspy
from constitution_assertions import Assert, Asserted, AssertionFailed, Suggest


class ListedLM(dspy.LM):
    """Answers with what it was given, one after the other, and keeps the prompts."""

    def __init__(self, *answers):
        super().__init__("listed/lm", temperature=0.0, cache=False)
        self.answers = list(answers)
        self.prompts = []

    def copy(self, **kwargs):
        return self

    def __deepcopy__(self, memo):
        return self

    def __call__(self, prompt=None, messages=None, **kwargs):
        self.prompts.append("\n".join(str(message["content"]) for message in messages))
        return [f"[[ ## answer ## ]]\n{self.answers.pop(0)}\n\n[[ ## completed ## ]]"]


class Answer(dspy.Module):
    def __init__(self, check):
        super().__init__()
        self.predict = dspy.Predict("question -> answer")
        self.check = check

    def forward(self, question):
        answer = self.predict(question=question).answer
        self.check(answer)
        return dspy.Prediction(answer=answer)


def short(answer):
    Assert(len(answer) < 5, "Answer in fewer than five letters.")


def stopped(answer):
    Suggest(answer.endswith("."), "End with a full stop.")


def both(answer):
    short(answer)
    stopped(answer)


class Assertions(unittest.TestCase):
    def run_with(self, check, *answers, retries=2):
        lm, reports = ListedLM(*answers), []
        program = Asserted(Answer(check), retries=retries, on_run=reports.append)
        with dspy.context(lm=lm, adapter=dspy.ChatAdapter()):
            try:
                return program(question="q").answer, lm, reports
            except AssertionFailed as failure:
                return failure, lm, reports

    def test_what_holds_is_asked_once(self):
        answer, lm, (report,) = self.run_with(both, "yes.")
        self.assertEqual((answer, len(lm.prompts), report.attempts, report.violations), ("yes.", 1, 1, []))

    def test_assert_tries_again_with_the_message(self):
        answer, lm, (report,) = self.run_with(short, "much too long", "no")
        self.assertEqual((answer, report.attempts), ("no", 2))
        self.assertNotIn("fewer than five", lm.prompts[0])
        self.assertIn("Answer in fewer than five letters.", lm.prompts[1])
        (violation,) = report.violations
        self.assertEqual((violation.kind, violation.attempt, violation.signature), ("assert", 0, "StringSignature"))

    def test_assert_raises_after_the_last_attempt(self):
        failure, lm, (report,) = self.run_with(short, "long one", "long two", "long three", "no")
        self.assertIsInstance(failure, AssertionFailed)
        self.assertEqual(str(failure), "Answer in fewer than five letters.")
        self.assertEqual((len(lm.prompts), report.attempts), (3, 3))
        self.assertEqual(report.counts()[("assert", "Answer in fewer than five letters.")], 3)
        self.assertIs(failure.report, report)

    def test_suggest_goes_on_with_a_warning_after_the_last_attempt(self):
        with self.assertLogs("constitution_assertions", logging.WARNING) as logs:
            answer, lm, (report,) = self.run_with(stopped, "a", "b", "c")
        self.assertEqual((answer, len(lm.prompts)), ("c", 3))
        self.assertEqual(report.counts()[("suggest", "End with a full stop.")], 3)
        self.assertEqual(len(logs.output), 1)

    def test_suggest_tries_again_with_the_message(self):
        answer, lm, _ = self.run_with(stopped, "a", "b.")
        self.assertEqual(answer, "b.")
        self.assertIn("End with a full stop.", lm.prompts[1])

    def test_messages_of_earlier_attempts_stay(self):
        answer, lm, _ = self.run_with(both, "too long.", "no", "no.")
        self.assertEqual(answer, "no.")
        self.assertIn("fewer than five", lm.prompts[2])
        self.assertIn("End with a full stop.", lm.prompts[2])

    def test_assert_matters_more_than_suggest(self):
        failure, _, _ = self.run_with(both, "no", "no", "much too long.")
        self.assertIsInstance(failure, AssertionFailed)

    def test_without_retries_there_is_one_attempt(self):
        failure, lm, _ = self.run_with(short, "much too long", retries=0)
        self.assertIsInstance(failure, AssertionFailed)
        self.assertEqual(len(lm.prompts), 1)
        with self.assertRaises(ValueError):
            Asserted(Answer(short), retries=-1)

    def test_another_error_is_raised_at_once(self):
        def broken(answer):
            raise KeyError(answer)

        reports = []
        lm = ListedLM("a", "b", "c")
        with dspy.context(lm=lm, adapter=dspy.ChatAdapter()), self.assertRaises(KeyError):
            Asserted(Answer(broken), on_run=reports.append)(question="q")
        self.assertEqual((len(lm.prompts), reports[0].attempts), (1, 1))

    def test_runs_do_not_know_of_each_other(self):
        lm = ListedLM("much too long", "no", "yes")
        program = Asserted(Answer(short))
        with dspy.context(lm=lm, adapter=dspy.ChatAdapter()):
            self.assertEqual([program(question="q").answer, program(question="q").answer], ["no", "yes"])
        self.assertNotIn("fewer than five", lm.prompts[2])

    def test_only_the_predictor_that_was_called_last_is_told(self):
        class Two(dspy.Module):
            def __init__(self):
                super().__init__()
                self.first = dspy.Predict("question -> answer", instructions="one")
                self.second = dspy.Predict("draft -> answer")

            def forward(self, question):
                draft = self.first(question=question).answer
                answer = self.second(draft=draft).answer
                short(answer)
                return dspy.Prediction(answer=answer)

        lm = ListedLM("draft", "much too long", "draft", "no")
        with dspy.context(lm=lm, adapter=dspy.ChatAdapter()):
            self.assertEqual(Asserted(Two())(question="q").answer, "no")
        self.assertEqual(["fewer than five" in prompt for prompt in lm.prompts], [False, False, False, True])

    def test_outside_of_a_module(self):
        Assert(True, "holds")
        with self.assertRaises(AssertionFailed):
            Assert(False, "does not hold")
        with self.assertLogs("constitution_assertions", logging.WARNING):
            Suggest(False, "does not hold")

    def test_the_settings_are_as_before(self):
        adapter = dspy.ChatAdapter()
        with dspy.context(lm=ListedLM("much too long", "no"), adapter=adapter):
            Asserted(Answer(short))(question="q")
            self.assertIs(dspy.settings.adapter, adapter)


if __name__ == "__main__":
    unittest.main()
