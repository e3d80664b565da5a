"""Drives a notebook as a person would: opens it, runs cells, reads what they show."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Locator, Page, expect

HAS_KERNEL = """
() => !window.jupyterapp || window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'
"""
"""JupyterLab's indicator says "idle" before there is a kernel, too, and what is run then is dropped."""

SHOTS = Path(__file__).parent / "shots"
"""Where pictures of what was seen are left."""

FRONT = ".jp-NotebookPanel:not(.lm-mod-hidden)"


def write(folder: Path, name: str, cells: list[str], outputs: dict[int, nbformat.NotebookNode] | None = None) -> Path:
    """A notebook with these code cells, and outputs of some of them."""
    notebook = nbformat.v4.new_notebook()
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook.cells = [nbformat.v4.new_code_cell(source) for source in cells]
    for number, output in (outputs or {}).items():
        notebook.cells[number].outputs = [output]
    path = folder / name
    nbformat.write(notebook, path)
    return path


def saved(markdown: str, manifest: object) -> nbformat.NotebookNode:
    """An output as an answer leaves it, or as someone forged it."""
    data = {"text/markdown": markdown, "text/plain": markdown}
    return nbformat.v4.new_output("display_data", data=data, metadata={"askance": manifest})


def open_lab(page: Page, lab, name: str) -> None:
    """A fresh workspace of JupyterLab with this notebook in front."""
    page.goto(lab.at(f"lab/workspaces/{name.removesuffix('.ipynb')}/tree/{name}?reset"))
    ready(page)


def ready(page: Page) -> None:
    """Wait until the notebook in front is there and its kernel takes code."""
    front(page).locator(".jp-CodeCell").first.wait_for()
    page.locator(f"{FRONT} .jp-Notebook-ExecutionIndicator[data-status='idle']").wait_for(state="attached")
    page.wait_for_function(HAS_KERNEL)
    page.wait_for_timeout(300)  # the key binding is ready a moment after


def open_notebook(page: Page, name: str) -> None:
    """One more notebook, from the file browser."""
    page.locator(".jp-DirListing-item", has_text=name).dblclick()
    page.locator(".lm-TabBar-tab.lm-mod-current", has_text=name).first.wait_for()
    ready(page)


def front(page: Page) -> Locator:
    """The notebook that is seen."""
    return page.locator(f"{FRONT} .jp-Notebook")


def cell(page: Page, number: int) -> Locator:
    """The code cell `number`, counted from 0."""
    return front(page).locator(".jp-CodeCell").nth(number)


def live(page: Page, number: int) -> Locator:
    """The widget in which an answer streams."""
    return cell(page, number).locator(".jp-OutputArea-output:not(.askance-output) .askance-answer")


def final(page: Page, number: int) -> Locator:
    """The Markdown an answer ends as, with its buttons."""
    return cell(page, number).locator(".jp-OutputArea-output.askance-output .askance-answer")


def press(page: Page, number: int, name: str, *, nth: int = 0) -> None:
    """Click a button of a final answer by its label; the `nth` of those that have it."""
    final(page, number).locator(f"button:text-is('{name}')").nth(nth).click()


def sources(page: Page) -> list[str]:
    """The code cells as the notebook's model has them."""
    return page.evaluate(
        "window.jupyterapp.shell.currentWidget.content.model.sharedModel.cells"
        ".filter(cell => cell.cell_type === 'code').map(cell => cell.source)"
    )


def run(page: Page, number: int, *, wait: bool = True) -> None:
    """Run a cell and, unless told otherwise, wait for it to end."""
    cell(page, number).locator(".cm-content").first.click()
    page.keyboard.press("Control+Enter")
    if wait:
        expect(cell(page, number).locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[\d+\]"), timeout=60_000)


def ask_text(page: Page, number: int) -> list[int]:
    """Sizes of the growing answer, as they were seen, until the widget is gone."""
    body = live(page, number).locator(".askance-answer-body")
    body.wait_for(state="attached")
    sizes = []
    while live(page, number).count():
        try:
            size = len(body.inner_text(timeout=500))
        except PlaywrightError:
            break
        if not sizes or size != sizes[-1]:
            sizes.append(size)
        page.wait_for_timeout(30)
    return sizes


def show_sidebar(page: Page) -> None:
    """Open the sidebar if it is not open."""
    page.locator(".askance-panel").first.wait_for(state="attached")
    if not page.locator(".askance-panel").first.is_visible():
        page.keyboard.press("Control+Alt+k")
    page.locator(".askance-panel").first.wait_for()


def sidebar_items(page: Page) -> list[dict[str, str]]:
    """The ledger as the sidebar shows it."""
    page.locator(".askance-item").first.wait_for()
    return page.locator(".askance-item").evaluate_all("nodes => nodes.map(node => ({...node.dataset}))")


def save(page: Page) -> None:
    """Save the notebook in front and wait until it is."""
    page.keyboard.press("Escape")
    with page.expect_response(lambda response: "/api/contents/" in response.url and response.request.method == "PUT"):
        page.keyboard.press("Control+s")


def restart_kernel(page: Page) -> None:
    """By the menu, as a user would."""
    page.locator(f"{FRONT} [data-jp-item-name='restart'] jp-button").first.click()
    page.get_by_role("button", name="Restart", exact=True).or_(page.locator(".jp-Dialog .jp-mod-accept")).first.click()
    page.locator(".jp-Dialog").wait_for(state="detached")
