"""The facts that sources tell: few, small, exact, without contents, and without running anything."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from counting import calls_during

from askance.index.project import Project
from askance.records import Cell
from askance.sources.base import StaticState
from askance.sources.cells import CellsSource
from askance.sources.describe import facts
from askance.sources.environment import EnvironmentSource
from askance.sources.error import ErrorSource
from askance.sources.files import FilesSource
from askance.sources.git import GitSource
from askance.sources.packages import PackagesSource
from askance.sources.variables import VariablesSource


def sized(found):
    """Facts without the hash of a schema."""
    return {name: value for name, value in found.items() if name != "schema"}


@pytest.mark.parametrize(
    ("obj", "told"),
    [
        (pd.DataFrame({"a": [1, 2, 3], "b": list("xyz")}), {"type": "pandas.DataFrame", "rows": 3, "columns": 2}),
        (pd.DataFrame(), {"type": "pandas.DataFrame", "rows": 0, "columns": 0}),
        (pd.Series([1.5, 2.5]), {"type": "pandas.Series", "length": 2, "dtype": "float64"}),
        (pd.Index([1, 2]), {"type": "pandas.Index", "length": 2, "dtype": "int64"}),
        (np.zeros((3, 4), "float32"), {"type": "numpy.ndarray", "shape": "(3, 4)", "dtype": "float32"}),
        ([1, 2, 3], {"type": "list", "length": 3}),
        ({"a": 1}, {"type": "dict", "length": 1}),
        ("some text", {"type": "str"}),
        (3.5, {"type": "float"}),
        (None, {"type": "NoneType"}),
    ],
)
def test_facts_of_objects(obj, told):
    """The type, and the size of what has one."""
    assert sized(facts(obj)) == told


def test_facts_of_other_libraries():
    """Frames and arrays of every library that is here have their size."""
    pl, pa, xr, sp = (pytest.importorskip(name) for name in ("polars", "pyarrow", "xarray", "scipy.sparse"))
    table = pa.table({"a": [1, 2], "b": ["x", "y"]})
    found = {
        "polars": pl.DataFrame({"a": [1, 2], "b": ["x", "y"]}),
        "lazy": pl.LazyFrame({"a": [1, 2]}),
        "series": pl.Series([1, 2, 3]),
        "arrow": table,
        "schema": table.schema,
        "column": table.column("a"),
        "xarray": xr.DataArray(np.zeros((2, 3)), dims=("x", "y")),
        "sparse": sp.csr_array(np.eye(4)),
    }
    told = {name: list(sized(facts(obj)).values())[1:] for name, obj in found.items()}
    assert told == {
        "polars": [2, 2],
        "lazy": [1],
        "series": [3, "Int64"],
        "arrow": [2, 2],
        "schema": [2],
        "column": [2, "int64"],
        "xarray": ["x 2, y 3", 1],
        "sparse": ["(4, 4)"],
    }


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_schema_is_told_apart_by_its_hash_alone(library):
    """Renaming a column or changing its dtype gives another hash; new values do not, and no name is told."""
    DataFrame = pytest.importorskip(library).DataFrame
    frames = [DataFrame({"secret": [1, 2]}), DataFrame({"secret": [3, 4]})]
    others = [DataFrame({"other": [1, 2]}), DataFrame({"secret": [1.5, 2.5]})]
    hashes = [facts(frame)["schema"] for frame in [*frames, *others]]
    assert hashes[0] == hashes[1]
    assert len(set(hashes)) == 3
    assert "secret" not in str([facts(frame) for frame in frames])


@pytest.mark.parametrize(
    "make",
    [
        lambda size: pd.DataFrame(np.zeros((5, size)), columns=[f"column {i}" for i in range(size)]),
        lambda size: pd.DataFrame({"a": np.arange(size), "b": ["x"] * size}),
        lambda size: list(range(size)),
        lambda size: {str(number): number for number in range(size)},
        np.zeros,
    ],
)
def test_facts_of_large_things_cost_no_more(make):
    """A hundred times larger, they take no more calls."""
    small, large = make(3000), make(300_000)
    counts = [calls_during(lambda obj=obj: facts(obj)) for obj in (small, small, large)]
    assert counts[2] < 2 * counts[1] + 10


def test_facts_of_variables_hide_secrets():
    """Of what looks secret the type alone; of what is gone nothing."""
    source = VariablesSource(StaticState({"df": pd.DataFrame({"a": [1]}), "api_key": ["sk-1", "sk-2"], "_hidden": [1]}))
    assert sized(source.facts("df")) == {"type": "pandas.DataFrame", "rows": 1, "columns": 1}
    assert source.facts("api_key") == {"type": "list"}
    assert source.facts("_hidden") == source.facts("gone") == {}


def test_facts_of_cells():
    """The number a person knows it by, its lines, and whether it failed."""
    cells = [Cell(id="a", number=3, source="x = 1\ny = 2"), Cell(id="b", number=4, source="1/0", failed=True)]
    source = CellsSource(StaticState(cells=cells))
    assert source.facts("a") == {"number": 3, "lines": 2, "failed": 0}
    assert source.facts("b") == {"number": 4, "lines": 1, "failed": 1}
    assert source.facts("c") == {}


def test_facts_of_the_error():
    """Its type."""
    assert ErrorSource(StaticState(error=KeyError("a"))).facts("error") == {"type": "KeyError"}
    assert ErrorSource(StaticState()).facts("error") == {}


def test_facts_of_files(tmp_path):
    """Their size in bytes; nothing of files outside the project, ignored or gone."""
    (tmp_path / "work").mkdir()
    (tmp_path / "outside.py").write_text("x = 1\n")
    (tmp_path / "work" / "utils.py").write_text("x = 12\n")
    (tmp_path / "work" / ".env").write_text("KEY=1\n")
    project = Project(tmp_path / "work", watch=False)
    source = FilesSource(project, StaticState())
    assert source.facts("utils.py") == {"bytes": 7}
    for name in ("../outside.py", str(tmp_path / "outside.py"), ".env", "gone.py", "", ".", "work"):
        assert source.facts(name) == {}
    project.close()


def test_facts_of_git(tmp_path):
    """Branch, head and the commits that led to it; how many files are not committed, the asking notebook left out."""
    environ = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b.c"}
    environ |= {"GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b.c"}

    def git(*command):
        done = subprocess.run(["git", *command], cwd=tmp_path, env=environ, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    git("init", "-q", "-b", "main")
    heads = []
    for number in range(3):
        git("commit", "-q", "--allow-empty", "-m", f"secret {number}")
        heads.insert(0, git("rev-parse", "HEAD")[:8])
    for name in ("a.py", "b.py", "n.ipynb"):
        (tmp_path / name).write_text("1\n")
    source = GitSource(tmp_path, environ, lambda: tmp_path / "n.ipynb")
    assert source.facts("branch") == {"branch": "main"}
    assert source.facts("commits") == {"branch": "main", "head": heads[0], "commits": " ".join(heads)}
    assert source.facts("changes") == {"files": 2}
    assert source.facts("no such thing") == {}
    before = source.pulse()
    assert source.pulse() == before
    git("commit", "-q", "--allow-empty", "-m", "another")
    assert source.pulse() != before


def test_facts_of_packages_and_environment(tmp_path):
    """Versions by module; how many are declared; the interpreter's version."""
    (tmp_path / "requirements.txt").write_text("numpy\npandas>=2\n")
    source = PackagesSource(StaticState(), sys.modules, sys.path, sys.stdlib_module_names, tmp_path)
    assert source.facts("numpy,pandas") == {"numpy": np.__version__, "pandas": pd.__version__}
    assert source.facts("declared") == {"declared": 2}
    assert source.facts("no such module") == {}
    environment = EnvironmentSource({"Python": "3.11.2 (CPython)", "shell": "bash"}, {}, None)
    assert environment.facts("environment") == {"python": "3.11.2 (CPython)"}
    assert environment.facts("other") == {}
