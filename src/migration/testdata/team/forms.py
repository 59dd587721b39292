"""Ways to use something without writing its name as code, and what only looks like one of them."""
import functools
import importlib.util
from functools import partial as later
from unittest import mock
from unittest.mock import patch

import pytest
import requests

import dspy
from dspy.evaluate import Evaluate
from dspy.primitives.assertions import *  # !! dspy.primitives.assertions
from dspy.retrieve.qdrant_rm import *  # !! dspy.retrieve
from dspy.retrievers import *  # ok
from other.retrieve import *  # ok

judge = Evaluate(devset=[])  # ok
judge(None)  # !! dspy.Evaluate#__call__
judge(None, return_outputs=True)  # !! dspy.Evaluate#__call__ dspy.Evaluate#__call__(return_outputs)
Evaluate(devset=[])(None, return_all_scores=True)  # !! dspy.Evaluate#__call__ dspy.Evaluate#__call__(return_all_scores)
dspy.Predict("a -> b")(a=1, return_outputs=True)  # ok
dict(return_outputs=True)(None)  # ok

functools.partial(dspy.Evaluate, devset=[], return_outputs=True)  # !! dspy.Evaluate(return_outputs)
later(Evaluate, return_all_scores=True)  # !! dspy.Evaluate(return_all_scores)
later(judge, None, return_outputs=True)  # !! dspy.Evaluate#__call__ dspy.Evaluate#__call__(return_outputs)
later(dspy.Program)  # !! dspy.Program
later(dspy.streaming.StreamResponse, "answer")  # ok
later(print, return_outputs=True)  # ok
functools.reduce(dspy.Evaluate, return_outputs=True)  # ok

dspy.Evaluate(**{"devset": [], "return_outputs": True})  # !! dspy.Evaluate(return_outputs)
dspy.configure(**dict(bypass_assert=True))  # !! dspy.settings[bypass_assert]
with dspy.context(**{"backoff_time": 1}, lm=None):  # !! dspy.settings[backoff_time]
    pass
dspy.Evaluate(devset={"return_outputs": True})  # ok
dspy.streaming.StreamResponse(**{"predict_name": "a", "signature_field_name": "b", "chunk": "c"})  # !! dspy.streaming.StreamResponse(is_last_chunk)
dspy.streaming.StreamResponse("a", **{"signature_field_name": "b", **judge})  # ok
dspy.streaming.StreamResponse("a", **dict(judge, chunk="c"))  # ok

dspy.settings.bypass_assert = True  # !! dspy.settings[bypass_assert]
dspy.settings["bypass_suggest"] = dspy.settings["assert_failures"]  # !! dspy.settings[bypass_suggest] dspy.settings[assert_failures]
dspy.settings.get("suggest_failures", 0)  # !! dspy.settings[suggest_failures]
dspy.settings["lm"], dspy.settings.get("lm"), dspy.settings[judge], dspy.settings.get(judge)  # ok
dspy.settings.lm = None  # ok
requests.settings["bypass_assert"], requests.settings.get("bypass_assert")  # ok
requests.settings.bypass_assert = True  # ok
dspy.Example["bypass_assert"], dspy.Example.get("bypass_assert")  # ok


@patch("dspy.Program")  # !! dspy.Program
@mock.patch("dspy.retrieve.qdrant_rm.QdrantRM")  # !! dspy.retrieve
@mock.patch.object(dspy, "Assert")  # !! dspy.Assert
@patch("dspy.Module")  # ok
@patch("team.dspy.Program")  # ok
@patch.object(requests, "Assert")  # ok
def test_it(monkeypatch, mocker: object):
    monkeypatch.setattr("dspy.Program", None)  # !! dspy.Program
    monkeypatch.setattr(dspy, "BaseType", None)  # !! dspy.BaseType
    monkeypatch.delattr(dspy, "experimental")  # !! dspy.experimental
    mocker.patch("dspy.experimental.Document")  # !! dspy.experimental
    requests.patch("dspy.Program")  # ok
    requests.setattr(dspy, "Program")  # ok
    setattr(dspy, "Program", dspy.Module)  # ok
    monkeypatch.setenv("dspy.Program", "1")  # ok
    pytest.importorskip("dspy.retrieve")  # !! dspy.retrieve
    importlib.util.find_spec("dspy.experimental")  # !! dspy.experimental
    importlib.util.find_spec("dspyutils.experimental")  # ok


def shadowing(patch, later, dict, hasattr):
    patch("dspy.Program")  # ok
    later(dspy.Evaluate, return_outputs=True)  # ok
    dspy.Evaluate(**dict(return_outputs=True))  # ok
    hasattr(dspy, "Program")  # ok


class Stricter(dspy.Evaluate):  # ok
    def __init__(self, **rest):
        super().__init__(return_outputs=True, **rest)  # !! dspy.Evaluate(return_outputs)

    def other(self):
        dspy.Evaluate.__init__(self, devset=[], return_all_scores=True)  # !! dspy.Evaluate(return_all_scores)
        dspy.streaming.StreamResponse.__init__(self, "a", "b", "c", True)  # ok


class Elsewhere(requests.Session):
    def __init__(self):
        super().__init__(return_outputs=True)  # ok


class Held:
    stated: dspy.LM
    made = dspy.LM("x")
    other = requests.LM("x")
    mixed: dspy.LM

    def __init__(self, mixed):
        self.mixed = mixed

    def forward(self):
        self.stated.update_global_history({})  # !! dspy.BaseLM#update_global_history
        self.made.update_global_history({})  # !! dspy.BaseLM#update_global_history
        self.other.update_global_history({})  # ok
        self.mixed.update_global_history({})  # ok


def let_go():
    import dspy as short  # ok

    print(short.Program)  # !! dspy.Program
    del short  # ok


adapter = dspy.JSONAdapter()  # !! dspy.JSONAdapter
plain = dspy.ChatAdapter()  # ok
