"""An ask in a real kernel: what goes out, what stays in the notebook, what a mistake looks like."""

from __future__ import annotations

import pytest
from scripted_server import Reply, error

ODD = "what is {x} and {{y}} $z %s %(a)s 'q' \"r\" \\n ?  \n>>> df.head()\n...     2\n\tlast { `\u00e9`"


def question_sent(request) -> str:
    """The end of the last message: the context comes before it."""
    return request.json["messages"][-1]["content"]


def test_a_cell_arrives_byte_for_byte(kernel, serve):
    """Braces, dollars, percents, quotes, prompts, tabs and trailing spaces reach the model as they were typed."""
    server = serve(Reply(["Yes."]))
    kernel(server).run(f"%%ask --context none\n{ODD}")
    assert question_sent(server.asked[0]) == ODD


@pytest.mark.parametrize("line", ["why is {x} negative?", "what is 'this' and $that? ", "x??", "is f( open?"])
def test_a_line_arrives_byte_for_byte(kernel, serve, line):
    """A question mark at the end of a line is no call for help, and nothing in it is expanded."""
    server = serve(Reply(["Yes."]))
    asked = kernel(server).run(f"x = 1\n%ask -c none {line}\ny = 2")
    assert question_sent(server.asked[0]) == line
    assert not asked.contents("error")


def test_the_answer_stays_as_inert_markdown_and_plain_text(kernel, serve):
    """Two MIME types, no HTML, no image; a manifest without contents; the answer in `_ask` and in the named variable."""
    server = serve(Reply(["Well, **yes**.\n\n", "<img src=x onerror=alert(1)> ![a](http://x/y.png)"]))
    running = kernel(server)
    running.run("secret_word = 'xyzzy'")
    (output,) = running.run("%ask what of @secret_word << reply").outputs()
    assert sorted(output["data"]) == ["text/markdown", "text/plain"]
    markdown = output["data"]["text/markdown"]
    assert markdown.startswith("Well, **yes**.")
    assert "<img" not in markdown
    assert "![" not in markdown
    manifest = output["metadata"]["askance"]
    assert manifest["complete"] is True
    assert "variables:secret_word" in [item["id"] for item in manifest["items"]]
    assert "xyzzy" not in str(output["metadata"])
    assert running.run("_ask is reply, _ask.complete, _ask.usage.input").result == "(True, True, 10)"
    assert server.asked[0].json["messages"][-1]["content"].endswith("what of @secret_word")


def test_asking_again_comes_from_the_cache(kernel, serve):
    """The same question costs nothing, and says so."""
    server = serve(Reply(["Yes."]))
    running = kernel(server)
    running.run("%ask really")
    (output,) = running.run("%ask really").outputs()
    assert "from the cache (memory)" in output["data"]["text/plain"]
    assert len(server.asked) == 1
    assert "1 of 2 lookups answered (50 %)" in running.run("%askcache").printed
    running.run("%askcache clear")
    running.run("%ask really")
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("%%ask", "There is no question"),
        ("%%ask\n   \n", "There is no question"),
        ("%ask", "There is no question"),
        ("%ask --modle x why", "Did you mean --model?"),
        ("%ask --budget many why", "a whole number"),
        ("%ask -c some why", "auto, none, only"),
        ("%ask -m nonsense:x why", "no model is called"),
        ("%ask -m anthropic why", "ANTHROPIC_API_KEY"),
        ("%ctx", "Nothing was asked yet"),
        ("%askcache burn", "%askcache stats"),
    ],
)
def test_a_mistake_is_one_line(kernel, code, words):
    """One line that says what to type next, and the kernel goes on."""
    running = kernel(OPENAI_API_KEY="sk-of-a-test", OPENAI_BASE_URL="http://127.0.0.1:9/v1")
    (line,) = running.run(code).error
    assert words in line
    assert running.run("1 + 1").result == "2"


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (error(401, "bad key"), "key"),
        (error(404, "The model `x` does not exist"), "model"),
    ],
)
@pytest.mark.parametrize("cell_id", [None, "cell-1"])
def test_a_refusal_is_one_line(kernel, serve, reply, words, cell_id):
    """What the server refuses ends in one line, in every view; no answer is left behind."""
    running = kernel(serve(reply))
    asked = running.run("%ask why", cell_id)
    (line,) = asked.error
    assert words in line.lower()
    assert [output["data"] for output in asked.outputs()] in ([], [{"text/plain": ""}])
    assert running.run("'_ask' in globals()").result == "False"


def test_an_answer_that_breaks_off_is_kept(kernel, serve):
    """What came before the fault stays, marked incomplete, and the cell does not fail."""
    running = kernel(serve(Reply(["Half an answer. "], reset=True)))
    asked = running.run("%ask why")
    (output,) = asked.outputs()
    assert output["data"]["text/markdown"].startswith("Half an answer.")
    assert "incomplete: " in output["data"]["text/plain"]
    assert output["metadata"]["askance"]["complete"] is False
    assert not asked.contents("error")


def test_the_ledger_is_a_table(kernel, serve):
    """`%ctx` shows what was sent; `%ctx` with a question and `--dry` show what would be, and send nothing."""
    server = serve(Reply(["Yes."]))
    running = kernel(server)
    running.run("rows = [1, 2]")
    running.run("%ask what of @rows")
    shown = running.run("%ctx").printed.splitlines()
    assert shown[0].split() == ["source", "name", "level", "tokens", "score", "status", "why"]
    assert any(line.split()[:2] == ["variables", "rows"] for line in shown)
    assert "tokens in all" in "".join(shown)
    for preview in ("%ctx what of @rows?", "%ask --dry what of @rows?", "%%ask --dry\nwhat of @rows?"):
        assert "rows" in running.run(preview).printed
    assert len(server.asked) == 1
