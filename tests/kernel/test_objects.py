"""`--json` and `--code` in a real kernel: objects as values of cells, code in the next cell."""

from __future__ import annotations

import json

import pytest
from scripted_server import Reply

SETUP = """
from dataclasses import dataclass
import pydantic
@dataclass
class Point:
    x: int
class Row(pydantic.BaseModel):
    name: str
    points: list[Point]
plain = {"type": "object", "required": ["x"], "properties": {"x": {"type": "integer"}}}
open("schema.json", "w").write('{"type": "array", "items": {"type": "integer"}}')
"""
CODE = "Here:\n\n```python\ndf.head()\n```\n\nand\n\n```\nx = {1}\n```\n"


@pytest.fixture
def running(kernel, serve):
    """A kernel with some schemas, and its server."""
    server = serve(Reply(['{"x": 1}']))
    started = kernel(server)
    started.run(SETUP)
    return started, server


def next_cells(outcome):
    """What the front end is told to put into a cell."""
    payload = outcome.reply["content"]["payload"]
    return [(part["text"], part["replace"]) for part in payload if part["source"] == "set_next_input"]


KINDS = {
    "Point": (['```json\n{"x"', ": 1}\n```"], "Point(x=1)"),
    "Row": (['Sure! {"name": "a", ', '"points": [{"x": 2}]} Done.'], "Row(name='a', points=[Point(x=2)])"),
    "plain": (['{"x": 3}'], "{'x': 3}"),
    "schema.json": (["[1, ", "2]"], "[1, 2]"),
    "int": (["42"], "42"),
}


def test_the_object_is_the_cells_value(running):
    """Whatever kind of schema: the value of the cell, of the name after "<<", and of `_ask.value`."""
    kernel, server = running
    for schema, (answer, shown) in KINDS.items():
        server.say(Reply(answer))
        asked = kernel.run(f"%ask -c none --json {schema} -- what is {{it}}? << it", f"cell-{schema}")
        assert asked.result == shown
        assert kernel.run("it").result == shown
        assert kernel.run("_ask.value == it, _ask.complete").result == "(True, True)"
        sent = server.asked[-1].json["messages"][-1]["content"]
        assert '"type": ' in sent.split("what is {it}?")[1]
        assert asked.outputs()[0]["data"]["text/markdown"].count("```") == (0 if schema in ("Row", "int") else 2)


def test_one_repair_round(running):
    """The first answer does not fit, the second does: two requests, one object; asked again, no request."""
    kernel, server = running
    server.say(Reply(['{"x": "1"}']), Reply(['{"x": 2}']))
    asked = kernel.run("%%ask --json Point\nwhere", "cell-1")
    assert asked.result == "Point(x=2)"
    assert len(server.asked) == 2
    assert "x: Input should be a valid integer" in server.asked[1].json["messages"][-1]["content"]
    (output,) = asked.outputs()
    assert '{"x": 2}' in output["data"]["text/markdown"]
    assert '{"x": "1"}' not in output["data"]["text/markdown"]
    again = kernel.run("%%ask --json Point\nwhere", "cell-1")
    assert again.result == "Point(x=2)"
    assert len(server.asked) == 2
    assert "1 " in kernel.run("%threads").printed.splitlines()[1]


def test_an_answer_that_never_fits_is_one_line(running):
    """After two requests there is an error of one line; the text stays in the cell and in `_ask`; the name is not taken."""
    kernel, server = running
    server.say(Reply(["I would rather not."]))
    asked = kernel.run("%ask --json Point where << point")
    (line,) = asked.error
    assert "no JSON" in line
    assert len(server.asked) == 2
    assert asked.outputs()[0]["data"]["text/markdown"].startswith("I would rather not.")
    assert kernel.run("_ask.text, _ask.value, 'point' in globals()").result == "('I would rather not.', None, False)"


MISTAKES = {
    "%ask --json nothing where": "no variable 'nothing'",
    "%ask --json --fresh where": "no variable '--fresh'",
    "%ask --json missing.json where": "cannot be read",
    "%ask --json five where": "no schema",
    "%ask --json function where": "A function is no schema",
    "%ask --code --json Point where": "do not go together",
    "%ask --bg --code where": "do not go together",
    "%ask --bg --dry where": "do not go together",
    "%ask --dry --prompt where": "do not go together",
    "%ask --wait where": "--wait goes alone",
    "%%ask --wait\nwhere": "--wait takes no question",
    "%ask --code": "Nothing was answered yet",
}


def test_what_cannot_be_is_one_line(running):
    """Each says what is wrong, and nothing is sent."""
    kernel, server = running
    kernel.run("five = 5\ndef function(): pass")
    for code, words in MISTAKES.items():
        (line,) = kernel.run(code).error
        assert words in line, code
    assert server.asked == []


def test_code_goes_into_the_next_cell(running):
    """All Python blocks of a whole answer, as `set_next_input` gives them to any front end; later on demand too."""
    kernel, server = running
    server.say(Reply([CODE]))
    asked = kernel.run("%ask --code show {it} << reply")
    assert next_cells(asked) == [("df.head()\n\nx = {1}", False)]
    assert server.asked[0].json["messages"][-1]["content"].count("python fence") == 1
    assert next_cells(kernel.run("%ask --code")) == [("df.head()\n\nx = {1}", False)]
    assert next_cells(kernel.run("%%ask --code\n")) == [("df.head()\n\nx = {1}", False)]
    assert kernel.run("reply.code == _ask.code").result == "True"
    server.say(Reply(["No code today."]))
    asked = kernel.run("%ask --code something else")
    assert (next_cells(asked), asked.printed) == ([], "The answer holds no code.\n")
    (line,) = kernel.run("%ask --code").error
    assert "The last answer holds no code" in line


def test_half_an_answer_gives_no_code(running):
    """Code that may be cut off is not put where somebody runs it."""
    kernel, server = running
    server.say(Reply([CODE], reset=True))
    assert next_cells(kernel.run("%ask --code show it")) == []
    assert kernel.run("_ask.complete, bool(_ask.code)").result == "(False, True)"


def test_the_prompt_is_shown_and_not_sent(running):
    """The very text that would leave, gated, as text to copy; with "<<" in a variable too."""
    kernel, server = running
    kernel.run("token = 'ghp_" + "a1B2" * 9 + "'\nwords = 'a ```` b'")
    shown = kernel.run("%%ask --prompt --json Point << sent\nwhat of @words and @token, {really}?", "cell-1")
    (output,) = [message["content"] for message in shown.messages if message["msg_type"] == "display_data"]
    text = output["data"]["text/plain"]
    assert output["metadata"]["askance"] == {"kind": "prompt"}
    assert "what of @words and @token, {really}?" in text
    assert "JSON schema" in text
    assert "ghp_" not in text
    fence = output["data"]["text/markdown"].split("text\n")[0]
    assert fence not in text
    assert set(fence) == {"`"}
    assert kernel.run(f"sent == {json.loads(json.dumps(text))!r}").result == "True"
    assert kernel.run("%ask --prompt --view plain hello").printed.rstrip().endswith("hello")
    assert server.asked == []


def test_a_dry_run_tells_the_price_and_sends_nothing(running):
    """The ledger, its tokens, and a line about the price."""
    kernel, server = running
    shown = kernel.run("%ask --dry --json Point what of @plain << ledger").printed.splitlines()
    assert any(line.startswith("variables") and " plain " in line for line in shown)
    assert "price" in shown[-1] or "$" in shown[-1]
    assert kernel.run("[item.name for item in ledger.sent][:1]").result == "['plain']"
    assert server.asked == []


def test_in_code_too(running):
    """`ask(..., json=...)` gives an answer with its value; what does not fit is an error."""
    kernel, server = running
    kernel.run("from askance import ask")
    assert kernel.run("ask('where {it}', json=Point).value").result == "Point(x=1)"
    server.say(Reply([CODE]))
    assert kernel.run("ask('show it', code=True, thread='t').blocks[0]").result == "('python', 'df.head()\\n')"
    (line,) = kernel.run("ask('again', json=Point)").error
    assert "no JSON" in line
    assert kernel.run("%threads").printed.splitlines()[2].split()[:2] == ["t", "1"]
