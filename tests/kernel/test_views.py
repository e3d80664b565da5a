"""Views: what each shows, piece by piece, and the form that stays."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from prompt_toolkit.patch_stdout import StdoutProxy, patch_stdout

from askance import __version__
from askance.errors import AskanceError
from askance.kernel.table import price_line, table
from askance.kernel.view.final import bundle, footer, manifest, money, notice
from askance.kernel.view.later import LaterView, at_prompt
from askance.kernel.view.markdown import FinalView, MarkdownView
from askance.kernel.view.output import MOST_KEPT, Output, shown
from askance.kernel.view.terminal import TerminalView
from askance.records import Answer, Ask, Item, Ledger, Note, Timing, Usage
from askance.testing import FakeClock

ASK = Ask(question="why", model="openai:x")


def item(name: str, status: str = "sent", tokens: int = 1234) -> Item:
    """A line of a ledger."""
    return Item(
        source="variables",
        name=name,
        level="full",
        tokens=tokens,
        score=0.5,
        parts={"mention": 0.5},
        why="named in\nthe question",
        fingerprint="f1",
        status=status,
        text="its whole text",
    )


def answer(text: str = "Yes.", **more) -> Answer:
    """An answer as a session gives it."""
    given = {"model": "openai:my_model*", "ledger": Ledger(items=(item("df"), item("other", "cut", 0)))}
    return Answer(question="why", text=text, **{**given, **more})


class Display:
    """A shell whose publisher remembers what it showed."""

    def __init__(self) -> None:
        self.shown: list[dict] = []
        self.display_pub = self

    def publish(self, *, data, metadata, transient, update) -> None:
        """Remember."""
        self.shown.append({"data": data, "metadata": metadata, "id": transient["display_id"], "update": update})

    @property
    def texts(self) -> list[str]:
        """The plain text of everything that was shown."""
        return [shown["data"]["text/plain"] for shown in self.shown]


def test_the_footer_says_how_the_answer_came():
    """Model, first token, pace, tokens, price, items."""
    made = answer(
        usage=Usage(input=1234, output=210, cached=1000),
        timing=Timing(first_text=0.32, total=2.82),
        cost=0.00312,
        ledger=Ledger(items=(item("df"), item("a", "kept"), item("b", "kept"), item("other", "cut", 0))),
    )
    said = "openai:my_model* · first token 0.32 s · 84 tokens/s · 1,234 tokens in (1,000 cached), 210 out · $0.0031"
    assert footer(made) == f"{said} · 3 context items (2 told before)"


def test_a_cached_answer_says_what_it_saved():
    """What asking again would have cost; nothing where the price is unknown, and no pace of a memory."""
    usage = Usage(input=1000, output=100)
    known = answer(
        model="anthropic:claude-sonnet-5-5", usage=usage, cached="disk", cost=0.0, timing=Timing(first_text=0.0)
    )
    said = "first token 0.00 s · 1,000 tokens in, 100 out · $0.003 saved · 1 context item · from the cache (disk)"
    assert footer(known) == f"anthropic:claude-sonnet-5-5 · {said}"
    assert "$" not in footer(answer(usage=usage, cached="memory", cost=0.0))


@pytest.mark.parametrize("cost", [None, 0.0])
def test_a_price_is_told_only_if_there_is_one(cost):
    """Unknown stays unknown, and what runs on the user's own machine is not worth a word."""
    assert "$" not in footer(answer(cost=cost))


@pytest.mark.parametrize(
    ("dollars", "said"),
    [
        (0.0, "$0"),
        (0.00001, "less than $0.0001"),
        (0.00312, "$0.0031"),
        (0.003, "$0.003"),
        (0.0996, "$0.10"),
        (0.5, "$0.50"),
        (1.2, "$1.20"),
        (1234.567, "$1,234.57"),
    ],
)
def test_money_has_two_digits_that_say_something(dollars, said):
    """At least cents, and no more digits than matter."""
    assert money(dollars) == said


def test_the_embedded_model_is_called_what_it_is():
    """A demo-grade answer says so, and how to get a better one."""
    assert footer(answer(model="local")).endswith(
        "demo-grade model; for a better one set ANTHROPIC_API_KEY, OPENAI_API_KEY or GEMINI_API_KEY"
    )


@pytest.mark.parametrize(
    ("ended", "complete", "told", "said"),
    [
        ("stop", True, "", ""),
        ("length", True, "", "cut at the answer's size limit"),
        ("stopped", False, "Stopped.", "stopped"),
        ("error", False, "the server\nhung up", "incomplete: the server hung up"),
    ],
)
def test_a_notice_for_every_end(ended, complete, told, said):
    """One line, or none if all is well."""
    assert notice(answer(ended=ended, complete=complete, notice=told)) == said


def test_the_final_bundle_is_inert_to_its_last_line():
    """Neither the answer nor what a server said in an error brings markup in."""
    made = answer("<b>hi</b>\n```python\nx", ended="error", complete=False, notice="<script> ![x](http://e/v) *_`")
    data, metadata = bundle(made)
    from markdown_it import MarkdownIt

    html = MarkdownIt("commonmark", {"html": True}).render(data["text/markdown"])
    assert "<b>" not in html
    assert "<script" not in html
    assert "<img" not in html
    assert html.count("<em>") == 1  # the footer is one stretch of italics, whatever stands in it
    assert data["text/plain"].startswith("<b>hi</b>")
    assert "its whole text" not in str(metadata)


def test_the_manifest_holds_names_numbers_and_fingerprints():
    """What a notebook keeps about an answer: all of it plain JSON, none of it contents."""
    made = answer(
        id="a1",
        cost=0.25,
        thread="plots",
        usage=Usage(input=3, output=2, cached=1),
        timing=Timing(gathered=0.1, first_text=0.25, total=1.5),
        ledger=Ledger(items=(replace(item("df"), facts={"rows": 3}), item("other", "cut", 0))),
    )
    noted = manifest(made, datetime(2026, 11, 23, 17, 30, tzinfo=UTC))
    assert json.loads(json.dumps(noted)) == noted
    assert len(noted.pop("question")) == 16
    assert noted == {
        "version": __version__,
        "id": "a1",
        "model": "openai:my_model*",
        "thread": "plots",
        "time": "2026-11-23T17:30:00+00:00",
        "items": [
            {
                "id": "variables:df",
                "fingerprint": "f1",
                "level": "full",
                "tokens": 1234,
                "status": "sent",
                "facts": {"rows": 3},
            }
        ],
        "usage": {"input": 3, "output": 2, "cached": 1, "written": 0},
        "cost": 0.25,
        "timing": {"first_text": 0.25, "total": 1.5},
        "cached": None,
        "complete": True,
        "ended": "stop",
        "notice": "",
    }


def test_an_answer_says_that_it_is_stale_and_takes_it_back():
    """The same output with one more line, inert, found by the answer's id; without it when nothing has changed any more."""
    display = Display()
    FinalView(Output(display)).end(answer("Yes.", id="stale-1"))
    output = shown("stale-1")
    output.say_stale("df +2 columns,\nutils_py <b> edited")
    output.say_stale("")
    first, stale, last = display.shown
    assert [entry["update"] for entry in display.shown] == [False, True, True]
    assert len({entry["id"] for entry in display.shown}) == 1
    line = "stale: df +2 columns, utils_py <b> edited. Run the cell to ask again."
    assert stale["data"]["text/plain"] == f"{first['data']['text/plain']}\n{line}"
    assert "utils_py &lt;b\\> edited" in stale["data"]["text/markdown"]
    assert stale["metadata"]["askance"]["stale"].startswith("df +2 columns")
    assert (last["data"], last["metadata"]) == (first["data"], first["metadata"])


def test_only_the_latest_outputs_are_kept():
    """The fifty-first answer lets go of the first."""
    for number in range(MOST_KEPT + 1):
        Output(Display()).finish(answer(id=f"kept-{number}"))
    assert shown("kept-0") is None
    assert shown("kept-1") is not None
    assert shown("never") is None


def test_a_terminal_gets_plain_text_as_it_comes():
    """Every delta at once, nothing that steers the terminal, then what was not shown yet, then one line."""
    stream = io.StringIO()
    view = TerminalView(stream)
    view.begin(ASK, "a1")
    view.text("Hel")
    assert stream.getvalue() == "Hel"
    view.text("lo\x1b[31m \x07\u202ered\n")
    view.end(answer("Hello\x1b[31m \x07\u202ered\nand green"))
    assert stream.getvalue() == "Hello[31m red\nand green\n\nopenai:my_model* · 1 context item\n"


def test_another_text_than_was_seen_is_shown_whole():
    """An answer that was put right at its end is not lost for its beginning."""
    stream = io.StringIO()
    view = TerminalView(stream)
    view.text("{oops")
    view.end(answer('{"a": 1}'))
    assert stream.getvalue() == '{oops\n\n{"a": 1}\n\nopenai:my_model* · 1 context item\n'


class Prompt:
    """A shell in a terminal: its events, and a stream."""

    def __init__(self) -> None:
        self.callbacks: list = []
        self.events = self

    def register(self, name, callback) -> None:
        """Keep it."""
        assert name == "post_run_cell"
        self.callbacks.append(callback)

    def unregister(self, name, callback) -> None:
        """Forget it."""
        self.callbacks.remove(callback)


def later(shell: Prompt, stream: io.StringIO) -> LaterView:
    """A view in the background of a terminal."""
    return LaterView(lambda: TerminalView(stream, background=True), at_prompt(shell))


def test_an_answer_in_the_background_waits_for_the_next_cell():
    """While something else may write nothing is written; then all of it, once, with what it answers."""
    shell, stream = Prompt(), io.StringIO()
    view = later(shell, stream)
    view.begin(replace(ASK, question="\n why is\nit so"), "a1")
    view.text("Yes")
    view.end(answer("Yes."))
    assert stream.getvalue() == ""
    (callback,) = shell.callbacks
    callback(None)
    assert shell.callbacks == []
    assert stream.getvalue() == "openai:x on: why is\n\nYes.\n\nopenai:my_model* · 1 context item\n"


def test_an_answer_in_the_background_is_drawn_above_a_prompt_that_gives_way(monkeypatch):
    """prompt_toolkit draws what is written above the prompt: the answer, or the line of its error, comes at once."""
    shell, stream = Prompt(), io.StringIO()
    with patch_stdout(raw=True):
        assert isinstance(sys.stdout, StdoutProxy)
        view = later(shell, stream)
        view.begin(ASK, "a1")
        view.failed(AskanceError("no such\x1b server"))
    assert shell.callbacks == []
    assert stream.getvalue() == "openai:x on: why\n\naskance: no such server\n"


def test_markdown_is_redrawn_four_times_a_second():
    """The first piece at once, then at most every quarter of a second, and always the end."""
    clock, display = FakeClock(), Display()
    view = MarkdownView(Output(display), clock)
    view.begin(ASK, "a1")
    for _ in range(10):
        view.text("a <b> ")
        clock.move(0.1)
    view.end(answer("done"))
    texts = [entry["data"]["text/markdown"] for entry in display.shown]
    assert [text.count("a") for text in texts[:-1]] == [1, 4, 7, 10]
    assert all("<b>" not in text for text in texts)
    assert texts[-1].startswith("done")


def test_where_nobody_watches_only_the_end_is_shown():
    """One message for the whole answer, and none for a failure, which IPython shows."""
    display = Display()
    view = FinalView(Output(display))
    view.begin(ASK, "a1")
    for _ in range(10):
        view.text("more ")
    assert display.shown == []
    view.end(answer("done"))
    assert [entry["update"] for entry in display.shown] == [False]
    view = FinalView(Output(Display()))
    view.failed(AskanceError("no such server"))
    assert len(display.shown) == 1


@pytest.mark.parametrize("make", [FinalView, lambda output, **more: MarkdownView(output, FakeClock(), **more)])
def test_in_the_background_an_output_takes_its_place_at_once(make):
    """Where it asked, so that the answer, or the line of a failure, lands there later."""
    display = Display()
    view = make(Output(display), background=True)
    view.begin(ASK, "a1")
    view.failed(AskanceError("no such server", "Try another."))
    assert display.texts == ["asking openai:x …", "askance: no such server. Try another."]
    assert [entry["update"] for entry in display.shown] == [False, True]


def test_the_table_is_aligned():
    """One line per item whatever its words, then the total, then the notes."""
    ledger = Ledger(
        items=(item("df"), item("a" * 60, "cut", 0)),
        budget=4000,
        tokens=1500,
        notes=(Note(source="git", message="was late"),),
    )
    lines = table(ledger).splitlines()
    assert len(lines) == 5
    assert lines[1].split() == ["variables", "df", "full", "1,234", "0.50", "sent", "named", "in", "the", "question"]
    assert len({line.index("named in") for line in lines[1:3]}) == 1
    assert "…" in lines[2]
    assert lines[3] == "1 of 2 items sent, 1,500 of 4,000 tokens in all."
    assert lines[4] == "note: git: was late"


def test_the_table_says_what_a_conversation_brings_along():
    """What was told before, how many turns go along, and what of it holds no longer."""
    ledger = Ledger(
        items=(item("df", "kept"),), budget=4000, tokens=2000, turns=3, history=1240, outdated=("a", "b.py")
    )
    lines = table(ledger).splitlines()
    assert "kept" in lines[1].split()
    assert lines[2:] == [
        "1 of 1 items sent, 2,000 of 4,000 tokens in all.",
        "3 earlier turns go along (1,240 tokens).",
        "changed since it was told: a, b.py",
    ]
    assert "1 earlier turn goes along (5 tokens)." in table(Ledger(turns=1, history=5))


def test_the_price_of_what_would_be_sent():
    """About what the request costs and at most what the answer does; unknown and free said as such."""
    ledger = Ledger(tokens=6000)
    ask = replace(ASK, model="anthropic:claude-sonnet-5-5", max_output=8192)
    assert price_line(ledger, ask) == "about $0.012 to send, at most $0.082 to answer"
    assert price_line(ledger, ASK).startswith("price unknown")
    assert price_line(ledger, replace(ASK, model="ollama:x")).startswith("nothing to pay")
