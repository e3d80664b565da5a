"""`%fix`, `%explain`, `%%test`, `%%doc`: what they ask, their flags, and whose names they leave alone."""

from __future__ import annotations

import pytest
from scripted_server import Reply

from askance.kernel.presets import PRESETS

ODD = "def f(x):\n    '''{x} %s ```` $y'''\n\treturn x  \n>>> f(1)"
OTHERS = """
from IPython.core.magic import register_line_magic
@register_line_magic
def explain(line): return f"mine: {line}"
"""


@pytest.fixture
def asked(kernel, serve):
    """Runs a cell, and gives the question that arrived."""
    server = serve(Reply(["Well.\n\n```python\nfixed = 1\n```\n"]))
    running = kernel(server)

    def ask(code):
        outcome = running.run(code)
        assert not outcome.contents("error"), outcome.error
        ask.outcome = outcome
        return server.asked[-1].json["messages"][-1]["content"]

    ask.kernel, ask.server = running, server
    yield ask


def wrong(asked, code):
    """The one line that a cell fails with."""
    (line,) = asked.kernel.run(code).error
    return line


def test_fix_sends_the_last_error_in_full(asked):
    """Its traceback, the source around it and its locals' outlines; asking about it does not make it go away."""
    asked.kernel.run("def half(count):\n    word = 'abc'\n    return count / 0")
    asked.kernel.run("half(7)")
    for line in ("%fix", "%fix -t other and what of {count}?"):
        sent = asked(line)
        assert "@err" in sent
        for told in ("ZeroDivisionError", "return count / 0", "count: int", "word: str"):
            assert told in sent, told
    assert sent.endswith("and what of {count}?")
    asked.kernel.run("1")
    assert "no error to fix" in wrong(asked, "%fix")


def test_explain_means_what_is_named(asked):
    """Nothing: the last cell of the user's own; a variable by its name; a file; any words, a question mark included."""
    assert "No cell has run yet" in wrong(asked, "%explain")
    asked.kernel.run("sales = [1, 2]\nsales.append(3)")
    sent = asked("%explain")
    assert sent.rstrip().split("\n")[-1].startswith("@cell[")
    assert "sales.append(3)" in sent
    assert asked("%explain sales").endswith("@sales")
    assert asked("%explain @utils.py").endswith("@utils.py")
    assert asked("%explain what {this} is?").endswith("what {this} is?")


def test_test_and_doc_take_the_cell_and_give_code(asked):
    """The cell's text arrives byte for byte in a fence it cannot end; the code goes into the next cell."""
    for name in ("test", "doc"):
        sent = asked(f"%%{name} -c none mind the {{edges}}\n{ODD}")
        assert sent.startswith(next(preset.asked for preset in PRESETS if preset.name == name))
        assert f"mind the {{edges}}\n\n`````python\n{ODD}\n`````" in sent
        assert sent.endswith("and nothing else.")
        (payload,) = asked.outcome.reply["content"]["payload"]
        assert payload["text"] == "fixed = 1"
    assert "The cell is empty" in wrong(asked, "%%test\n \n")


def test_they_have_the_flags_of_ask(asked):
    """Shown and not sent, kept in a name, in the background, as an object."""
    before = len(asked.server.asked)
    assert "@err" not in asked.kernel.run("%explain --prompt --view plain what").printed
    assert "tokens in all" in asked.kernel.run("%explain --dry what").printed
    assert "Did you mean --fresh?" in wrong(asked, "%explain --frsh what")
    assert len(asked.server.asked) == before
    asked("%explain what << reply")
    assert asked.kernel.run("reply is _ask, reply.code").result == "(True, 'fixed = 1\\n')"
    asked.kernel.run("%%test --bg\nx = 1")
    asked.kernel.run("%ask --wait")
    assert asked.kernel.run("_ask.complete").result == "True"
    asked.server.say(Reply(["[1]"]))
    assert asked.kernel.run("%%test --json list\nx = 2").result == "[1]"
    assert "takes words of your own" in asked.kernel.run("%fix?").reply["content"]["payload"][0]["data"]["text/plain"]


def test_a_name_that_is_taken_stays_with_its_owner(kernel, serve):
    """One word about it when loading; it still works, loses no question mark's help, and survives the unloading."""
    running = kernel(serve(Reply(["Yes."])), load=False)
    running.run(OTHERS)
    assert running.run("%load_ext askance").printed == "askance: taken already, and left as it is: %explain\n"
    assert running.run("%explain this").result == "'mine: this'"
    running.run("%unload_ext askance")
    assert running.run("%explain this").result == "'mine: this'"
    assert "not found" in running.run("%fix").printed


def test_a_name_that_somebody_takes_later_is_theirs(kernel):
    """Unloading takes away only what is still ours."""
    running = kernel()
    running.run(OTHERS)
    running.run("%unload_ext askance")
    assert running.run("%explain this").result == "'mine: this'"
