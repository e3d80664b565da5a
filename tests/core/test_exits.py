"""What is still being written when a script ends."""

import subprocess
import sys

from kernel.live import clean_environment
from scripted_server import Reply, ScriptedServer

SCRIPT = "from askance import ask; answer = ask('why is x?'); print(answer.cached, answer.text)"


def run(home, server, script=SCRIPT):
    """What a script of its own prints."""
    environ = clean_environment(home, OPENAI_API_KEY="sk-of-a-test", OPENAI_BASE_URL=server.base_url)
    done = subprocess.run(
        [sys.executable, "-c", script], env=environ, cwd=home, capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout, done.stderr


def test_a_script_that_asks_and_ends_keeps_its_answer(tmp_path):
    """Run again, it asks nobody: the write was finished when the interpreter ended."""
    with ScriptedServer([Reply(["It is."])]) as server:
        assert run(tmp_path, server) == ("None It is.\n", "")
        assert run(tmp_path, server) == ("disk It is.\n", "")
        assert len(server.asked) == 1


def test_an_exit_from_a_thread_or_after_a_close_is_quiet(tmp_path):
    """A session that its owner closed is left alone."""
    script = (
        "from askance.session import Session\n"
        "session = Session.for_project('.')\n"
        "print(session.ask('why?').text)\n"
        "session.loop.run(session.close())\n"
        "session.loop.close()\n"
    )
    with ScriptedServer([Reply(["Yes."])]) as server:
        assert run(tmp_path, server, script) == ("Yes.\n", "")
