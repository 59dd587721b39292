import importlib

import dspy
import dspy as d


class Pipeline(dspy.Program):  # !! dspy.Program
    def __init__(self):
        super().__init__()
        self.answer = dspy.ChainOfThoughtWithHint("question -> answer")  # !! dspy.ChainOfThoughtWithHint
        self.lm = dspy.LM("openai/x")
        self.plain = dspy.Predict("question -> answer")

    def forward(self, question):
        dspy.Assert(len(question) < 100, "too long")  # !! dspy.Assert
        d.Suggest(question.endswith("?"), "no question")  # !! dspy.Suggest
        self.lm.update_global_history({})  # !! dspy.BaseLM#update_global_history
        self.lm.inspect_history()  # ok
        self.plain.update_global_history({})  # ok
        return self.answer(question=question)


class Money(d.BaseType):  # !! dspy.BaseType
    amount: float


def annotated(program: dspy.Program) -> "dspy.Program":  # !! dspy.Program
    kind = d.Program  # !! dspy.Program
    return kind and program


def handlers():
    lm = dspy.LM("openai/x")
    lm.update_global_history({})  # !! dspy.BaseLM#update_global_history
    dspy.LM("openai/y").update_global_history({})  # !! dspy.BaseLM#update_global_history
    with_handler = dspy.assert_transform_module(Pipeline(), dspy.backtrack_handler)  # !! dspy.assert_transform_module dspy.backtrack_handler
    return with_handler


def by_name():
    module = importlib.import_module("dspy.retrieve.qdrant_rm")  # !! dspy.retrieve
    return module, getattr(dspy, "Program")  # !! dspy.Program


def searching():
    return d.retrieve.faiss_rm.FaissRM  # !! dspy.retrieve


def lambdas():
    return [lambda: dspy.Assert(True), (d.Assert for _ in range(3))]  # !! dspy.Assert dspy.Assert


match_it = {"Assert": dspy.Suggest}  # !! dspy.Suggest
text = f"{dspy.Program.__name__}"  # !! dspy.Program
print(dspy.experimental, dspy.primitives.assertions)  # !! dspy.experimental dspy.primitives.assertions


@dspy.backtrack_handler  # !! dspy.backtrack_handler
def decorated(x=dspy.Program):  # !! dspy.Program
    return x


async def waits():
    async with dspy.context(lm=None):  # ok
        return await dspy.BaseType  # !! dspy.BaseType
