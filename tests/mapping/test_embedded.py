"""A column over the embedded model, which is real and very small."""

import os

import pytest
from fixtures_models import gguf  # noqa: F401  a fixture

from askance import Session
from askance.mapping.entry import map_column
from askance.settings import Settings

WORDS = "apple dog red Paris table river music bread seven cloud horse green Berlin chair lake dance milk nine rain cat blue".split()


@pytest.fixture
def local(gguf, tmp_path):  # noqa: F811
    """A session that asks the embedded model, with nothing known."""
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "ASKANCE_CACHE_DIR": str(tmp_path / "cache")}
    session = Session.for_project(tmp_path, environ=environ, settings=Settings(model="local", local_model=str(gguf)))
    yield session
    session.loop.run(session.close())
    session.loop.close()


def test_a_short_column_completes(local):
    """Three words: each has some answer, in few tokens, and what it took was counted."""
    result = map_column(local, "What kind of thing is this?", WORDS[:3], max_output=6, progress=False)
    assert [bool(answer) for answer in result] == [True] * 3
    assert result.errors == {}
    assert result.usage.output > 0
    assert result.cost == 0.0


@pytest.mark.full
@pytest.mark.timeout(900)
def test_fifty_rows_complete_as_text_and_as_one_of_some_words(local):
    """50 different rows: each has an answer; with a schema each answer is one of its words."""
    column = [f"{word} {number}" for number in range(3) for word in WORDS][:50]
    kinds = ["animal", "colour", "city", "other"]
    prompt = "What kind of thing is this? Answer with one word: animal, colour, city or other."
    as_text = map_column(local, prompt, column, max_output=12, progress=False)
    assert as_text.errors == {}
    assert all(as_text)
    one_of = map_column(local, prompt, column, schema={"type": "string", "enum": kinds}, max_output=12, progress=False)
    assert one_of.errors == {}
    assert set(one_of) <= set(kinds)
