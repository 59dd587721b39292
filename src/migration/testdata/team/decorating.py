"""Asynchronous and decorated functions, and what only looks like one that returns something of DSPy."""
import asyncio
import contextlib
import functools
from functools import cache, lru_cache as remembered

import streamlit as st
import tenacity

import dspy


async def late():  # ok
    return dspy.LM("a")


async def later_still():  # ok
    model = await late()
    return model


def promised():  # ok
    return late()


async def late_judge() -> "dspy.Evaluate":  # ok
    return JUDGES["a"]


async def late_text() -> str:
    return "a"


async def twice_late():
    return late()


async def in_turn():
    yield dspy.LM("a")


@cache
def cached():  # ok
    return dspy.LM("a")


@remembered(maxsize=None)
def cached_with(name) -> dspy.LM:  # ok
    return dspy.LM(name)


@st.cache_resource
def of_the_page():  # ok
    return dspy.LM("a")


@tenacity.retry(stop=tenacity.stop_after_attempt(3))
async def tried():  # ok
    return dspy.LM("a")


@contextlib.contextmanager
def opened():
    yield dspy.LM("a")


@st.unknown
def of_others():
    return dspy.LM("a")


def logged(function):
    print(function)
    return function


def awaiting(function):
    async def run(*args):
        answer = await function(*args)
        return answer

    return run


def counted(limit):
    def decorate(function):
        @functools.wraps(function)
        def run(*args, **kwargs):
            for _ in range(limit):
                try:
                    return function(*args, **kwargs)
                except ValueError:
                    pass
            return function(*args, **kwargs)

        return run

    return decorate


def as_text(function):
    def run(*args):
        return str(function(*args))

    return run


def sometimes(function):
    def run(*args):
        if args:
            return function(*args)
        return None

    return run


def other_function(function):
    def run(*args):
        return late_text(*args)

    return run


def rebinding(function):
    function = print

    def run(*args):
        return function(*args)

    return run


def of_two(function, other):
    return function


def in_turns(function):
    def run(*args):
        yield 1
        return function(*args)

    return run


@logged
def kept():  # ok
    return dspy.LM("a")


@awaiting
async def kept_late():  # ok
    return dspy.LM("a")


@counted(3)
@logged
def kept_by_two():  # ok
    return dspy.LM("a")


@as_text
def shown():
    return dspy.LM("a")


@sometimes
def perhaps_none():
    return dspy.LM("a")


@other_function
def replaced():
    return dspy.LM("a")


@rebinding
def rebound():
    return dspy.LM("a")


@of_two
def of_one():
    return dspy.LM("a")


@in_turns
def turned():
    return dspy.LM("a")


@logged(3)
def called_wrongly():
    return dspy.LM("a")


@counted
def not_called():
    return dspy.LM("a")


@logged
class Decorated(dspy.LM):
    pass


def checked(lm: dspy.LM) -> dspy.LM:  # ok
    return lm


JUDGES = {}
cached().update_global_history({})  # !! dspy.BaseLM#update_global_history
cached_with("a").update_global_history({})  # !! dspy.BaseLM#update_global_history
of_the_page().update_global_history({})  # !! dspy.BaseLM#update_global_history
kept().update_global_history({})  # !! dspy.BaseLM#update_global_history
kept_by_two().update_global_history({})  # !! dspy.BaseLM#update_global_history
checked(None).update_global_history({})  # !! dspy.BaseLM#update_global_history
asyncio.run(late()).update_global_history({})  # !! dspy.BaseLM#update_global_history
asyncio.run(promised()).update_global_history({})  # !! dspy.BaseLM#update_global_history
asyncio.run(late(), debug=True).update_global_history({})  # !! dspy.BaseLM#update_global_history
asyncio.gather(late(), late()).update_global_history({})  # ok
opened().update_global_history({})  # ok
of_others().update_global_history({})  # ok
shown().update_global_history({})  # ok
perhaps_none().update_global_history({})  # ok
replaced().update_global_history({})  # ok
rebound().update_global_history({})  # ok
of_one().update_global_history({})  # ok
turned().update_global_history({})  # ok
called_wrongly().update_global_history({})  # ok
not_called().update_global_history({})  # ok
Decorated("a").update_global_history({})  # ok
late().update_global_history({})  # ok
logged(dspy.LM("a")).update_global_history({})  # ok


async def waits():
    (await late()).update_global_history({})  # !! dspy.BaseLM#update_global_history
    (await later_still()).update_global_history({})  # !! dspy.BaseLM#update_global_history
    (await promised()).update_global_history({})  # !! dspy.BaseLM#update_global_history
    (await tried()).update_global_history({})  # !! dspy.BaseLM#update_global_history
    (await kept_late()).update_global_history({})  # !! dspy.BaseLM#update_global_history
    (await late_judge())(None, return_outputs=True)  # !! dspy.Evaluate#__call__ dspy.Evaluate#__call__(return_outputs)
    (await late_text()).update_global_history({})  # ok
    (await twice_late()).update_global_history({})  # ok
    (await in_turn()).update_global_history({})  # ok
    (await late).update_global_history({})  # ok
    (await dspy.LM("a")).update_global_history({})  # ok
    async for turn in in_turn():
        turn.update_global_history({})  # ok
    late_model = await late()
    late_model.update_global_history({})  # !! dspy.BaseLM#update_global_history
