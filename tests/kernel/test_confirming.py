"""The user is asked before a tool acts: by buttons while the cell runs, by input elsewhere, and not at all where nobody is."""

from __future__ import annotations

import pytest
from kernel.calling import Model, anew
from kernel.live import Outcome, wait_for
from kernel.test_stopping import Control

CODE = "z = 6 * 7\nz"
CALL = ("run_python", {"code": CODE})


@pytest.fixture
def asked(one):
    """The kernel, and what answers in it: one call that changes something, then a word."""
    model = anew(one)
    model.says([CALL], ["Done."])
    return one, model


def start(running, flags: str = "--tools", cell: str | None = None, *, attended: bool = True) -> tuple[str, Outcome]:
    """A cell that asks, and what it publishes."""
    return running.start(f"%ask --fresh {flags} go on", cell, attended=attended), Outcome()


@pytest.mark.parametrize(
    ("typed", "allowed"), [("y", True), (" YES ", True), ("n", False), ("", False), ("maybe", False), ("\x04", False)]
)
def test_asked_where_input_is_typed(asked, typed, allowed):
    """All of the code is shown first; nothing but a clear yes lets it run, and the model hears of a no."""
    running, model = asked
    message, seen = start(running)
    request = running.client.get_stdin_msg(timeout=60)
    assert request["content"]["prompt"] == "Run this? [y/N] "
    running.client.input(typed)
    ended = running.finish(message, seen)
    assert "run_python wants to do this:\n\n    z = 6 * 7\n    z\n" in ended.printed
    assert not ended.contents("error")
    assert model.results == ["42" if allowed else "refused by the user"]
    assert running.run("'z' in globals(), [use.state for use in _ask.tools]").result == str(
        (allowed, ["done" if allowed else "refused"])
    )


def test_what_is_shown_is_what_runs(asked):
    """Signs that hide or turn around code are spelled out."""
    running, model = asked
    model.says([("run_python", {"code": "x = 1 # \u202e\u2066 \x1b[2K\r y = 2"})], ["Done."])
    message, seen = start(running)
    running.client.get_stdin_msg(timeout=60)
    running.client.input("n")
    assert "    x = 1 # \\u202e\\u2066 \\x1b[2K\\r y = 2\n" in running.finish(message, seen).printed


def test_where_nobody_can_be_asked_nothing_runs(asked):
    """Programs that execute notebooks: refused, with what to type; no input is asked for."""
    running, model = asked
    message, seen = start(running, attended=False)
    ended = running.finish(message, seen)
    (said,) = model.results
    assert said.startswith("refused: ")
    assert "%ask --allow run_python" in said
    assert "--allow run_python" in ended.outputs()[0]["data"]["text/plain"]
    assert running.run("'z' in globals()").result == "False"


def test_what_is_allowed_is_not_asked_about(asked):
    """By the flag, and by the setting."""
    running, model = asked
    message, seen = start(running, "--allow run_python", attended=False)
    running.finish(message, seen)
    assert model.results == ["42"]
    running.run("del z\n%config Askance.allow = ['run_python']")
    model = Model(running)
    model.says([CALL], ["Done."])
    message, seen = start(running, attended=False)
    running.finish(message, seen)
    assert model.results == ["42"]


def _asking(message: dict) -> bool:
    """Whether a widget is told that the user is asked."""
    data = message["content"].get("data") if message["msg_type"] == "comm_msg" else None
    use = data.get("content", {}).get("use") if isinstance(data, dict) else None
    return isinstance(use, dict) and use["state"] == "asking"


@pytest.fixture
def page(asked):
    """The same, with a page that has our part in it."""
    running, model = asked
    control = Control(running)
    seen = Outcome()
    control.open({"type": "hello", "path": "a.ipynb", "open_files": [], "active_cell": None})
    running.until(seen, control.replied("state"))
    return running, model, control


def _buttons(running) -> tuple[str, Outcome, dict]:
    """A cell that asks, up to the question; and the call that it is about."""
    message, seen = start(running, cell="cell-1")
    running.until(seen, _asking)
    return message, seen, seen.messages[-1]["content"]["data"]["content"]["use"]


@pytest.mark.parametrize("allowed", [True, False])
def test_a_button_answers_while_the_cell_runs(page, allowed):
    """The question carries all that would be done; the click comes by the control comm, and counts once."""
    running, model, control = page
    message, seen, use = _buttons(running)
    assert use["arguments"] == '{"code": "z = 6 * 7\\nz"}'
    ask = running_ask(control, running, seen)
    for forged in (
        {"ask": ask, "call": "c9", "allowed": True},
        {"ask": "another", "call": use["id"], "allowed": True},
        {"ask": ask, "call": use["id"], "allowed": "true"},
        {"ask": ask, "call": use["id"], "allowed": 1},
        {"ask": ask, "call": use["id"]},
        {"ask": [ask], "call": {"id": use["id"]}, "allowed": True},
    ):
        control.send({"type": "allow", **forged})
    control.send({"type": "refresh"})
    running.until(seen, control.replied("state"))
    assert seen.messages[-1]["content"]["data"]["asking"] is True
    for answer in (allowed, not allowed):
        control.send({"type": "allow", "ask": ask, "call": use["id"], "allowed": answer})
    ended = running.finish(message, seen)
    assert not ended.contents("error")
    assert model.results == ["42" if allowed else "refused by the user"]
    assert running.run("'z' in globals()").result == str(allowed)
    control.send({"type": "allow", "ask": ask, "call": use["id"], "allowed": True})
    assert running.run("6 * 7").result == "42"


def running_ask(control, running, seen) -> str:
    """The id of the ask that runs, as a page knows it."""
    control.send({"type": "refresh"})
    running.until(seen, control.replied("state"))
    return seen.messages[-1]["content"]["data"]["ask_id"]


def test_stopping_while_the_user_is_asked(page):
    """By Stop, then by an interrupt: nothing runs, nothing hangs, the next cell works."""
    running, model, control = page
    message, seen, _ = _buttons(running)
    control.send({"type": "stop", "ask_id": None})
    ended = running.finish(message, seen)
    assert not ended.contents("error")
    assert "stopped" in ended.outputs()[-1]["data"]["text/plain"]
    model.says([CALL], ["Done."])
    message, seen, _ = _buttons(running)
    running.manager.interrupt_kernel()
    (line,) = running.finish(message, seen).error
    assert "Stopped" in line
    assert running.run("'z' in globals()").result == "False"
    assert model.asked == 1


def test_stopping_while_input_is_waited_for(asked):
    """The prompt goes: by a stop from a page, and by an interrupt."""
    running, model = asked
    control = Control(running)
    control.open({"type": "refresh"})
    message, seen = start(running)
    running.client.get_stdin_msg(timeout=60)
    control.send({"type": "stop", "ask_id": None})
    assert not running.finish(message, seen).contents("error")
    model.says([CALL], ["Done."])
    message, seen = start(running)
    running.client.get_stdin_msg(timeout=60)
    running.manager.interrupt_kernel()
    (line,) = running.finish(message, seen).error
    assert "Stopped" in line
    assert running.run("'z' in globals()").result == "False"


def _background(running, model, flags: str) -> str:
    """What its tool gave to an ask in the background."""
    model.says([CALL], ["Done."])
    running.run(f"%ask --fresh --bg {flags} go on", "cell-1")
    assert wait_for(lambda: running.run("_ask").result.startswith("<Answer"))
    (text,) = model.results
    return text


def test_in_the_background_nobody_is_asked(asked):
    """Refused with what to type; what is allowed runs between cells, and sees the user's variables."""
    running, model = asked
    said = _background(running, model, "--tools")
    assert "ask without --bg" in said.lower()
    assert "--allow run_python" in said
    running.run("w = 1")
    assert _background(running, model, "--allow run_python") == "42"
    assert running.run("z").result == "42"


def test_ask_from_code_asks_the_user_too(asked):
    """`ask(..., tools=True)` as `%ask --tools`; `allow` as its flag; in a thread of the user's own nothing runs."""
    running, model = asked
    message = running.start("from askance import ask\nmade = ask('go on', tools=True, fresh=True)")
    running.client.get_stdin_msg(timeout=60)
    running.client.input("y")
    assert not running.finish(message).contents("error")
    assert model.results == ["42"]
    running.run("del z")
    model.says([CALL], ["Done."])
    running.run("made = ask('go on', tools=['run_python'], allow=['run_python'], fresh=True)")
    assert running.run("made.text, z").result == "('Done.', 42)"
    assert model.offered == ["run_python"]
    running.run("del z")
    model.says([CALL], ["Done."])
    running.run(
        "import threading\ndef work():\n    ask('go on', tools=True, fresh=True, allow=['run_python'])\n"
        "thread = threading.Thread(target=work); thread.start(); thread.join()"
    )
    assert running.run("'z' in globals()").result == "False"
    assert "kernel here" in model.results[0]
