"""All tools together: what a model is told of them, resources, fingerprints, and texts that give orders."""

import asyncio
import json

import jsonschema
import pytest
from faults.obedient import order

from askance.assemble import _sources
from askance.errors import AskanceError
from askance.index.project import Project
from askance.records import Ask, Cell
from askance.sources.base import StaticState
from askance.tools.base import ALL
from askance.tools.box import ToolBox
from askance.tools.table import built_in

ORDER = [
    "inspect_variable", "read_cell", "last_error", "search_project", "read_file", "list_files", "package_docs", "git_diff", "git_log",
]  # fmt: skip
CALLS = {
    "inspect_variable": {"name": "notes"},
    "read_cell": {"cell": 1},
    "last_error": {},
    "search_project": {"query": "instructions"},
    "read_file": {"path": "utils.py"},
    "list_files": {"pattern": "*.py"},
    "package_docs": {"name": "utils"},
    "git_diff": {},
    "git_log": {},
}
SOURCES = {"variables", "cells", "error", "files", "packages", "git"}


@pytest.fixture
def full(repository):
    """Something for each tool."""
    repository.namespace["notes"] = "instructions"
    repository.cells = [Cell(id="a", number=1, source="x = 1")]
    repository.write("utils.py", '"""instructions"""\n')
    return repository


def test_what_a_model_is_told_is_short_and_valid(full):
    """In a fixed order; a sentence or two each; schemas of few arguments, each with a word on it."""
    assert list(full.tools) == ORDER
    specs = ToolBox(full.tools.values).specs(hands=False)
    assert [spec.name for spec in specs] == ORDER
    assert sum(len(spec.description) + len(spec.schema) for spec in specs) < 4500
    for spec in specs:
        schema = json.loads(spec.schema)
        jsonschema.Draft202012Validator.check_schema(schema)
        assert 40 < len(spec.description) < 260
        assert len(schema["properties"]) <= 4
        assert schema["additionalProperties"] is False
        assert set(schema["required"]) <= set(schema["properties"])
        assert all(property_["description"] for property_ in schema["properties"].values())
        jsonschema.validate(CALLS[spec.name], schema)


@pytest.mark.parametrize("tool", ORDER)
def test_it_reads_and_changes_nothing(full, tool):
    """No flag is set; resources are ids as the ledger's; the fingerprint stays while nothing changes."""
    found = full.tools[tool]
    assert (found.acts, found.in_kernel, found.needs_hands) == (False, False, False)
    touched = found.touches(CALLS[tool])
    assert touched.writes == frozenset()
    assert touched.reads
    for resource in touched.reads:
        source, _, name = resource.partition(":")
        assert source in SOURCES
        assert name
        assert ALL not in name.removesuffix(ALL)
    first = found.fingerprint(CALLS[tool])
    assert first == found.fingerprint(CALLS[tool])
    assert len(first) == 16
    assert full.call(tool, **CALLS[tool]) == full.call(tool, **CALLS[tool])


def test_each_fingerprint_changes_with_its_own_thing(full):
    """And with no other; another kernel that holds the same has the same ones."""
    full.tools["git_diff"]._clock = full.tools["git_log"]._clock = iter(range(1000)).__next__

    def prints():
        return {tool: full.fingerprint(tool, **CALLS[tool]) for tool in ORDER}

    changes = (
        (lambda: full.namespace.update(notes="other"), {"inspect_variable"}),
        (lambda: full.cells.__setitem__(0, Cell(id="a", number=1, source="x = 2")), {"read_cell"}),
        (lambda: setattr(full, "error", ValueError("x")), {"last_error"}),
        (
            lambda: full.write("utils.py", '"""instructions now"""\n'),
            {"search_project", "read_file", "package_docs", "git_diff"},
        ),
        (lambda: full.write("more.py", ""), {"list_files", "git_diff"}),
        (lambda: full.commit("All"), {"git_diff", "git_log"}),
    )
    for change, expected in changes:
        before = prints()
        change()
        after = prints()
        assert {tool for tool in ORDER if before[tool] != after[tool]} == expected
        full.close()
        full._made = None
        full.namespace = dict(full.namespace)
        assert prints() == after
        full.tools["git_diff"]._clock = full.tools["git_log"]._clock = iter(range(1000)).__next__


def test_orders_in_what_is_read_stay_text(full):
    """They are told word for word, within bounds, and nothing is done."""
    text = order(3)
    full.namespace["notes"] = [text]
    full.cells = [Cell(id="a", number=1, source=f"'''{text}'''")]
    full.error = ValueError(text)
    full.write("utils.py", f"'''{text}'''\ninstructions = 1\n")
    before = sorted(path.name for path in full.root.rglob("*") if ".git" not in path.parts)
    for tool in ORDER:
        said = full.call(tool, full.ask(most=3), **CALLS[tool])
        assert len(said) < 8500
    for tool in ("read_cell", "last_error", "read_file", "git_diff"):
        assert "OBEY_03" in full.call(tool, full.ask(most=3), **CALLS[tool])
    assert sorted(path.name for path in full.root.rglob("*") if ".git" not in path.parts) == before


@pytest.mark.parametrize("tool", ORDER)
def test_a_muted_source_says_nothing(full, tool):
    """By mute, and by what never leaves."""
    sources = {resource.partition(":")[0] for resource in full.reads(tool, **CALLS[tool])}
    for source in sources - ({"files"} if tool in ("git_diff", "git_log") else set()):
        for ask in (full.ask(mutes=frozenset({source})), full.ask(never=(source,))):
            full.refused(tool, ask, **CALLS[tool])


def test_without_a_project_there_are_no_files(tmp_path, environ):
    """The kernel's own things are told of; what needs a folder says so."""
    project, state = Project(None, environ=environ), StaticState(namespace={"x": 3})
    sources = _sources(state, project, None, environ, lambda: None, tuple)
    tools = {tool.name: tool for tool in built_in(state, project, None, environ, sources)}
    ask = Ask(question="?", model="m")

    def said(tool):
        try:
            return asyncio.run(
                tools[tool].run({**CALLS[tool], "name": "x"} if tool == "inspect_variable" else CALLS[tool], ask, None)
            )
        except AskanceError as error:
            return str(error)

    assert {tool: said(tool).partition(".")[0].partition(":")[0] for tool in ORDER} == {
        "inspect_variable": "x",
        "read_cell": "There is no cell 1 that may be told of",
        "last_error": "There is no error",
        "search_project": "Nothing in this project's files fits 'instructions'",
        "read_file": "There is no text file utils",
        "list_files": "This project has no text file",
        "package_docs": "Nothing is known of utils",
        "git_diff": "This project is no git repository",
        "git_log": "This project is no git repository",
    }
    prints = {
        tool: tools[tool].fingerprint(CALLS[tool]) for tool in ORDER if tool not in ("inspect_variable", "last_error")
    }
    assert set(prints.values()) == {None}
