"""The live widget, in a real kernel whose front end shows itself by a cell id."""

from __future__ import annotations

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


def test_the_whole_text_is_sent_seldom(kernel, serve):
    """What goes over the wire grows with the answer, not with its square."""
    running = kernel(serve(Reply([step for _ in range(60) for step in ("Some words here. ", 0.02)])))
    asked = running.run("%ask why", "cell-1")
    sent = [c["data"] for c in asked.contents("comm_msg") if "method" in c["data"]]
    wholes = [data["state"]["text"] for data in sent if data["method"] == "update" and "text" in data["state"]]
    length = len("Some words here. ") * 60
    assert sum(map(len, wholes)) <= 4 * length


class Shell:
    """As much of a shell as the choice looks at."""

    def __init__(self, kernel: object) -> None:
        self.kernel = kernel


def test_who_gets_which_view():
    """A terminal gets text; a kernel whose front end has not shown itself gets Markdown, as in nbconvert."""
    assert kind(Shell(None), "auto", interactive=False) == "plain"
    assert kind(Shell(object()), "auto", interactive=False) == "markdown"
    assert kind(Shell(object()), "plain", interactive=True) == "plain"


def test_without_built_javascript_the_answer_still_shows(monkeypatch, tmp_path):
    """A source checkout falls back to Markdown."""
    monkeypatch.setattr("askance.kernel.view.choose._STATIC", tmp_path)
    assert kind(Shell(object()), "auto", interactive=True) == "markdown"
    (tmp_path / "answer.js").touch()
    assert kind(Shell(object()), "auto", interactive=True) == "widget"
