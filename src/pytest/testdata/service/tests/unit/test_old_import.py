from dspy.primitives.program import Module


def test_module():
    assert Module
