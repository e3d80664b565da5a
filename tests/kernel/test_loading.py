"""Loading costs nothing heavy, and unloading leaves nothing behind."""

from __future__ import annotations

from scripted_server import Reply

from askance.kernel.threads import COMMANDS

HEAVY = "openai anthropic ipywidgets anywidget pydantic jsonschema httpx httpx2 watchdog diskcache markdown_it mdformat".split()
TRACES = """
import threading, atexit
from comm import get_comm_manager
shell = get_ipython()
print({
    "threads": [t.name for t in threading.enumerate() if "askance" in t.name],
    "magics": [n for kind in ("line", "cell") for n in "ask ctx threads askcache fix explain test doc".split() if n in shell.magics_manager.magics[kind]],
    "config": [c for c in shell.configurables if type(c).__name__ == "Askance"],
    "events": [f for fs in shell.events.callbacks.values() for f in fs if "askance" in (getattr(f, "__module__", "") or "")],
    "targets": [n for n in get_comm_manager().targets if "askance" in n],
    "comms": [c.target_name for c in get_comm_manager().comms.values() if "askance" in c.target_name],
    "matchers": [m for m in shell.Completer.custom_matchers if "askance" in m.__module__],
    "lines": [t for t in shell.input_transformer_manager.token_transformers if "askance" in t.__module__],
    "cells": [t for t in shell.input_transformer_manager.cleanup_transforms if "askance" in getattr(t, "__module__", "")],
})
"""


def test_loading_imports_nothing_heavy_and_prints_nothing(kernel):
    """At the end of the loading cell no SDK, no widget and no Markdown library is there."""
    loaded = kernel(load=False).run(f"%load_ext askance\nimport sys\n[m for m in {HEAVY!r} if m in sys.modules]")
    assert loaded.result == "[]"
    assert loaded.printed == ""
    assert not loaded.contents("error")


def test_a_program_that_executes_notebooks_hears_of_no_comm(kernel):
    """It would print a warning; a front end that names its cells is told that askance is there."""
    assert kernel(load=False).run("%load_ext askance").contents("comm_open") == []
    (opened,) = kernel(load=False).run("%load_ext askance", cell_id="a").contents("comm_open")
    assert opened["target_name"] == "askance.context"


def test_unloading_leaves_nothing(kernel, serve):
    """After an ask, a second load and an unload, the shell and its threads are as before."""
    server = serve(Reply(["Yes."]))
    running = kernel(server, load=False)
    before = running.run(TRACES).printed
    running.run("%load_ext askance")
    assert not running.run("%ask really").contents("error")
    loaded = running.run(TRACES).printed
    assert "'askance.control'" in loaded
    assert "['ask', 'ctx', 'threads', 'askcache', 'fix', 'explain', 'ask', 'test', 'doc']" in loaded
    assert not running.run("%unload_ext askance").contents("error")
    assert running.run(TRACES).printed == before
    assert "not found" in running.run("%ask really").printed


def test_reloading_gives_a_working_extension(kernel, serve):
    """`%reload_ext` takes the old one away and puts a new one in its place; the answer is still on disk."""
    server = serve(Reply(["Yes."]))
    running = kernel(server)
    running.run("%ask really")
    running.run("%reload_ext askance")
    asked = running.run("%ask really")
    assert asked.outputs()[0]["metadata"]["askance"]["cached"] == "disk"
    assert running.run(TRACES).printed.count("'askance'") == 1
    assert len(server.asked) == 1


def test_a_setting_is_used_at_once(kernel, serve):
    """`%config` changes the model of the next ask, and the choice that is shown; a wrong value is one line."""
    server = serve(Reply(["Yes."]))
    running = kernel(server)
    assert "OPENAI_API_KEY is set" in running.run("%config Askance.chosen").result
    running.run("%ask one")
    running.run('%config Askance.model = "openai:tiny"')
    assert running.run("%config Askance.chosen").result == "'openai:tiny (set by you)'"
    running.run("%ask two")
    assert [request.json["model"] == "tiny" for request in server.asked] == [False, True]
    running.run('%config Askance.model = "nonsense"')
    assert len(running.run("%ask three").error) == 1


def test_help_says_which_model_and_why(kernel):
    """`%ask?` ends in the live choice; `%threads?` names every command."""
    running = kernel(OPENAI_API_KEY="sk-of-a-test")
    (payload,) = running.run("%threads?").reply["content"]["payload"]
    for command in COMMANDS:
        assert f"%threads {command}" in payload["data"]["text/plain"].replace("%threads  ", "%threads list"), command
    shown = running.run("%ask?")
    (payload,) = shown.reply["content"]["payload"]
    text = payload["data"]["text/plain"]
    assert "--budget" in text
    assert "%explain" in text
    assert "(OPENAI_API_KEY is set)" in text
