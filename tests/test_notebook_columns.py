"""The notebook about columns, executed with the embedded model."""

from __future__ import annotations

import ast
from pathlib import Path

import nbformat
from fixtures_models import gguf  # noqa: F401
from kernel.live import clean_environment
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "columns.ipynb"


def result(cell) -> str:
    """The text of a cell's value."""
    (value,) = [out.data["text/plain"] for out in cell.outputs if out.output_type == "execute_result"]
    return value


def test_every_row_has_its_answer_and_the_second_time_is_free(gguf, tmp_path):  # noqa: F811
    """In the order of the column; equal rows are asked once."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}})
    client.execute(env=clean_environment(tmp_path, ASKANCE_MODEL="local", ASKANCE_LOCAL_MODEL=str(gguf)))
    for state in (tmp_path / "cache" / "local").glob("*.json"):
        state.unlink()  # a server without its state file ends itself
    codes = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert "3 rows" in result(codes[2])
    rows = [line.split() for line in result(codes[3]).splitlines()[1:]]
    assert [row[0] for row in rows] == ["a", "b", "c"]
    assert rows[0][1:] == rows[2][1:]
    report = ast.literal_eval(result(codes[4]))
    assert (report["requests"], report["cached"], report["errors"]) == (0, 3, {})
