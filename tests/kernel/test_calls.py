"""Calls of tools as people read them: lines, and what a notebook keeps of them, which is text whatever was in them."""

from __future__ import annotations

import io
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from browser.payloads import payloads
from kernel.test_views import ASK, Display, answer, item
from markdown_it import MarkdownIt
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from rich.console import Console

from askance.kernel.printing import visible
from askance.kernel.view.calls import MOST_SAVED, Lines, as_text, folded, line, spelled
from askance.kernel.view.final import bundle, footer
from askance.kernel.view.later import LaterView
from askance.kernel.view.markdown import FinalView, MarkdownView
from askance.kernel.view.output import Output
from askance.kernel.view.sidebar import SidebarView
from askance.kernel.view.terminal import TerminalView
from askance.kernel.view.terminal_rich import RichView
from askance.kernel.view.variable import Variables
from askance.records import Ledger, ToolUse
from askance.testing import FakeClock

OURS = {"p", "details", "summary", "code", "pre", "em"}
"""The elements that a saved answer with calls is made of."""

URL = "http://127.0.0.1:9/forbidden"
HOSTILE = [one.text for one in payloads(URL)]
ODD = ["```\n</pre></details><script>x</script>", "~~~\n\n\n# a", "$$\n\\href{javascript:x}{y}\n$$", "]]>", "a\0b\rc", "\ud800",
       "\u202etxt.exe", "</summary></details>", "    indented\n\n\n<b>", "&lt;b&gt; &#60;b&#62;", "1. a\n\n   <img src=x>"]  # fmt: skip


def use(state: str = "done", text: str = "its result", **more) -> ToolUse:
    """A call as a session tells of it."""
    given = {"id": "c1", "name": "read_file", "arguments": '{"path":"utils.py"}', "seconds": 0.0124}
    return ToolUse(**{**given, "state": state, "text": text, **more})


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (use(), '→ read_file(path="utils.py") · 12 ms · 10 characters'),
        (use(text="x" * 1204, seconds=1.24), '→ read_file(path="utils.py") · 1.2 s · 1,204 characters'),
        (use(text="x" * 4000), '→ read_file(path="utils.py") · 12 ms · more than 4,000 characters'),
        (use(text="x", cached=True), '→ read_file(path="utils.py") · known already · 1 character'),
        (use("failed", "There is no\nsuch file"), '→ read_file(path="utils.py") · failed: There is no such file'),
        (use("refused", "refused by the user"), '→ read_file(path="utils.py") · refused by the user'),
        (use("stopped", ""), '→ read_file(path="utils.py") · stopped'),
        (use("running", ""), '→ read_file(path="utils.py") · running'),
        (use(arguments="{}"), "→ read_file() · 12 ms · 10 characters"),
        (use(arguments='{"a": [1, null]} or so'), '→ read_file({"a": [1, null]} or so) · 12 ms · 10 characters'),
        (use(arguments='{"a":"x\\ny\\u001b[31m\\u202e"}'), '→ read_file(a="x\\ny\\u001b[31m\\u202e") · 12 ms · 10 characters'),
    ],
)  # fmt: skip
def test_a_line_says_what_was_called_and_what_came_of_it(made, said):
    """In Python's way of writing; without signs that nobody sees."""
    assert line(made) == said


def test_a_line_is_no_longer_than_one_reads():
    """However long its arguments and errors are."""
    made = use("failed", "y" * 9999, arguments='{"code":"' + "x" * 9999 + '"}')
    assert len(line(made)) < 500
    assert spelled("n" * 999, "{}").startswith("nnn")


class _Read(HTMLParser):
    """What a page makes of HTML: elements, attributes, and the text in each element."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[str] = []
        self.texts: dict[str, str] = {}
        self._open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list) -> None:
        """An element begins."""
        self.elements.append(tag)
        self.attributes += [name for name, _ in attrs]
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """It ends."""
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Text in it."""
        if self._open:
            self.texts[self._open[-1]] = self.texts.get(self._open[-1], "") + data


def _pages(markdown: str) -> list[_Read]:
    """As a strict parser of Markdown and nbconvert render it."""
    strict = MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown)
    return [_Read(strict), _Read(markdown2html_mistune(markdown))]


@pytest.mark.parametrize("hostile", [*HOSTILE, *ODD])
def test_what_is_saved_is_text_and_nothing_else(hostile):
    """As a result, an argument, an error and a name: no element but ours, no attribute; the text reads as it was."""
    shown = folded([use(text=hostile, name=hostile, arguments=hostile), use("failed", hostile)])
    assert "\n\n" not in shown.replace("</details>\n\n<details>", "")
    for page in _pages(f"{shown}\n\nThe answer.\n"):
        assert set(page.elements) <= {*OURS}
        assert page.attributes == []
        assert page.elements.count("details") == page.elements.count("summary") == 2
        assert page.elements.count("p") == 1
        assert visible(hostile.strip("\n"))[: MOST_SAVED - 1] in page.texts.get("pre", "") or not hostile.strip()


def test_every_sign_is_text():
    """One by one: none of them is kept in a form that Markdown, HTML or a formula could begin with."""
    signs = "".join(map(chr, range(33, 127)))
    kept = set(as_text(signs)) - set("0123456789") - {sign for sign in signs if sign.isalnum()}
    assert kept <= set(",.;=()+-&#")
    assert "&#38;" in as_text("&")
    assert as_text("a\n\n\tb") == "a&#10;&#10;&#9;b"


def test_what_is_saved_is_short():
    """About a thousand characters of each result, and as much of a long argument."""
    shown = folded([use(text="x" * 50_000, arguments='{"code":"' + "y" * 50_000 + '"}')])
    assert shown.count("x") == MOST_SAVED - 1
    assert MOST_SAVED < shown.count("y") < MOST_SAVED + 200


def test_the_bundle_has_the_calls_before_the_answer():
    """Folded in Markdown, a line each in plain text, counted in the footer; the manifest has names, times, states."""
    made = answer("Yes.", tools=(use(), use("failed", "no such thing", id="c2", name="list_files", arguments="{}")))
    data, metadata = bundle(made)
    assert data["text/markdown"].startswith("<details><summary><code>read&#95;file(path=&#34;utils.py&#34;)</code>")
    assert data["text/markdown"].index("</details>\n\nYes.") > 0
    first, second, gap, text, *_ = data["text/plain"].splitlines()
    assert (first, gap, text) == (line(made.tools[0]), "", "Yes.")
    assert second == "→ list_files() · failed: no such thing"
    assert footer(made).endswith("1 context item · 2 tools")
    assert footer(answer(tools=(use(),))).endswith("1 context item · 1 tool")
    assert metadata["askance"]["tools"] == [
        {"name": "read_file", "seconds": 0.012, "state": "done"},
        {"name": "list_files", "seconds": 0.012, "state": "failed"},
    ]
    assert "its result" not in str(metadata)
    assert "utils.py" not in str(metadata["askance"]["tools"])
    assert "tools" not in bundle(answer("Yes."))[1]["askance"]


def test_the_manifest_has_no_code():
    """Of calls that can be checked later it names what they were; of those that did something, no more than the tool."""
    looked = replace(item("x"), source="tools", name='read_file {"path":"utils.py"}')
    ran = replace(looked, name='run_python {"code":"secret_recipe()"}', fingerprint="")
    made = answer("Yes.", tools=(use(name="run_python"),), ledger=Ledger(items=(looked, ran)))
    noted = bundle(made)[1]["askance"]
    assert [one["id"] for one in noted["items"]] == ['tools:read_file {"path":"utils.py"}']
    assert "secret_recipe" not in str(noted)


def test_a_hostile_answer_after_calls_stays_inert():
    """The calls do not open anything that the answer could be in, nor the other way round."""
    for text in ("</details><script>x</script>", "```\n<b>", "- a\n  <img src=x>"):
        for page in _pages(bundle(answer(text, tools=(use(),)))[0]["text/markdown"]):
            assert set(page.elements) <= {*OURS, "ul", "li"}


def test_a_line_is_told_once():
    """When its result is known; or, where none comes, when something follows."""
    lines = Lines()
    for state in ("asking", "waiting", "running"):
        assert lines.news(use(state, "")) == []
    assert lines.news(use(text="")) == []
    assert lines.news(use(text="12")) == ['→ read_file(path="utils.py") · 12 ms · 2 characters']
    assert lines.news(use(text="12")) == []
    assert lines.news(use("stopped", "", id="c2")) == []
    assert lines.rest() == ['→ read_file(path="utils.py") · stopped']
    assert lines.rest() == []


def _told(view, stream=None) -> str:
    """An answer of two rounds with a call between them."""
    view.begin(ASK, "id")
    view.text("Let me see.")
    view.tool(use("running", ""))
    view.tool(use())
    view.text("\n\nIt is so.")
    view.end(answer("Let me see.\n\nIt is so.", tools=(use(),)))
    return stream.getvalue() if stream else ""


def test_the_terminal_shows_a_line_where_the_call_was():
    """Between what was said before and after it, once."""
    stream = io.StringIO()
    said = _told(TerminalView(stream), stream)
    assert said.startswith(
        'Let me see.\n→ read_file(path="utils.py") · 12 ms · 10 characters\n\n\nIt is so.\n\nopenai:'
    )
    assert said.count("→") == 1


def test_rich_shows_it_as_well():
    """In the same place."""
    stream = io.StringIO()
    said = _told(RichView(stream, FakeClock()), stream)
    assert Console(file=io.StringIO()).width > 0
    before, between, after = said.index("Let me see."), said.index("→ read_file"), said.index("It is so.")
    assert before < between < after
    assert said.count("→") == 1


def test_an_answer_that_comes_later_brings_its_calls():
    """A terminal where the user goes on typing shows all of it at once, the calls first."""
    stream = io.StringIO()
    later = LaterView(lambda: TerminalView(stream, background=True), lambda work: work())
    assert _told(later, stream).splitlines()[2] == '→ read_file(path="utils.py") · 12 ms · 10 characters'


def test_markdown_shows_a_call_while_it_runs():
    """A line as long as it runs, folded then; at the end what stays."""
    display = Display()
    _told(MarkdownView(Output(display), FakeClock()))
    running, done = display.shown[1]["data"]["text/markdown"], display.shown[2]["data"]["text/markdown"]
    assert running.endswith('*→ read_file(path="utils.py") · running*'.replace("_", "\\_").replace("read\\", "read"))
    assert done.startswith("<details>")
    assert display.shown[-1]["data"]["text/markdown"].startswith("<details>")
    assert len({shown["id"] for shown in display.shown}) == 1


def test_views_that_show_no_calls_take_them():
    """As every view has to."""
    display = Display()
    _told(FinalView(Output(display)))
    assert len(display.shown) == 1
    namespace: dict = {}
    _told(Variables(namespace))
    assert namespace["_ask"].tools == (use(),)
    assert SidebarView.tool
