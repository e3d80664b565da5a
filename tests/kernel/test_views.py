"""Views: what each shows, piece by piece, and the form that stays."""

from __future__ import annotations

import io

import pytest

from askance.kernel.table import table
from askance.kernel.view.final import bundle, footer, notice
from askance.kernel.view.markdown import MarkdownView
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
    """An output that remembers what it showed."""

    def __init__(self) -> None:
        self.shown: list[dict] = []

    def show(self, data, metadata=None) -> None:
        """Remember."""
        self.shown.append(dict(data))


def test_the_footer_says_how_the_answer_came():
    """Model, first token, tokens, items, cache."""
    made = answer(usage=Usage(input=1200, output=5, cached=1000), timing=Timing(first_text=0.123), cached="disk")
    said = "openai:my_model* · first token 0.12 s · 1,200 tokens in (1,000 cached), 5 out · 1 context item"
    assert footer(made) == f"{said} · from the cache (disk)"


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
    assert metadata["askance"]["items"] == [
        {"id": "variables:df", "fingerprint": "f1", "level": "full", "tokens": 1234}
    ]
    assert "its whole text" not in str(metadata)


def test_a_terminal_gets_plain_text_as_it_comes():
    """Every delta at once, nothing that steers the terminal, then one line."""
    stream = io.StringIO()
    view = TerminalView(stream)
    view.begin(ASK, "a1")
    view.text("Hel")
    assert stream.getvalue() == "Hel"
    view.text("lo\x1b[31m \x07red\n")
    view.end(answer())
    assert stream.getvalue() == "Hello[31m red\n\nopenai:my_model* · 1 context item\n"


def test_markdown_is_redrawn_four_times_a_second():
    """The first piece at once, then at most every quarter of a second, and always the end."""
    clock, output = FakeClock(), Display()
    view = MarkdownView(output, clock)
    for _ in range(10):
        view.text("a <b> ")
        clock.move(0.1)
    view.end(answer("done"))
    assert [data["text/markdown"].count("a") for data in output.shown[:-1]] == [1, 4, 7, 10]
    assert all("<b>" not in data["text/markdown"] for data in output.shown)
    assert output.shown[-1]["text/markdown"].startswith("done")


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
