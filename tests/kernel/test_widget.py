"""The live widget, in a real kernel whose front end shows itself by a cell id."""

from __future__ import annotations

import sys

from scripted_server import Reply

from askance.kernel.view.choose import kind

STEPS = ["One é𝄞. ", 0.1, "Two.\n\n", 0.1, "Three."]


def test_a_widget_streams_and_gives_way(kernel, serve):
    """Deltas follow each other by code points; at the end the output holds no widget and the comm is closed."""
    running = kernel(serve(Reply(STEPS)))
    asked = running.run("%ask why", "cell-1")
    (opened,) = [
        c
        for c in asked.contents("comm_open")
        if c["target_name"] == "jupyter.widget"
        and "text" in str(c)
        and c["data"]["state"].get("_model_name") == "AnyModel"
    ]
    sent = [c["data"] for c in asked.contents("comm_msg") if c["comm_id"] == opened["comm_id"]]
    deltas = [data["content"] for data in sent if data["method"] == "custom"]
    text = ""
    for delta in deltas:
        assert (delta["type"], delta["start"]) == ("delta", len(text))
        text += delta["text"]
    assert text == "One é𝄞. Two.\n\nThree."
    assert len(deltas) >= 2
    states = [data["state"]["state"] for data in sent if data["method"] == "update" and "state" in data["state"]]
    assert states == ["streaming", "done"]
    shown = asked.contents("display_data")[0]["data"]
    assert "application/vnd.jupyter.widget-view+json" in shown
    (output,) = asked.outputs()
    assert sorted(output["data"]) == ["text/markdown", "text/plain"]
    assert [c for c in asked.contents("comm_close") if c["comm_id"] == opened["comm_id"]]
    order = [m["msg_type"] for m in asked.messages]
    assert order.index("update_display_data") < order.index("comm_close")


def modules(outcome) -> list[int]:
    """The sizes of the modules that answer widgets brought, in characters."""
    opened = (content["data"].get("state", {}) for content in outcome.contents("comm_open"))
    return [len(state["_esm"]) for state in opened if "ask_id" in state]


def test_a_page_that_draws_answers_is_not_sent_the_module_each_time(kernel, serve):
    """Where our part in JupyterLab has said hello a stub will do, until a page says that it lacks the module."""
    running = kernel(serve(Reply(["Yes. ", 60.0, "never"])))
    other = running.run("%ask --bg one", "cell-1")
    running.send("comm_open", {"comm_id": "c1", "target_name": "askance.control", "data": {"type": "hello"}})
    asked = running.run("%ask --bg two", "cell-2")
    (comm,) = [c["comm_id"] for c in asked.contents("comm_open") if "ask_id" in c["data"].get("state", {})]
    running.send("comm_msg", {"comm_id": comm, "data": {"method": "custom", "content": {"type": "need"}}})
    needed = running.run("%ask --bg three", "cell-3")
    ((whole,), (stub,), (again,)) = modules(other), modules(asked), modules(needed)
    assert stub < 2000 < whole == again


def test_the_text_is_not_sent_whole(kernel, serve):
    """What goes over the wire grows with the answer: each word is sent once as a delta, and in the form that stays."""
    running = kernel(serve(Reply([step for _ in range(60) for step in ("Some words here. ", 0.02)])))
    asked = running.run("%ask why", "cell-1")
    sent = [c["data"] for c in asked.contents("comm_msg") if "method" in c["data"]]
    assert [data for data in sent if data["method"] == "update" and data["state"].get("text")] == []
    deltas = [data["content"]["text"] for data in sent if data["method"] == "custom"]
    assert "".join(deltas) == "Some words here. " * 60
    assert [text.count("words") for text in asked.outputs()[0]["data"].values()] == [60, 60]


def test_a_page_that_comes_late_is_told_the_text_so_far(kernel, serve):
    """It asks for the widget's state while the answer still grows, and knows by its length what it has."""
    running = kernel(serve(Reply(["One é. ", 1.0, "Two. ", 60.0, "never"])))
    seen = running.run("%ask --bg why", "cell-1")
    (comm,) = [c["comm_id"] for c in seen.contents("comm_open") if "ask_id" in c["data"].get("state", {})]
    running.until(seen, lambda message: "Two." in str(message["content"].get("data")))
    running.send("comm_msg", {"comm_id": comm, "data": {"method": "request_state"}})
    running.until(seen, lambda message: "'text': 'One é. Two. '" in str(message["content"].get("data")))
    state = seen.messages[-1]["content"]["data"]["state"]
    assert (state["state"], state["model_name"]) == ("streaming", "openai:gpt-6.1-terra")


def test_where_nobody_attends_only_the_end_is_sent(kernel, serve):
    """A program that executes a notebook is sent one display and no update, and its answer is whole."""
    running = kernel(serve(Reply(["One. ", 0.4, "Two. ", 0.4, "Three."])))
    asked = running.run("%ask why", attended=False)
    (shown,) = asked.contents("display_data")
    assert asked.contents("update_display_data") == []
    assert shown["data"]["text/plain"].startswith("One. Two. Three.")
    assert shown["metadata"]["askance"]["complete"]
    watched = running.run("%ask --fresh why")
    assert len(watched.contents("update_display_data")) >= 2


ACTS = """
from askance.kernel.view.output import Output
from askance.kernel.view.widget import Acts, WidgetView
from askance.records import Answer, Ask
heard = []
acts = Acts(stop=lambda i: heard.append(("stop", i)), retry=lambda i: heard.append(("retry", i)), insert=lambda c: heard.append(("insert", c)))
view = WidgetView(Output(get_ipython()), acts)
view.begin(Ask(question="why", model="local"), "a1")
"""


def test_the_buttons_of_a_widget(kernel):
    """Stop and Retry name the ask; Insert hands over text of a bounded size; anything else does nothing."""
    running = kernel(load=False)
    opened = running.run(ACTS, "cell-1")
    (comm,) = [c["comm_id"] for c in opened.contents("comm_open") if "ask_id" in c["data"]["state"]]
    hostile = [None, "stop", 5, {}, {"type": "run", "code": "1/0"}, {"type": "insert"}, {"type": "insert", "code": 5}]
    hostile += [{"type": "insert", "code": ""}, {"type": "insert", "code": "x" * 100_001}, {"type": ["stop"]}]
    good = [{"type": "stop"}, {"type": "retry"}, {"type": "insert", "code": "print(1)"}]
    for content in [*hostile, *good]:
        running.send("comm_msg", {"comm_id": comm, "data": {"method": "custom", "content": content}})
    heard = running.run("heard")
    assert heard.result == "[('stop', 'a1'), ('retry', 'a1'), ('insert', 'print(1)')]"
    assert not heard.contents("error")
    ended = running.run("view.end(Answer(question='why', text='Yes.', model='local', cached='disk'))", "cell-2")
    (end,) = [c["data"]["state"] for c in ended.contents("comm_msg") if c["data"].get("method") == "update"]
    assert (end["cached"], end["state"], end["text"]) == ("disk", "done", "Yes.")


def test_insert_is_text_for_the_next_cell(kernel, serve):
    """Without anything in the front end that could do better, and without running it."""
    running = kernel(serve(Reply(["Yes. ", 60.0, "never"])))
    seen = running.run("%ask --bg why", "cell-1")
    (comm,) = [c["comm_id"] for c in seen.contents("comm_open") if "ask_id" in c["data"].get("state", {})]
    code = "raise SystemExit"
    running.send(
        "comm_msg", {"comm_id": comm, "data": {"method": "custom", "content": {"type": "insert", "code": code}}}
    )
    payload = running.run("1", "cell-2").reply["content"]["payload"]
    assert payload == [{"source": "set_next_input", "text": code, "replace": False}]


class Shell:
    """As much of a shell as the choice looks at."""

    def __init__(self, kernel: object, **content: object) -> None:
        self.kernel = kernel
        self.get_parent = lambda: {"content": content}


def test_who_gets_which_view(monkeypatch):
    """A pipe gets text, a kernel Markdown until its front end has shown itself, nbconvert the end alone."""
    assert kind(Shell(None), "auto", interactive=False) == "plain"
    assert kind(Shell(object()), "auto", interactive=False) == "markdown"
    assert kind(Shell(object(), allow_stdin=True), "auto", interactive=False) == "markdown"
    assert kind(Shell(object(), allow_stdin=False), "auto", interactive=False) == "final"
    assert kind(Shell(object(), allow_stdin=False), "plain", interactive=True) == "plain"
    monkeypatch.setitem(sys.modules, "google.colab", object())
    assert kind(Shell(object()), "auto", interactive=False) == kind(Shell(object()), "widget", interactive=True)


def test_without_built_javascript_the_answer_still_shows(monkeypatch, tmp_path):
    """A source checkout falls back to Markdown."""
    monkeypatch.setattr("askance.kernel.view.choose._STATIC", tmp_path)
    assert kind(Shell(object()), "auto", interactive=True) == "markdown"
    (tmp_path / "answer.js").touch()
    (tmp_path / "stub.js").touch()
    assert kind(Shell(object()), "auto", interactive=True) == "widget"


CALLS = """
from askance.records import ToolUse
first = ToolUse(id="c1", name="read_file", arguments='{"path":"utils.py"}', state="running")
view.tool(first)
view.tool(ToolUse(id="c2", name="run_python", arguments='{"code":"x\\\\n"}', state="asking"))
view.tool(ToolUse(id="c1", name=first.name, arguments=first.arguments, state="done", seconds=0.012, text="x = 1"))
"""


def test_calls_are_told_one_by_one_and_all_of_them_to_a_page_that_comes_late(kernel):
    """What is news of a call is sent once; the state has each as it is now, in the order in which they were made."""
    running = kernel(load=False)
    opened = running.run(ACTS, "cell-1")
    (comm,) = [c["comm_id"] for c in opened.contents("comm_open") if "ask_id" in c["data"]["state"]]
    told = running.run(CALLS, "cell-2")
    uses = [c["data"]["content"]["use"] for c in told.contents("comm_msg") if c["comm_id"] == comm]
    assert [(use["id"], use["state"]) for use in uses] == [("c1", "running"), ("c2", "asking"), ("c1", "done")]
    running.send("comm_msg", {"comm_id": comm, "data": {"method": "request_state"}})
    late = running.run("1", "cell-3")
    (state,) = [c["data"]["state"] for c in late.contents("comm_msg") if c["comm_id"] == comm]
    assert state["tools"] == [uses[2], uses[1]]
    assert (uses[2]["text"], uses[2]["seconds"]) == ("x = 1", 0.012)
    ended = running.run("view.end(Answer(question='why', text='Yes.', model='local'))\nview.tool(first)", "cell-4")
    assert [c["data"] for c in ended.contents("comm_msg") if c["data"].get("method") == "custom"] == []
