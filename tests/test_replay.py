"""A notebook is recorded once, then runs without a model: with no key, no server, an empty cache, on another machine."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import nbformat
import pytest
from kernel.live import Kernel, clean_environment, wait_for
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from scripted_server import Reply, ScriptedServer

CELLS = (
    "%load_ext askance",
    "import pandas as pd\nsales = pd.read_csv('sales.csv')",
    "%%ask\nWhy is @sales negative?",
    "%ask And since when?",
    "from dataclasses import dataclass\n\n\n@dataclass\nclass Finding:\n    what: str\n    count: int",
    "%ask -c only -t other --json Finding What do you find in @sales? << finding",
    "finding",
    "from askance import ask\n[ask(f'Describe {word}', thread=word, context='none').text for word in ('a', 'b')]",
    "%ask --bg -t one Explain @Finding << one",
    "%ask --bg -t two Explain pd << two",
    "%ask --wait",
    "one.text, two.text",
    "1 / 0",
    "%fix",
)
"""Two questions in one conversation, over a file; a structured one that is put right once; a loop; two at once; a failure."""

REPLIES = (
    Reply(["Because of *returns*.  \n", "Trailing spaces  "]),
    Reply(["Since **May**."]),
    Reply(['{"what": "returns"}']),
    Reply(['{"what": "returns", "count": 2}']),
    Reply(["A is a letter."]),
    Reply(["B is another."]),
    Reply(["Later."], silent=0.5),
    Reply(["Later."]),
    Reply(["Divide by something else."]),
)
ASKED = len(REPLIES)


def notebook(sources=CELLS):
    tags = {"1 / 0": ["raises-exception"]}
    cells = [nbformat.v4.new_code_cell(source, metadata={"tags": tags.get(source, [])}) for source in sources]
    return nbformat.v4.new_notebook(cells=cells)


def execute(book, folder, environ):
    NotebookClient(book, timeout=60, resources={"metadata": {"path": str(folder)}}).execute(env=environ)
    return book


def shown(book):
    """What its answers and values say, without the line on how each came to be.

    Of an answer that comes in the background, programs that execute notebooks keep what is shown first.
    """
    texts = []
    for cell in book.cells:
        for output in [] if "--bg" in cell.source or "--wait" in cell.source else cell.outputs:
            text = output.get("text") or output.get("data", {}).get("text/plain", "") or output.get("ename")
            texts.append(text.rpartition("\n\n")[0] if "askance" in output.get("metadata", {}) else text)
    return texts


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A folder with a notebook's data and its recording, what the notebook showed, and its manifests."""
    home = tmp_path_factory.mktemp("recorded")
    folder = home / "course"
    folder.mkdir()
    (folder / "sales.csv").write_text("month,total\nMay,-3\nJune,4\n")
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    with ScriptedServer(REPLIES) as server:
        book = execute(notebook(), folder, recording(home, server))
        assert len(server.asked) == ASKED
    return folder, book, home


def recording(home, server):
    return clean_environment(home, **recording_by(server))


def recording_by(server):
    return {"OPENAI_API_KEY": "sk-of-a-test", "OPENAI_BASE_URL": server.base_url, "ASKANCE_MODE": "record"}


def elsewhere(recorded, tmp_path, **more):
    """Another machine: the folder alone, without its repository, and an environment with nothing in it that knows a model."""
    folder = tmp_path / "somewhere" / "else"
    shutil.copytree(recorded[0], folder, ignore=shutil.ignore_patterns(".git"))
    return folder, clean_environment(tmp_path, ASKANCE_MODE="replay", LANG="C", CONDA_DEFAULT_ENV="other", **more)


def test_the_recording_is_readable(recorded):
    """Every answer once, in the order of asking, those in the background too; nothing of the machine, no key."""
    text = (recorded[0] / "answers.askance").read_text("utf-8")
    answers = json.loads(text)["answers"]
    assert [row["text"][0] for row in answers] == [reply.steps[0].split("\n")[0] for reply in REPLIES]
    assert [row["question"] for row in answers[6:8]] == [["Explain @Finding"], ["Explain pd"]]
    assert answers[0]["text"][1] == "Trailing spaces  "
    assert "sk-of-a-test" not in text
    assert str(recorded[2]) not in text
    assert os.listdir(recorded[0]).count("answers.askance") == 1
    assert not [name for name in os.listdir(recorded[0]) if name.startswith(".answers")]


def test_it_runs_without_a_model(recorded, tmp_path):
    """The outputs are the same; run again, they are the same to the last byte."""
    folder, environ = elsewhere(recorded, tmp_path)
    assert not {"OPENAI_API_KEY", "OPENAI_BASE_URL"} & environ.keys()
    first, second = (execute(notebook(), folder, environ) for _ in range(2))
    assert shown(first) == shown(recorded[1])
    said = [[output.get("data") for output in cell.outputs] for cell in first.cells]
    assert said == [[output.get("data") for output in cell.outputs] for cell in second.cells]
    assert said[CELLS.index("%ask --wait") - 1][0]["text/plain"].startswith("Later.")
    assert "from recorded answers" in said[2][0]["text/plain"]


def test_it_asks_no_model_that_it_knows(recorded, tmp_path):
    """Nothing goes to a server that is there, and has a key; not even a connection is made, nor is --fresh heeded."""
    with ScriptedServer(REPLIES) as server:
        more = {"OPENAI_API_KEY": "sk-of-a-test", "OPENAI_BASE_URL": server.base_url}
        folder, environ = elsewhere(recorded, tmp_path, **more)
        book = notebook()
        book.cells[CELLS.index("%fix")].source = "%fix --fresh"
        execute(book, folder, environ)
        assert (len(server.requests), server.open) == (0, 0)
    assert shown(book) == shown(recorded[1])


def test_what_has_changed_fails_the_cell(recorded, tmp_path):
    """With one line that names it."""
    folder, environ = elsewhere(recorded, tmp_path)
    (folder / "sales.csv").write_text("month,total\nMay,-3\nJune,5\n")
    with pytest.raises(CellExecutionError) as caught:
        execute(notebook(), folder, environ)
    lines = str(caught.value).strip().splitlines()
    (line,) = [line for line in lines if line.startswith("askance: No recorded answer holds:")]
    assert "sales" in line
    assert "ASKANCE_MODE=record" in line


def test_without_the_recording_it_fails_and_names_the_file(recorded, tmp_path):
    """That it looked for."""
    folder, environ = elsewhere(recorded, tmp_path)
    (folder / "answers.askance").unlink()
    with pytest.raises(CellExecutionError, match=r"there is no .*answers\.askance"):
        execute(notebook(), folder, environ)


def test_nbconvert_runs_it_too(recorded, tmp_path):
    """From a shell, as a CI job does."""
    folder, environ = elsewhere(recorded, tmp_path)
    nbformat.write(notebook(), folder / "book.ipynb")
    command = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--inplace", "book.ipynb"]
    subprocess.run(command, cwd=folder, env=environ, check=True, capture_output=True)
    assert shown(nbformat.read(folder / "book.ipynb", as_version=4)) == shown(recorded[1])


def test_papermill_runs_it_too(recorded, tmp_path):
    """In a process of its own."""
    pytest.importorskip("papermill")
    folder, environ = elsewhere(recorded, tmp_path)
    nbformat.write(notebook(CELLS[:-2]), folder / "book.ipynb")  # it stops at any failure
    command = [sys.executable, "-m", "papermill", "--no-progress-bar", "-k", "python3", "book.ipynb", "out.ipynb"]
    subprocess.run(command, cwd=folder, env=environ, check=True, capture_output=True)
    found = nbformat.read(folder / "out.ipynb", as_version=4)
    assert shown(found) == shown(recorded[1])[:-2]


def test_recorded_again_it_is_the_same(recorded, tmp_path):
    """The same answers give the same bytes, though the model was asked anew."""
    folder = tmp_path / "again"
    shutil.copytree(recorded[0], folder, ignore=shutil.ignore_patterns(".git"))
    before = (folder / "answers.askance").read_bytes()
    with ScriptedServer(REPLIES) as server:
        execute(notebook(), folder, recording(tmp_path, server))
        assert len(server.asked) == ASKED
    assert (folder / "answers.askance").read_bytes() == before


def test_what_a_browser_records_a_program_replays(tmp_path):
    """Their cells have ids, in another order of running; a program's have none. Edited cells count for both."""
    folder = tmp_path / "home"
    folder.mkdir()
    sources = {"a": "%load_ext askance", "b": "x = 20 + 1", "c": "%ask Why is @x what it is?", "d": "%ask And now?"}
    with (
        ScriptedServer([Reply(["Because."]), Reply(["Still."])]) as server,
        Kernel(folder, **recording_by(server)) as browser,
    ):
        for cell in "aabcbd":
            assert not browser.run(sources[cell], cell).contents("error")
        browser.client.shutdown()
        assert wait_for(lambda: not browser.manager.is_alive())
    environ = clean_environment(tmp_path, ASKANCE_MODE="replay")
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources.values()])
    execute(book, folder, environ)
    assert shown(book)[-2:] == ["Because.", "Still."]
    assert '"cells:#' in (folder / "answers.askance").read_text()
    book.cells[1].source = "x = 22 - 1"
    with pytest.raises(CellExecutionError, match=r"No recorded answer holds: cell"):
        execute(book, folder, environ)


def test_secrets_stay_where_they_are(tmp_path):
    """Neither a question's nor an answer's are recorded; placeholders have the same meaning where nothing is gathered."""
    folder = tmp_path / "home"
    folder.mkdir()
    keys = [f"sk-ant-api03-{letter}{'k3Yq7Zp1' * 6}" for letter in "abc"]
    sources = (
        "%load_ext askance",
        f"config = {{'key': '{keys[0]}'}}",
        f"%ask -p 3 What is in @config, and {keys[1]}?",
        "%ask -c none Go on",
    )
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    with ScriptedServer([Reply([f"A key like {keys[2]}."]), Reply(["On."])]) as server:
        execute(book, folder, recording(folder, server))
        assert not any(key.encode() in request.body for request in server.asked for key in keys)
    text = (folder / "answers.askance").read_text()
    assert not any(key in text for key in keys)
    assert "A key like <ANTHROPIC_KEY_" in text
    execute(book, folder, clean_environment(tmp_path, ASKANCE_MODE="replay"))
    assert shown(book)[0].startswith("A key like <ANTHROPIC_KEY_")
    assert shown(book)[1] == "On."
