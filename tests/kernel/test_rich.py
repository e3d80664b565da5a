"""The view that rich draws: every block once, nothing of the model's own that would steer the terminal."""

from __future__ import annotations

import io
import re
from importlib.util import find_spec

import pytest

from askance.errors import AskanceError, MissingExtra
from askance.kernel.view import choose
from askance.kernel.view.terminal_rich import RichView, finished
from askance.records import Answer, Ask
from askance.testing import FakeClock

ASK = Ask(question="why", model="openai:x", id="a1")
BLOCKS = [f"Paragraph {number} says *something* of its own.\n\n" for number in range(40)]


def answer(text: str) -> Answer:
    """An answer as a session gives it."""
    return Answer(question="why", text=text, model="openai:x")


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def shown(text: str, stream: io.StringIO | None = None) -> str:
    """What is written for an answer that comes in pieces of seven characters."""
    stream = stream or io.StringIO()
    clock = FakeClock()
    view = RichView(stream, clock)
    view.begin(ASK, "a1")
    for start in range(0, len(text), 7):
        view.text(text[start : start + 7])
        clock.move(0.2)
    view.end(answer(text))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("markdown", "done"),
    [
        ("", ""),
        ("One line", ""),
        ("One.\n\nTwo", "One.\n\n"),
        ("- a\n- b\n\n- c", ""),
        ("One.\n```python\nx = 1\n\ny", "One.\n"),
        ("```\nx\n```\nTwo", "```\nx\n```\n"),
        ("a\u2028b\n\nTwo", "a\u2028b\n\n"),
    ],
)
def test_all_blocks_but_the_last_are_finished(markdown, done):
    """A list, a fence or a paragraph may still grow; what stands before it may not."""
    assert markdown[: finished(markdown)] == done


def test_each_block_is_printed_once():
    """Where no cursor can move back, the answer stands there as if it had come in one piece."""
    written = shown("".join(BLOCKS))
    assert [written.count(f"Paragraph {number} ") for number in range(40)] == [1] * 40
    assert "\x1b" not in written


def test_a_terminal_is_redrawn_at_its_last_block_alone():
    """What is written grows with the answer, not with its square, and the last drawing of all is the whole."""
    one, two = shown("".join(BLOCKS[:20]), Terminal()), shown("".join(BLOCKS), Terminal())
    assert len(two) < 2.2 * len(one)
    assert all(2 <= two.count(f"Paragraph {number} ") <= 10 for number in range(40))
    assert two.rstrip().splitlines()[-1].count("openai:x") == 1


def test_nothing_of_the_model_steers_the_terminal():
    """No escape sequence but colours and our own redrawing; no markup, no HTML, no hidden address."""
    hostile = (
        "\x1b]8;;https://example.org/x\x07here\x1b]8;;\x07 \x1b[2J\x9b2J\u202e [red]not red[/red] :smile: <b>bold</b> "
        "[words](https://example.org/path) ![pic](https://example.org/p.png)\n\n`\x1b[31mred`\n\n```\n\x1b]0;title\x07\n```\n"
    )
    for stream in (io.StringIO(), Terminal()):
        written = shown(hostile, stream)
        assert not re.sub(r"\x1b\[[0-9;]*[mAK]|\x1b\[2K|\x1b\[\?25[lh]|\r", "", written).count("\x1b")
        assert not set(written) & {"\x07", "\x9b", "\u202e"}
        plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", written)
        assert "[red]not red[/red] :smile: <b>bold</b>" in plain
        assert "words (https://example.org/path)" in re.sub(r"\s+", " ", plain)


def test_the_end_shows_what_was_not_shown_yet():
    """An answer that was stopped, or put right, at its end."""
    stream = io.StringIO()
    view = RichView(stream, FakeClock())
    view.text("Yes. ")
    view.end(answer("Yes. No."))
    view.end(answer("Yes. No."))
    assert stream.getvalue().count("Yes. No.") == 1


def test_in_the_background_it_says_what_it_answers(monkeypatch):
    """A heading, then the answer; or the line of an error."""
    stream = io.StringIO()
    view = RichView(stream, FakeClock(), background=True)
    view.begin(ASK, "a1")
    view.failed(AskanceError("no [red] server"))
    assert stream.getvalue() == "openai:x on: why\naskance: no [red] server\n"


class Shell:
    """A shell without a kernel."""

    kernel = None


def test_a_terminal_gets_rich_where_it_is_installed(monkeypatch):
    """Only a terminal, only with rich; who asks for it without having it is told what to install."""
    assert find_spec("rich") is not None
    monkeypatch.setattr("sys.stdout", Terminal())
    assert choose.kind(Shell(), "auto", interactive=False) == "rich"
    assert isinstance(choose.make("rich", Shell(), print), RichView)
    monkeypatch.setattr(choose, "find_spec", lambda name: None)
    assert choose.kind(Shell(), "auto", interactive=False) == "plain"
    with pytest.raises(MissingExtra, match="askance\\[terminal\\]"):
        choose.make("rich", Shell(), print)
    monkeypatch.undo()
    monkeypatch.setattr("sys.stdout", io.StringIO())
    assert choose.kind(Shell(), "auto", interactive=False) == "plain"
