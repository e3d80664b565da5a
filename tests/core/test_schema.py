"""JSON in answers: what is found, what fits, what is said of the rest."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated

import pydantic
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from typing_extensions import TypedDict

from askance.errors import BadAnswer, UsageError
from askance.fences import fenced
from askance.jsontext import values
from askance.schema import is_schema, schema_of

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
HOLDERS = st.dictionaries(st.text(), PLAIN, min_size=1) | st.lists(PLAIN, min_size=1)
WORDS = st.text(alphabet=st.characters(exclude_characters='[]{}`~"', exclude_categories=("Cs",)))
ANY = {"type": ["object", "array"]}


@dataclass
class Point:
    """Two whole numbers."""

    x: int
    y: int


class Route(pydantic.BaseModel):
    """A model with another type in it."""

    name: str
    points: list[Point]


class Options(TypedDict):
    """A dict with known keys."""

    depth: int


@settings(deadline=None)
@example([1], "NaN is no number, but:", "", False, False)
@example({"a": 1}, "Infinity", "-Infinity", True, True)
@given(HOLDERS, WORDS, WORDS, st.booleans(), st.booleans())
def test_words_and_a_fence_around_the_value_do_not_matter(value, before, after, fence, pretty):
    """Whatever stands before and after, the value comes through as it was."""
    text = json.dumps(value, ensure_ascii=False, indent=2 if pretty else None)
    answer = f"{before}\n{fenced(text, 'json') if fence else text}\n{after}"
    assert schema_of(ANY).validate(answer) == value


@settings(deadline=None)
@given(HOLDERS, st.data())
def test_a_part_is_never_taken_for_the_whole(value, data):
    """An answer that breaks off is refused, also where something in it is whole."""
    text = json.dumps(value, ensure_ascii=False)
    cut = data.draw(st.integers(1, len(text) - 1))
    with pytest.raises(BadAnswer) as caught:
        schema_of(ANY).validate(text[:cut])
    assert "\n" not in str(caught.value)


@settings(deadline=None)
@given(st.text())
def test_no_text_does_harm(text):
    """Any answer gives values or one line."""
    try:
        assert all(json.loads(found) is not ... for found in values(text))
    except BadAnswer as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize("answer", ["42", " 42\n", "```\n42\n```", "```json\n42\n```"])
def test_a_single_number_stands_alone(answer):
    """Among words it would be a guess."""
    assert schema_of(int).validate(answer) == 42
    with pytest.raises(BadAnswer, match="no JSON"):
        schema_of(int).validate("The answer is 42.")


@pytest.mark.parametrize(
    ("thing", "answer", "value"),
    [
        (Point, '{"x": 1, "y": 2}', Point(1, 2)),
        (Route, '{"name": "a", "points": [{"x": 1, "y": 2}]}', Route(name="a", points=[Point(1, 2)])),
        (Options, '{"depth": 3}', {"depth": 3}),
        (list[Point], '[{"x": 1, "y": 2}]', [Point(1, 2)]),
        (Annotated[int, pydantic.Field(gt=3)], "4", 4),
        ({"type": "object", "properties": {"a": {"type": "integer"}}}, '{"a": 1}', {"a": 1}),
    ],
)
def test_each_kind_of_schema_gives_its_object(thing, answer, value):
    """Models and dataclasses become what they are; the schema's text is canonical JSON."""
    schema = schema_of(thing)
    assert schema.validate(answer) == value
    assert schema.text == json.dumps(json.loads(schema.text), sort_keys=True)
    assert schema == schema_of(thing)


def test_the_order_of_a_dict_does_not_change_its_name():
    """The same schema asks for the same cached answer."""
    one, other = {"type": "object", "required": ["a"]}, {"required": ["a"], "type": "object"}
    assert schema_of(one).text == schema_of(other).text


@pytest.mark.parametrize(
    ("thing", "answer", "words"),
    [
        (Route, '{"name": "a", "points": [{"x": 1, "y": "2"}]}', "points[0].y: Input should be a valid integer"),
        (Route, '{"points": 7}', "name: Field required (and 1 more)"),
        (
            {"properties": {"a": {"items": {"type": "integer"}}}},
            '{"a": [1, "b"]}',
            "a[1]: 'b' is not of type 'integer'",
        ),
        (Point, '{"x": 1, "y": 2} or {"x": 3, "y": 4}', "2 JSON values"),
        (Point, "I cannot tell.", "no JSON"),
        (Point, '{"x": 1, "y": ', "breaks off"),
        (Point, '{"x": 1, "y', "breaks off"),
        (Point, '{"x": NaN, "y": 1}', "NaN is no JSON"),
        (Point, "{'x': 1, 'y': 2} {", "breaks off"),
        (Point, '{"x": 1 "y": {"x": 1, "y": 2}}', "broken"),
        (Point, "[" * 100_000, "cannot be read"),
        (Point, '{"x": ' + "9" * 5000 + "}", "cannot be read"),
    ],
)
def test_what_does_not_fit_is_said_in_one_line(thing, answer, words):
    """Where it is, and what is wrong there."""
    with pytest.raises(BadAnswer) as caught:
        schema_of(thing).validate(answer)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


def test_an_aside_in_brackets_is_no_answer():
    """Of several values the one that fits counts, if it is the only one."""
    assert schema_of(Point).validate('As [1] says: {"x": 1, "y": 2}') == Point(1, 2)


def test_an_address_in_a_schema_is_never_loaded(monkeypatch):
    """A "$ref" to elsewhere is a fault of the schema, and no request."""
    import urllib.request

    def asked(*_args, **_kwargs):
        pytest.fail("an address was loaded")

    monkeypatch.setattr(urllib.request, "urlopen", asked)
    with pytest.raises(BadAnswer, match="cannot be followed"):
        schema_of({"$ref": "http://127.0.0.1:9/x.json"}).validate("{}")


@pytest.mark.parametrize(
    ("thing", "words"),
    [
        (5, "no schema"),
        (lambda: 0, "A function is no schema"),
        ({"type": "nonsense"}, "no JSON schema: type"),
        ({"enum": {1, 2}}, "no JSON schema"),
        ("missing.json", "cannot be read"),
    ],
)
def test_what_is_no_schema_is_said_in_one_line(thing, words):
    """Before anything is asked."""
    with pytest.raises(UsageError) as caught:
        schema_of(thing)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_can_hold_the_schema(tmp_path):
    """A JSON object; anything else is one line."""
    path = tmp_path / "schema.json"
    path.write_text('{"type": "integer"}')
    assert schema_of(path) == schema_of(str(path)) == schema_of({"type": "integer"})
    for content, words in (("[1]", "holds no JSON schema"), ("{", "is no JSON")):
        path.write_text(content)
        with pytest.raises(UsageError, match=words):
            schema_of(path)


def test_completion_touches_no_object():
    """Only classes and plain dicts are looked at."""

    class Hostile:
        def __getattribute__(self, name):
            raise RuntimeError

        __eq__ = __hash__ = __len__ = __iter__ = __bool__ = lambda *_: 1 / 0

    things = [Point, Route, Options, {"type": "object"}, int, Hostile, Hostile(), {}, {1: 2}, "x"]
    assert [is_schema(thing) for thing in things] == [True] * 4 + [False] * 6
