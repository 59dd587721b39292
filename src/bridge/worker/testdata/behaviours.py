"""Pipelines that behave, and pipelines that do not, for the tests of the bridge."""

import ctypes
import os
import subprocess
import sys
import threading
import time

import dspy
from constitution_worker.sandbox import evaluate_calls
from constitution_worker.stages import stage


class Echo(dspy.Module):
    def forward(self, **inputs):
        return dspy.Prediction(**inputs)


class Ask(dspy.Module):
    """Asks the LM the same `calls` times."""

    def __init__(self, calls=1):
        super().__init__()
        self.calls = calls
        self.answer = dspy.Predict("question -> answer")

    def forward(self, question):
        for _ in range(self.calls):
            with stage("one question"):
                prediction = self.answer(question=question)
        return prediction


def own_lm(base_url):
    """A pipeline that makes its own LM and leaves DSPy's cache on, twice the same question."""

    def program():
        lm = dspy.LM("openai/stub", api_base=base_url, api_key="own", cache=True)
        with dspy.context(lm=lm):
            return [dspy.Predict("question -> answer")(question="own?").answer for _ in range(2)]

    return program


def open_files():
    folder = "/proc/self/fd"
    return lambda: [os.path.realpath(f"{folder}/{fd}") for fd in os.listdir(folder)] if os.path.isdir(folder) else []


class Parallel(dspy.Module):
    """Asks from several threads at once, as DSPy does it."""

    def __init__(self):
        super().__init__()
        self.answer = dspy.Predict("question -> answer")

    def forward(self, question):
        pairs = [(self.answer, {"question": f"{question} {number}"}) for number in range(4)]
        return {"answers": [each.answer for each in dspy.Parallel(num_threads=4, disable_progress_bar=True)(pairs)]}


def echo():
    return lambda **inputs: inputs


def prints(characters):
    def program():
        for _ in range(characters // 1000):
            print("x" * 1000)
            print("y" * 1000, file=sys.stderr)
        os.write(1, b"straight to the descriptor\n")
        return "printed"

    return program


def exits(how):
    def program():
        if how == "os._exit":
            os._exit(7)
        if how == "sys.exit":
            sys.exit("enough")
        if how == "interrupt":
            raise KeyboardInterrupt
        if how == "recursion":
            return program()
        if how == "segfault":
            print("about to fail", file=sys.stderr, flush=True)
            ctypes.string_at(0)
        raise ValueError("a wrong value")

    return program


def returns(what):
    cycle: list = []
    cycle.append(cycle)
    values = {
        "nan": float("nan"),
        "bytes": {"field": [b"raw"]},
        "object": object(),
        "cycle": cycle,
        "big": "x" * (17 * 1024 * 1024),
        "key": {1: "one"},
        "integer": 2**60,
        "set": {1, 2},
    }
    return lambda: values[what]


def hangs(seconds=600, child=None, swallow=False):
    """Waits; with `child`, a file that a grandchild would write if it outlived the run."""

    def program():
        if child:
            subprocess.Popen([sys.executable, "-c", f"import time; time.sleep(3); open({child!r}, 'w')"])
        print("waiting", file=sys.stderr, flush=True)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                time.sleep(seconds)
            except BaseException:
                if not swallow:
                    raise
        return "waited"

    return program


def writes_to_every_descriptor():
    def program():
        for number in range(3, 256):
            try:
                os.write(number, b"this is: not the protocol\r\n\r\n")
            except OSError:
                continue
        return "written"

    return program


def leaves(what, folder="/"):
    """Leaves something behind in its process."""

    def program():
        if what == "thread":
            threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
        if what == "directory":
            os.chdir(folder)
        if what == "environment":
            os.environ["LEFT_BEHIND"] = "yes"
        if what == "process":
            subprocess.Popen(["sleep", "600"])
        if what == "settings":
            dspy.settings.configure(max_errors=3)
        return os.getpid()

    return program


def process():
    return lambda: os.getpid()


def sandboxed(seconds=0.0, what=None):
    """Runs a program that computes for some time, and leaves something itself; `hash` tells interpreters apart."""

    def program():
        source = f"import time\nwhile time.process_time() < {seconds}: pass"
        result = evaluate_calls(source, ["str(hash('text'))"], timeout_s=30)[0]
        return {"pid": leaves(what)(), "hash": result.value}

    return program


def draws():
    import random

    return lambda: random.random()


def score(case, output):
    return {"outcome": output["outcome"], "violations": output.get("violations", {}), "detail": case}


class Repair(dspy.Signature):
    """Repair the function.

    Change one line."""

    code: str = dspy.InputField(desc="the broken function")
    examples: list[str] = dspy.InputField()
    repaired: str = dspy.OutputField(desc="the whole function")
    confidence: float = dspy.OutputField()


class Repairer(dspy.Module):
    def __init__(self):
        super().__init__()
        self.repair = dspy.ChainOfThought(Repair)
        self.check = dspy.Predict("code, goal -> ok: bool")

    def forward(self, code, examples):
        return self.repair(code=code, examples=examples)
