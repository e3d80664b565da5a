"""Restart and Run All of the demo notebooks: how many answers of the second run are kept ones, what a model was asked.

    python tests/bench/run_all.py [--model-file PATH]

Each notebook is executed twice from top to bottom, in kernels of their own over one cache folder: against a scripted
server that never says the same twice, and by the embedded model where that is installed. Then once more after a Markdown
cell was edited, and after a cell was added at the end. `tests/browser/test_run_all.py` does the same in JupyterLab.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from figures import tell
from nbclient import NotebookClient

sys.path.append(str(Path(__file__).parents[1]))
from different import different
from kernel.live import clean_environment
from scripted_server import ScriptedServer

NOTEBOOKS = ("quickstart.ipynb", "answers.ipynb")
FOLDER = Path(__file__).parents[2] / "notebooks"


def answers(notebook: Any) -> Iterator[dict[str, Any]]:
    """What the metadata says of each answer that the notebook holds."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "askance" in output.get("metadata", {}):
                yield output.metadata["askance"]


def texts(notebook: Any) -> dict[str, str]:
    """What each answer says, by its cell's source, without its footer, which tells where it came from."""
    return {
        cell.source: output.data["text/markdown"].rpartition("\n\n")[0]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "askance" in output.get("metadata", {})
    }


def executed(name: str, environ: dict[str, str], home: Path, edit: str = "") -> Any:
    """The notebook after a run from top to bottom.

    Args:
        name: its file.
        environ: the kernel's environment.
        home: where it runs.
        edit: "markdown" changes a Markdown cell before, "cell" adds one at the end.
    """
    notebook = nbformat.read(FOLDER / name, as_version=4)
    if edit == "markdown":
        notebook.cells[0].source += "\n\nOne more remark."
    if edit == "cell":
        notebook.cells.append(nbformat.v4.new_code_cell("remark = 'looks fine'"))
    resources = {"metadata": {"path": str(home)}}
    client = NotebookClient(notebook, timeout=300, resources=resources, extra_arguments=["--log-level=ERROR"])
    client.execute(env=environ)
    return notebook


def again(name: str, environ: dict[str, str], home: Path, server: ScriptedServer | None) -> dict[str, tuple[int, int]]:
    """Each later run: (answers that were kept ones, all answers, requests at the server).

    nbclient drops what comes after a cell has ended: an answer of `--bg` counts where it came in time.
    """
    first = texts(executed(name, environ, home))
    found = {}
    for edit, what in (("", "nothing changed"), ("markdown", "Markdown edited"), ("cell", "a cell added")):
        before = len(server.asked) if server is not None else 0
        second = executed(name, environ, home, edit)
        told = list(answers(second))
        kept = sum(bool(one["cached"]) for one in told)
        asked = len(server.asked) - before if server is not None else 0
        others = [source for source, text in texts(second).items() if first.get(source, text) != text]
        found[what] = (kept - len(others), len(told), asked)
        for one in told:
            if not one["cached"]:
                print(f"  asked again in {name}, {what}: {one['id']}", flush=True)
    return found


def main() -> None:
    """Run, run again, tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model-file", type=Path, help="the GGUF file, if it is not installed for this user")
    given = parser.parse_args()
    installed = next((Path.home() / ".cache" / "askance" / "models").glob("*.gguf"), None)
    model = given.model_file or installed
    for name in NOTEBOOKS:
        with tempfile.TemporaryDirectory() as home, ScriptedServer(different()) as server:
            environ = {"OPENAI_BASE_URL": server.base_url, "OPENAI_API_KEY": "no-key", "ASKANCE_MODEL": "openai:m"}
            told(f"{name}, a server", again(name, clean_environment(Path(home), **environ), Path(home), server))
        if model is None:
            continue
        with tempfile.TemporaryDirectory() as home:
            environ = {"ASKANCE_MODEL": "local", "ASKANCE_LOCAL_MODEL": str(model)}
            told(f"{name}, the embedded model", again(name, clean_environment(Path(home), **environ), Path(home), None))
            for state in (Path(home) / "cache" / "local").glob("*.json"):
                state.unlink()  # a server without its state file ends itself


def told(what: str, found: dict[str, tuple[int, int, int]]) -> None:
    """Tell one notebook's figures."""
    for edit, (kept, all_answers, asked) in found.items():
        kept_whole = kept == all_answers > 0 and not asked
        tell(
            f"run all again ({what}; {edit}): answers kept, of all",
            {"askance": kept / all_answers if all_answers else 0.0},
            "",
            bar="1, and 0 requests",
            met=kept_whole,
            note=f"{kept} of {all_answers} answers with the same words, {asked} requests",
        )


if __name__ == "__main__":
    main()
