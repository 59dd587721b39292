"""A team's code as it was for DSPy 2.6: what is marked changed since. Lines marked "ok" only look like it."""
import dspy.retrieve  # !! dspy.retrieve
import dspy.primitives.assertions  # !! dspy.primitives.assertions
import dspy.primitives.program as program  # !! dspy.primitives.program
import dspy.experimental.synthesizer  # !! dspy.experimental
import dspy.predict.chain_of_thought_with_hint as hints  # !! dspy.predict.chain_of_thought_with_hint
import dspy.retrieve.qdrant_rm  # !! dspy.retrieve
import dspy.dsp.utils.metrics  # !! dspy.dsp.utils.metrics
import dspy.retrievers  # ok
import dspy.primitives.module  # ok
import dspy.predict.chain_of_thought  # ok
import dspyutils.retrieve  # ok
import notdspy  # ok
from dspy import Program  # !! dspy.Program
from dspy import ChainOfThoughtWithHint as Hinted  # !! dspy.ChainOfThoughtWithHint
from dspy import BaseType  # !! dspy.BaseType
from dspy import Assert, Suggest  # !! dspy.Assert dspy.Suggest
from dspy import (
    Module,  # ok
    Predict,  # ok
    Program as OldProgram,  # !! dspy.Program
    assert_transform_module,  # !! dspy.assert_transform_module
)
from dspy.primitives.assertions import backtrack_handler  # !! dspy.primitives.assertions
from dspy.primitives.program import Module as FromProgram  # !! dspy.primitives.program
from dspy.retrieve.weaviate_rm import WeaviateRM  # !! dspy.retrieve
from dspy.retrieve import faiss_rm  # !! dspy.retrieve
from dspy.experimental import Document  # !! dspy.experimental
from dspy.dsp.utils import f1_score  # !! dspy.dsp.utils.f1_score
from dspy.dsp.utils import EM  # !! dspy.dsp.utils.EM
from dspy.primitives import Program as PrimitiveProgram  # !! dspy.primitives.Program
from dspy.predict.chain_of_thought import OutputField  # !! dspy.predict.chain_of_thought.OutputField
from dspy.retrievers import Retrieve  # ok
from dspy.primitives.module import Module as SameModule  # ok
from dspy.evaluate import EM as SameEM  # ok
from .dspy import Program as Ours  # ok
from other.dspy import Assert as Theirs  # ok
from dspyutils import Suggest as Another  # ok


class Answerer(Program):  # ok
    """Its base was told where it is imported."""


class Checked(OldProgram, FromProgram):  # ok
    pass


Assert(True, "told above")  # ok
checked = assert_transform_module(Answerer(), backtrack_handler)  # ok
