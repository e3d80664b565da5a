"""What holds for every source, whatever it offers."""

import asyncio
import subprocess
import sys
from dataclasses import replace

import pytest

from askance.index.project import Project
from askance.records import LEVELS, Ask, Cell, Privacy
from askance.sources.base import StaticState
from askance.sources.cells import CellsSource
from askance.sources.environment import EnvironmentSource
from askance.sources.error import ErrorSource
from askance.sources.files import FilesSource
from askance.sources.git import GitSource
from askance.sources.imports import ImportsSource
from askance.sources.machine import machine_facts
from askance.sources.packages import PackagesSource
from askance.sources.tabs import TabsSource
from askance.sources.variables import VariablesSource

ASK = Ask(
    question="why does revenue() fail for the open table, and what has changed?", model="local", mentions=("table",)
)
NAMES = ("variables", "cells", "error", "files", "imports", "environment", "packages", "git", "tabs")


def boom():
    total = {"net": 3}
    return total["gross"]


@pytest.fixture
def sources(tmp_path, monkeypatch):
    """Every source over the same small project and kernel state."""
    pd = pytest.importorskip("pandas")
    (tmp_path / "shop.py").write_text(
        '"""Shop."""\n\n\ndef revenue(table):\n    """Sum."""\n    return table["gross"].sum()\n'
    )
    (tmp_path / "main.py").write_text("import shop\n")
    (tmp_path / "notes.md").write_text("# Revenue\n\nGross of the table.\n")
    environ = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "VIRTUAL_ENV": "x", "OPENAI_API_KEY": "sk-secret"}
    for command in (["init", "-q", "-b", "main"], ["add", "notes.md"]):
        subprocess.run(["git", *command], cwd=tmp_path, env=environ, check=True)
    try:
        boom()
    except KeyError as caught:
        error = caught
    cells = [
        Cell(id="a", number=1, source="import pandas as pd"),
        Cell(id="b", number=2, source="table = load()\n" * 30),
    ]
    table = pd.DataFrame({"gross": range(50), "city": ["Bonn", "Kiel"] * 25})
    state = StaticState(
        {"table": table, "limit": 3, "api_key": "sk-secret", "pd": pd}, cells, error, ["shop.py", "notes.md"]
    )
    project = Project(tmp_path, watch=False)
    yield {
        "variables": VariablesSource(state),
        "cells": CellsSource(state),
        "error": ErrorSource(state, str(tmp_path)),
        "files": FilesSource(project, state),
        "imports": ImportsSource(project, state),
        "environment": EnvironmentSource(machine_facts("/a", "/b", environ), environ, tmp_path),
        "packages": PackagesSource(state, sys.modules, sys.path, sys.stdlib_module_names, tmp_path),
        "git": GitSource(tmp_path, environ),
        "tabs": TabsSource(state),
    }
    project.close()


def collect(source, ask=ASK):
    return asyncio.run(source.collect(ask))


@pytest.mark.parametrize("name", NAMES)
def test_candidates_carry_the_present_fingerprint(sources, name):
    """`fingerprint(name)` says what `collect` said, for each candidate."""
    found = collect(sources[name])
    assert found
    for candidate in found:
        assert candidate.source == name == sources[name].name
        assert len(candidate.fingerprint()) == 16
        assert sources[name].fingerprint(candidate.name) == candidate.fingerprint()


@pytest.mark.parametrize("name", NAMES)
def test_unknown_names_have_no_fingerprint(sources, name):
    """A name that was never offered is gone."""
    assert sources[name].fingerprint("no such thing") is None


@pytest.mark.parametrize("name", NAMES)
def test_collecting_twice_gives_the_same(sources, name):
    """Same state, same candidates, same order, same texts."""
    first, second = collect(sources[name]), collect(sources[name])
    assert [(c.id, c.fingerprint(), c.text, dict(c.signals)) for c in first] == [
        (c.id, c.fingerprint(), c.text, dict(c.signals)) for c in second
    ]
    assert [c.render(c.levels[-1]) for c in first] == [c.render(c.levels[-1]) for c in second]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("privacy", [0, 1, 2, 3])
def test_levels_say_more_and_more(sources, name, privacy):
    """Each level is text, and the last says at least as much as the first."""
    for candidate in collect(sources[name], replace(ASK, privacy=Privacy(most=privacy))):
        texts = [candidate.render(level) for level in candidate.levels]
        assert all(type(text) is str and text for text in texts)
        assert len(texts[0]) <= len(texts[-1])
        assert set(candidate.levels) <= set(LEVELS)


@pytest.mark.parametrize("name", NAMES)
def test_ids_are_unique_and_signals_bounded(sources, name):
    """No two candidates share an id, and signals lie in 0 to 1."""
    found = collect(sources[name])
    assert len({candidate.id for candidate in found}) == len(found)
    assert all(0 <= value <= 1 for candidate in found for value in candidate.signals.values())


def test_no_secret_leaves_any_source(sources):
    """A key in a variable named so and in the environment appears in no text at any level."""
    ask = replace(ASK, privacy=Privacy(most=3))
    texts = [c.render(level) + c.text for s in sources.values() for c in collect(s, ask) for level in c.levels]
    assert len(texts) > 20
    assert not [text for text in texts if "sk-secret" in text]
