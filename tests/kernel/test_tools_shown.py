"""Tools through a server, as people meet them: in a terminal, and in a notebook that is executed and exported."""

from __future__ import annotations

import json

import nbformat
import pytest
from kernel.live import clean_environment
from kernel.test_terminal import STEERING, terminal  # noqa: F401  a fixture
from nbclient import NotebookClient
from nbconvert import HTMLExporter, MarkdownExporter
from scripted_server import Call, Reply

RUN = Call("run_python", ['{"code": "z = 6 * 7', '\\nz"}'])
LOOK = Call("inspect_variable", ['{"name": "sales"}'])
ANSWER = Reply(["It is 42."])


@pytest.mark.parametrize(
    ("view", "typed", "came"), [("rich", "y", "2 characters"), ("plain", "n", "refused by the user")]
)
def test_a_terminal_asks_and_shows_a_line(terminal, serve, view, typed, came):  # noqa: F811
    """The code whole, the question, a line on what came of it, then the answer; the next prompt is clean."""
    child = terminal(serve(Reply(["Let me see. ", RUN]), ANSWER))
    child.send(f"%ask --tools --view {view} go on\r")
    child.expect("run_python wants to do this:")
    child.expect(r"z = 6 \* 7")
    child.expect(r"Run this\? \[y/N\] ")
    child.send(f"{typed}\r")
    child.expect(r"→ run_python\(code=")
    child.expect(came)
    child.expect(r"It is 42\.")
    child.expect("1 tool")
    child.expect(r"In \[3\]")
    child.send("'z' in globals()\r")
    child.expect(f"Out.*{typed == 'y'}")


def test_an_interrupt_at_the_question_ends_the_ask(terminal, serve):  # noqa: F811
    """Control-C there is as in any cell."""
    child = terminal(serve(Reply([RUN]), ANSWER))
    child.send("%ask --tools --view plain go on\r")
    child.expect(r"Run this\? \[y/N\] ")
    child.sendintr()
    child.expect("Stopped")
    child.expect(r"In \[3\]")
    child.send("6 * 7\r")
    child.expect("42")


def test_nothing_runs_in_the_background_of_a_terminal(terminal, serve):  # noqa: F811
    """There is no loop that could run it between cells: refused with what to type."""
    server = serve(Reply([RUN]), ANSWER)
    child = terminal(server)
    child.send("%ask --bg --allow run_python --view plain go on\r")
    child.expect("ask without --bg")
    child.expect(r"It is 42\.")
    assert len(server.asked) == 2


@pytest.fixture
def executed(home, serve):
    """A notebook with one answer that looked at a variable, and was not allowed to run code."""
    server = serve(Reply(["Let me see.", LOOK, RUN]), ANSWER)
    environ = clean_environment(home, OPENAI_API_KEY="sk-of-a-test", OPENAI_BASE_URL=server.base_url)
    cells = ["%load_ext askance", "sales = {'<b>x</b> & `y`': 1}", "%%ask --tools -c none\nwhat is it?"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    client = NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(home / "work")}})
    client.execute(env=environ)
    return notebook, server


def test_a_notebook_keeps_calls_folded(executed):
    """One valid output: folded in HTML and Markdown, whatever was in the result; the manifest tells names and states."""
    notebook, server = executed
    nbformat.validate(notebook)
    (output,) = notebook.cells[2].outputs
    assert sorted(output.data) == ["text/markdown", "text/plain"]
    assert [(one["name"], one["state"]) for one in output.metadata.askance.tools] == [
        ("inspect_variable", "done"),
        ("run_python", "refused"),
    ]
    html, _ = HTMLExporter().from_notebook_node(notebook)
    assert html.count("<details><summary><code>") == 2
    assert "<b>x</b>" not in html.partition("<details>")[2]
    markdown, _ = MarkdownExporter().from_notebook_node(notebook)
    assert markdown.count("<details>") == 2
    assert "--allow run_python" in output.data["text/plain"]
    second = json.loads(server.asked[1].body)["messages"]
    assert [message["role"] for message in second][-3:] == ["assistant", "tool", "tool"]


def test_what_left_is_exported_with_every_round(kernel, serve, home):
    """Two requests, the second with what the tool gave; the ledger has its line."""
    server = serve(Reply([LOOK]), ANSWER)
    running = kernel(server)
    running.run("sales = [1, 2, 3]")
    running.run("%ask --tools -c none what is it?")
    assert "2 requests" in running.run("%ctx export out").printed
    folder = home / "out"
    assert [(folder / f"request-{number}.json").read_bytes() for number in (1, 2)] == [one.body for one in server.asked]
    ledger = json.loads((folder / "ledger.json").read_text())
    assert [item["id"] for item in ledger["items"]] == ['tools:inspect_variable {"name":"sales"}']
    assert ledger["items"][0]["fingerprint"]
