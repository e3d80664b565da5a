"""The notebook about tools, executed with the embedded model, and with one that calls."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
from fixtures_models import gguf  # noqa: F401
from kernel.live import clean_environment
from nbclient import NotebookClient
from scripted_server import Call, Reply, ScriptedServer

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "tools.ipynb"


def executed(home: Path, until: str = "", **environ: str):
    """The notebook after a run from top to bottom, or until the cell that begins so, in a kernel of its own."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    places = [place for place, cell in enumerate(notebook.cells, 1) if until and cell.source.startswith(until)]
    notebook.cells = notebook.cells[: places[0]] if places else notebook.cells
    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(home)}})
    client.execute(env=clean_environment(home, **environ))
    return notebook


def shown(notebook, source: str) -> list[str]:
    """What each cell that begins so shows, as text."""
    cells = [cell for cell in notebook.cells if cell.source.startswith(source)]
    return [
        "\n".join(out.get("text") or out.get("data", {}).get("text/plain", "") for out in cell.outputs)
        for cell in cells
    ]


def test_the_embedded_model_is_asked_without_tools(gguf, tmp_path):  # noqa: F811
    """It answers, and says so; nothing was called."""
    notebook = executed(tmp_path, "[(use.name", ASKANCE_MODEL="local", ASKANCE_LOCAL_MODEL=str(gguf))
    for state in (tmp_path / "cache" / "local").glob("*.json"):
        state.unlink()  # a server without its state file ends itself
    told = [out.get("metadata", {}).get("askance") for cell in notebook.cells for out in cell.get("outputs", [])]
    (answer,) = filter(None, told)
    assert answer["complete"]
    assert "asked without them" in shown(notebook, "%%ask --tools")[0]
    assert shown(notebook, "[(use.name") == ["[]"]


def test_a_model_that_calls_is_told_what_it_asks_for(tmp_path):
    """The variable, its part, the user's own tool; nothing of what is muted."""

    def call(number: int, tool: str, **arguments: str) -> Call:
        return Call(tool, (json.dumps(arguments),), id=f"call-{number}")

    replies = [
        Reply([call(1, "inspect_variable", name="sales"), call(2, "inspect_variable", name="sales['revenue']")]),
        Reply(["The south."]),
        Reply([call(3, "target", region="south")]),
        Reply(["No."]),
        Reply([call(4, "inspect_variable", name="sales")]),
        Reply(["Nobody says."]),
    ]
    with ScriptedServer(replies) as server:
        notebook = executed(
            tmp_path, ASKANCE_MODEL="openai:m", OPENAI_API_KEY="sk-of-a-test", OPENAI_BASE_URL=server.base_url
        )
        bodies = [request.json for request in server.requests]
    results = [
        [message["content"] for message in body["messages"] if message["role"] == "tool"] for body in bodies[1::2]
    ]
    assert len(bodies) == 6
    assert shown(notebook, "[(use.name")[0].count("'inspect_variable'") == 2
    assert "4 rows x 2 columns" in results[0][0]
    assert "min -350," in results[0][1]
    assert results[1] == ["500.0"]
    assert results[2] == ["refused: withheld by the user"]
    assert [{tool["function"]["name"] for tool in body["tools"]} for body in bodies[2:4]] == [
        {"target", "inspect_variable"}
    ] * 2
    assert shown(notebook, "[item.id")[0] == '[\'tools:inspect_variable {"name":"sales"}\']'
