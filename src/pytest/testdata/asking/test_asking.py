import dspy

lm = dspy.LM("openai/stub", temperature=0.0, max_tokens=50, num_retries=0)


def test_asks():
    assert lm("Which colour has the sky?") == ["blue"]


def test_asks_the_same():
    assert lm("Which colour has the sky?") == ["blue"]
