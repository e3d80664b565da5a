"""Restart and Run All in JupyterLab: nothing changed, so every answer is a kept one and no model is asked."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from different import different
from notebook_page import front, open_lab, ready, save
from playwright.sync_api import Page

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"

ALL_RAN = """() => {
  const panel = window.jupyterapp.shell.currentWidget;
  const cells = panel.content.model.sharedModel.cells.filter(cell => cell.cell_type === 'code' && cell.source.trim());
  const idle = panel.sessionContext.session?.kernel?.status === 'idle';
  const failed = cells.some(cell => cell.outputs.some(output => output.output_type === 'error'));
  return idle && (failed || cells.every(cell => cell.execution_count));
}"""


def run_all(page: Page, *, restart: bool = False) -> None:
    """By the menu's command; wait until every cell ran and every answer is in its final form."""
    command = "notebook:restart-run-all" if restart else "notebook:run-all-cells"
    page.evaluate(f"void window.jupyterapp.commands.execute('{command}')")
    if restart:
        page.locator(".jp-Dialog .jp-mod-accept").first.click()
        page.locator(".jp-Dialog").wait_for(state="detached")
        page.wait_for_timeout(1500)  # the old execution counts go when the new kernel is there
    page.wait_for_function(ALL_RAN, timeout=60_000)
    assert front(page).locator("[data-mime-type*='error']").all_inner_texts() == []
    front(page).locator(".jp-OutputArea-output:not(.askance-output) .askance-answer").first.wait_for(state="detached")


def answers(page: Page, path: Path) -> dict[str, tuple[str, Any]]:
    """Cell id -> the answer's text without its footer, and the tier it came from, as saved."""
    save(page)
    notebook = nbformat.read(path, as_version=4)
    return {
        cell.id: (output.data["text/markdown"].partition("\n\n*openai:")[0], output.metadata["askance"]["cached"])
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "askance" in output.get("metadata", {})
    }


@pytest.mark.parametrize(("name", "count"), [("quickstart.ipynb", 3), ("answers.ipynb", 5)])
def test_the_second_run_asks_nobody(page, lab, model_server, name, count):
    """Run All, then Restart and Run All twice, the second time with a cell more and a Markdown cell edited."""
    model_server.say(*different())
    path = lab.folder / name
    shutil.copy(NOTEBOOKS / name, path)
    open_lab(page, lab, name)
    run_all(page)
    first = answers(page, path)
    assert len(first) == count
    asked = len(model_server.asked)
    for edit in ("", EDIT):
        if edit:
            page.evaluate(edit)
        run_all(page, restart=True)
        ready(page)
        again = answers(page, path)
        assert {cell: tier for cell, (_, tier) in again.items() if not tier} == {}
        assert len(model_server.asked) == asked
        assert {cell: text for cell, (text, _) in again.items()} == {cell: text for cell, (text, _) in first.items()}


EDIT = """() => {
  const model = window.jupyterapp.shell.currentWidget.content.model.sharedModel;
  model.cells[0].setSource(model.cells[0].source + '\\n\\nOne more remark.');
  model.insertCell(model.cells.length, { cell_type: 'code', source: 'remark = 1' });
}"""
