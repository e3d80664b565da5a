"""What each source tells at each privacy level: names, then schema, then statistics, then what is in things."""

import asyncio
import json
import subprocess

import pytest

from askance.index import bare
from askance.index.project import Project
from askance.records import Ask, Cell, Privacy
from askance.sources.base import StaticState
from askance.sources.cells import CellsSource
from askance.sources.files import FilesSource
from askance.sources.git import GitSource
from askance.sources.hidden_cells import files_within, first_line
from askance.sources.imports import ImportsSource
from askance.sources.tabs import TabsSource
from askance.sources.variables import VariablesSource

PYTHON = '''"""Value of a docstring."""
KEY = "value-1"
RATES = {"value-2": 3}

def clean(frame, *, rate="value-3", kind: "value-4" = None, **more):
    """Value-5."""
    # value-6
    return frame[frame["value-7"] > rate]

class Report(base.Model):
    title: str = "value-8"
    def total(self, *rows):
        return "value-9"
if KEY:
    async def later(x=lambda: "value-10"): ...
'''
NOTEBOOK = json.dumps(
    {
        "cells": [
            {"cell_type": "markdown", "source": "# Plan\n\nvalue-1\n"},
            {"cell_type": "code", "source": "# value-2\ndef load(path='value-3'):\n    pass\n", "outputs": []},
        ]
    }
)
SCRIPT = 'export const token = "value-1";\nfunction draw(x = "value-2") {\n  return "value-3"\n}\n'
TEXTS = {
    "app.py": (
        PYTHON,
        "def clean(frame, *, rate, kind, **more)\nclass Report(base.Model)\n  def total(self, *rows)\ndef later(x)",
    ),
    "half.py": ('def broken(x="value-1":\n    return "value-2"\n', "def broken"),
    "page.md": ("# Title\n\nvalue-1\n\n```sh\n# value-2\n```\n## Part\n", "# Title\n## Part"),
    "work.ipynb": (NOTEBOOK, "# Plan\ndef load(path)"),
    "draw.ts": (SCRIPT, "const token\nfunction draw"),
    "plain.txt": ("value-1\n# value-2\n", ""),
    "conf.yaml": ("value-1: value-2\n", ""),
    "rows.csv": ("name,balance\nvalue-1,3\n", "name,balance"),
    "rows.jsonl": ('{"value-1": 2}\n', ""),
}


def collect(source, question="?", **more):
    return asyncio.run(source.collect(Ask(question=question, model="m", **more)))


@pytest.fixture
def project(tmp_path):
    """All of the texts."""
    for path, (text, _) in TEXTS.items():
        (tmp_path / path).write_text(text)
    made = Project(tmp_path, watch=False)
    yield made
    made.close()


@pytest.mark.parametrize("path", TEXTS)
def test_files(project, path):
    """The path; what it defines, without values; all of it."""
    source = FilesSource(project, StaticState())
    for privacy in range(4):
        (found,) = [c for c in collect(source, mentions=(path,), privacy=Privacy(most=privacy)) if c.name == path]
        texts = {found.render(level) for level in ("outline", "excerpt", "full")} | {
            longer() for longer in found.longer
        }
        assert found.privacy == privacy
        if privacy == 3:
            assert any("value-1" in text for text in texts)
        else:
            assert texts == {f"{path}\n{TEXTS[path][1] if privacy else ''}".rstrip()}


def test_files_as_usual(project):
    """Code whole, rows as their header."""
    found = {c.name: c for c in collect(FilesSource(project, StaticState()), mentions=("app.py", "rows.csv"))}
    assert "value-7" in found["app.py"].render("full")
    assert found["rows.csv"].render("full") == "rows.csv\nname,balance"


def test_long_outlines_end(project):
    """Sixty lines, and how many more."""
    text = "\n".join(f"def f{number}(): ..." for number in range(100))
    assert bare.outline("a.py", text).splitlines()[59:] == ["def f59()", "… 40 more"]


CELL = """%%time
import pandas as pd
from shop.models import Order
frame = pd.read_csv("value-1").query("value-2")
def double(x="value-3"):
    return x * 2
double(frame["value-4"].sum())
"""


def test_cells():
    """The number; names; the source."""
    state = StaticState(cells=[Cell(id="a", number=3, source=CELL, failed=True)])
    told = [collect(CellsSource(state), privacy=Privacy(most=most))[0].render("full") for most in range(4)]
    assert told[0] == "cell[3] (failed)"
    assert told[1] == told[2]
    assert told[1].splitlines() == [
        "cell[3] (failed)",
        "%%time",
        "imports pandas, shop.models",
        "defines double, frame",
        "calls query, double, sum, pd.read_csv",
    ]
    assert told[3] == f"# cell[3] (failed)\n{CELL.strip()}"


@pytest.mark.parametrize("source", ["%%sql\nselect 'value-1'", "what is this value-1", "!echo value-1", "# value-1"])
def test_cells_that_are_no_python(source):
    """Of another language the magic, of what cannot be read nothing."""
    state = StaticState(cells=[Cell(id="a", number=1, source=source)])
    (found,) = collect(CellsSource(state), privacy=Privacy(most=2))
    assert found.render("full") in ("cell[1]", "cell[1]\n%%sql")


@pytest.mark.parametrize(
    ("source", "files"),
    [
        ("%%writefile -a conf/x.py\ntext", {"conf/x.py"}),
        ("  %%file 'my file.py'\ntext", {"my file.py"}),
        ("# %load conf/x.py\ntext", {"conf/x.py"}),
        ("%load -r 1-3 conf/x.py", {"conf/x.py"}),
        ("!echo key >> .env", {".env"}),
        ("out = !printf key | tee -a '.env local'", {".env local"}),
        ("%%bash\ncat <<END >conf/x\ntext\nEND", {"conf/x"}),
        ("Path('a.txt').write_text('text')", {"a.txt"}),
        ("open('a.txt', 'w').write(f'text')", {"a.txt"}),
    ],
)
def test_files_whose_text_stands_in_a_cell(source, files):
    """By magics, by the shell, by code with the text in it."""
    assert files <= set(files_within(source))


@pytest.mark.parametrize(
    "source", ["df.to_csv('private/out.csv')", "x = a > b", "open('data/x').read()", "json.dump(a, open('b', 'w'))"]
)
def test_code_that_holds_no_text_of_a_file(source):
    """What it writes is not in it."""
    assert not list(files_within(source))


def test_what_is_told_of_a_cell_that_holds_a_file():
    """The line that names it; of code its names."""
    sources = ["%%writefile .env\nvalue-1", "!echo value-1 > .env", "x = 1\nopen('.env', 'w').write('value-1')"]
    state = StaticState(cells=[Cell(id=str(n), number=n, source=source) for n, source in enumerate(sources)])
    told = [c.render("full") for c in collect(CellsSource(state, lambda name: name != ".env"))][::-1]
    assert [text.splitlines()[1:-1] for text in told] == [["%%writefile .env"], [], ["defines x", "calls write, open"]]
    assert not [text for text in told if "value-1" in text]
    assert first_line("# %load a\nb") == "# %load a"


def test_variables_and_the_code_of_functions():
    """The name and type; the signature; small values; at its own level the source, where the cell's may be told."""
    import linecache

    code = 'def price(net, tax="value-1"):\n    """Value-2."""\n    return "value-3"\n'
    linecache.cache["<price>"] = (len(code), None, code.splitlines(keepends=True), "<price>")
    made: dict = {}
    exec(compile(code, "<price>", "exec"), made)
    namespace = {"price": made["price"], "short": "value-4", "rows": [1, 2]}
    state = StaticState(namespace, [Cell(id="a", number=1, source=code)])

    def told(**privacy):
        return {c.name: c.render("full") for c in collect(VariablesSource(state), privacy=Privacy(**privacy))}

    assert told(most=0) == {"price": "price: function", "short": "short: str", "rows": "rows: list"}
    assert "alue-" not in str(told(most=1))
    assert "price(net, tax=…)" in told(most=1)["price"]
    assert "value-4" in told(most=2)["short"]
    assert "value-3" not in told(most=2)["price"]
    assert "value-3" in told()["price"]
    assert "value-3" not in told(levels=(("cells", 2),))["price"]
    assert "value-3" not in told(levels=(("price", 1),))["price"]


@pytest.fixture
def repository(tmp_path):
    """With a commit, an upstream that is not there, and a changed file."""
    environ = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    for name in ("AUTHOR", "COMMITTER"):
        environ |= {f"GIT_{name}_NAME": "t", f"GIT_{name}_EMAIL": "t@example.org"}
    (tmp_path / "a.py").write_text("x = 1\n")
    for command in (["init", "-q", "-b", "topic"], ["add", "."], ["commit", "-qm", "Add value-1 to hidden/b.py"]):
        subprocess.run(["git", *command], cwd=tmp_path, env=environ, check=True)
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / "b.py").write_text("")
    (tmp_path / "a.py").write_text("x = 2\n")
    return tmp_path, environ


def test_git(repository):
    """The branch and how much is changed; names; subjects; nothing of files that are left out."""
    root, environ = repository
    told = []
    for most in range(4):
        found = collect(GitSource(root, environ), mentions=("git",), privacy=Privacy(most=most))
        told.append({c.name: c.render("outline") for c in found})
    assert told[0] == {"branch": "branch topic", "changes": "2 uncommitted files", "commits": "branch topic"}
    assert told[1]["changes"].splitlines()[1:] == ["modified: a.py", "untracked: hidden/"]
    assert "value-1" not in str(told[:3])
    assert "value-1" in told[3]["commits"]
    some = GitSource(root, environ, allows=lambda path: not path.startswith("hidden/"))
    assert "hidden" not in str([c.render("outline") for c in collect(some, mentions=("git",))])
    assert some.facts("changes") == {"files": 1}
    muted = collect(GitSource(root, environ), mentions=("git",), mutes=frozenset({"files:a.py"}))
    assert "a.py" not in str([c.render("outline") for c in muted])


def test_tabs_and_imports_name_nothing_that_is_left_out(tmp_path):
    """Nor what is muted or never leaves; the fingerprint is that of what any question may be told."""
    for name, text in {"a.py": "import b, c, d\n", "b.py": "", "c.py": "", "d.py": ""}.items():
        (tmp_path / name).write_text(text)
    project = Project(tmp_path, watch=False, never=["b.py"])
    opened = ["b.py", "a.py", "c.py", "d.py"]
    options = {"mutes": frozenset({"files:c.py"}), "privacy": Privacy(never=("d.py",))}
    tabs = TabsSource(StaticState(open_files=opened, recent_files=opened), project.access.allows)
    (found,) = collect(tabs, "which tabs are open?", **options)
    assert found.render("outline") == "other open tabs: a.py\nlately worked on: a.py"
    assert found.fingerprint() == tabs.fingerprint("tabs")
    imports = ImportsSource(project, StaticState(open_files=opened))
    assert collect(imports, **options) == []
    assert [c.render("outline") for c in collect(imports)] == [
        "a.py imports c.py, d.py", "c.py is imported by a.py", "d.py is imported by a.py",
    ]  # fmt: skip
    assert imports.fingerprint("b.py") is None
    project.close()
