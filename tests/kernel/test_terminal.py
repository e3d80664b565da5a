"""IPython in a real terminal: an answer that comes while the user types."""

from __future__ import annotations

import re
import sys

import pytest
from kernel.live import clean_environment, wait_for
from scripted_server import Reply

pexpect = pytest.importorskip("pexpect")

STEERING = re.compile(r"\x1b(\[[0-9;?]*[ -/]*[@-~]|\][^\x07]*\x07|.)")


@pytest.fixture
def terminal(home):
    """Starts IPython in a terminal."""
    started = []

    def start(server, *options):
        environ = clean_environment(home, OPENAI_API_KEY="sk-of-a-test", OPENAI_BASE_URL=server.base_url)
        environ |= {"TERM": "xterm-256color", "COLUMNS": "100", "LINES": "40", "PROMPT_TOOLKIT_NO_CPR": "1"}
        arguments = ["-m", "IPython", "--no-banner", "--colors=NoColor", *options]
        child = pexpect.spawn(
            sys.executable, arguments, env=environ, cwd=str(home), encoding="utf-8", dimensions=(40, 100), timeout=60
        )
        started.append(child)
        child.expect(r"In \[1\]")
        child.send("%load_ext askance\r")
        child.expect(r"In \[2\]")
        return child

    yield start
    for child in started:
        child.close(force=True)


def test_an_answer_comes_above_the_line_that_is_typed(terminal, serve):
    """It is there in one piece, with what it answers; the half-typed line is kept and runs as it was meant."""
    child = terminal(serve(Reply(["Here it ", 1.0, "comes."])))
    child.send("%ask --bg why is it so?\r")
    child.expect(r"In \[3\]")
    child.send("6 * 7")
    child.expect("openai:.* on: why is it so")
    child.expect(r"Here it comes\.")
    child.expect("1 context item")
    child.send("\r")
    child.expect(r"Out\[3\]: ")
    child.expect("42")
    child.send("exit\r")
    child.expect(pexpect.EOF)


def test_an_answer_waits_for_a_plain_prompt(terminal, serve):
    """A prompt that cannot give way is left alone: the answer comes after the next cell."""
    server = serve(Reply(["Here it comes."]))
    child = terminal(server, "--simple-prompt")
    child.send("%ask --bg why\r")
    child.expect(r"In \[3\]")
    assert wait_for(lambda: server.asked)
    assert server.asked[0].answered.wait(20)
    assert child.expect(["Here it", pexpect.TIMEOUT], timeout=1) == 1
    child.send("6 * 7\r")
    child.expect("42")
    child.expect("Here it comes")
    child.send("exit\r")
    child.expect(pexpect.EOF)


@pytest.mark.parametrize("view", ["auto", "plain"])
def test_an_answer_streams_and_leaves_a_clean_screen(terminal, serve, view):
    """With rich the cursor is shown again at the end; either way the words stand there in order, then the footer."""
    child = terminal(serve(Reply(["# Title\n\n", 0.3, "One. \n\n", 0.3, "Two."])))
    child.send(f"%ask --view {view} why\r")
    child.expect("openai:.*1 context item")
    written = child.before.rpartition("\x1b[?2004l")[2]  # since the prompt went
    assert ("\x1b" in written) == (view == "auto")
    assert written.count("\x1b[?25l") == written.count("\x1b[?25h") == (view == "auto")
    words = STEERING.sub("", written)
    assert words.index("Title") < words.index("One.") < words.rindex("Two.")
    child.expect(r"In \[3\]")
