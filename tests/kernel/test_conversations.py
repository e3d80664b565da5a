"""Conversations in a real kernel: they go on after a restart, and a cell that runs again takes its own turn's place."""

from __future__ import annotations

from scripted_server import Reply


def test_a_conversation_survives_its_kernel(kernel, serve, home):
    """The next kernel of the notebook continues it, byte for byte, and tells only what is not as it was."""
    server = serve(Reply(["The first answer."]))
    notebook = {"JPY_SESSION_NAME": str(home / "work" / "talk.ipynb")}
    first = kernel(server, **notebook)
    first.run("limit = 42")
    first.run("words = 'a b c'")
    first.run("%ask what are @limit and @words", "cell-1")
    first.manager.shutdown_kernel()
    again = kernel(server, **notebook)
    again.run("limit = 43")
    again.run("words = 'a b c'")
    again.run("%ask and now", "cell-2")
    before, after = (request.json["messages"] for request in server.asked)
    assert after[: len(before)] == before
    assert after[len(before)]["content"] == "The first answer."
    assert "43" in after[-1]["content"]
    assert "a b c" not in after[-1]["content"]
    assert "2 " in again.run("%threads").printed


def test_another_notebook_has_its_own(kernel, serve, home):
    """Nothing of the first is said in the second."""
    server = serve(Reply(["Hm."]))
    for name in ("one", "two"):
        running = kernel(server, JPY_SESSION_NAME=str(home / "work" / f"{name}.ipynb"))
        running.run(f"%ask question {name}", "cell-1")
    assert [len(request.json["messages"]) for request in server.asked] == [2, 2]


def test_a_cell_that_runs_again_takes_its_own_turns_place(kernel, serve):
    """Changed or not; what came after it stays."""
    server = serve(Reply(["Yes."]))
    running = kernel(server)
    for source, cell in (("%ask one", "a"), ("%ask two", "b"), ("%ask one, better", "a"), ("%ask two", "b")):
        running.run(source, cell)
    shown = running.run("%threads show").printed
    assert [line[:20] for line in shown.splitlines() if line[:1].isdigit()] == ["1  one, better", "2  two"]
    asked = [
        [m["content"].rpartition("\n")[2] for m in r.json["messages"] if m["role"] == "user"] for r in server.asked
    ]
    assert asked == [["one"], ["one", "two"], ["one, better"], ["one, better", "two"]]
