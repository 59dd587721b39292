import pytest
from answers import prompts


@pytest.fixture(scope="session")
def signature():
    return prompts.Answer
