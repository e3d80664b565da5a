"""Drives a notebook as a person would: opens it, runs cells, reads what they show."""

from __future__ import annotations

from pathlib import Path

import nbformat
from playwright.sync_api import Page

LIVE = ".askance-answer"
FINAL = ".jp-OutputArea-output .jp-RenderedMarkdown, .jp-RenderedMarkdown"


def write(folder: Path, name: str, cells: list[str]) -> Path:
    """A notebook with these code cells."""
    notebook = nbformat.v4.new_notebook()
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook.cells = [nbformat.v4.new_code_cell(source) for source in cells]
    path = folder / name
    nbformat.write(notebook, path)
    return path


def ready(page: Page) -> None:
    """Wait until the notebook's kernel takes code."""
    page.wait_for_selector(".jp-Notebook .jp-CodeCell")
    page.wait_for_selector(
        "[data-status='idle'], .jp-NotebookKernelStatus-info, .jp-Toolbar-kernelStatus", state="attached"
    )


def cell(page: Page, number: int):
    """The code cell `number`, counted from 0."""
    return page.locator(".jp-Notebook .jp-CodeCell").nth(number)


def run(page: Page, number: int, *, wait: bool = True) -> None:
    """Run a cell and, unless told otherwise, wait for it to end."""
    cell(page, number).locator(".cm-content").first.click()
    page.keyboard.press("Control+Enter")
    if wait:
        page.wait_for_function(
            """number => {
                const cells = document.querySelectorAll('.jp-Notebook .jp-CodeCell');
                const prompt = cells[number].querySelector('.jp-InputPrompt').textContent;
                return /\\[\\d+\\]/.test(prompt);
            }""",
            arg=number,
        )
