"""Which packages are told, with which names and versions, and what makes an answer that was told of them stale."""

import asyncio
import sys
from importlib.metadata import packages_distributions
from types import ModuleType

import pytest

from askance.records import Ask, Cell
from askance.sources import distributions
from askance.sources.base import StaticState
from askance.sources.distributions import Distributions
from askance.sources.packages import MOST, PackagesSource

ASK = Ask(question="?", model="local")


def collect(source):
    return {candidate.title: candidate for candidate in asyncio.run(source.collect(ASK))}


def cell(source):
    return Cell(id=source, number=1, source=source)


def install(folder, name, version="1.0", tops=(), record=""):
    """A package as pip leaves it: its folder of metadata, and a module for each of `tops`."""
    info = folder / f"{name}-{version}.dist-info"
    info.mkdir()
    if record:
        (info / "RECORD").write_text(record)
    for top in tops:
        (folder / f"{top}.py").touch()
    return info


def modules(*names):
    return {name: ModuleType(name) for name in names}


def test_imported_ones_by_cells_variables_and_frameworks(tmp_path):
    """Really imported, installed, not the standard library's; a framework counts whoever imported it."""
    for name in ("Numpy-2.4", "scikit_learn-1.9", "httpx-1.0", "rich-15.0", "torch-2.9"):
        install(tmp_path, *name.split("-"))
    loaded = modules("numpy", "sklearn", "httpx", "os", "rich", "torch", "mine")
    state = StaticState(
        {"r": loaded["rich"]}, [cell("import os, numpy as np, mine\nfrom sklearn.svm import SVC\nimport gone")]
    )
    found = collect(PackagesSource(state, loaded, [str(tmp_path), ""], {"os"}))
    assert found["imported packages"].render("outline") == (
        "imported packages: Numpy 2.4, rich 15.0, scikit-learn 1.9 (import sklearn), torch 2.9"
    )
    assert found["imported packages"].aliases == ("packages",)


def test_an_answer_holds_while_what_it_was_told_stays(tmp_path):
    """Imports of later cells and installations of others change nothing; a new version or a removal does."""
    for name in ("numpy", "rich", "httpx"):
        install(tmp_path, name)
    loaded = modules("numpy")
    state = StaticState({}, [cell("import numpy, rich, httpx")])
    source = PackagesSource(state, loaded, [str(tmp_path)], ())
    told = collect(source)["imported packages"]
    loaded.update(modules("rich", "httpx"))
    install(tmp_path, "another")
    assert collect(source)["imported packages"].name != told.name
    assert source.fingerprint(told.name) == told.fingerprint()
    elsewhere = PackagesSource(StaticState(), {}, [str(tmp_path)], ())  # a new kernel that has imported nothing yet
    assert elsewhere.fingerprint(told.name) == told.fingerprint()
    (tmp_path / "numpy-1.0.dist-info").rename(tmp_path / "numpy-1.1.dist-info")
    assert source.fingerprint(told.name) not in (None, told.fingerprint())
    (tmp_path / "numpy-1.1.dist-info").rmdir()
    assert source.fingerprint(told.name) is None


def test_what_is_declared_comes_with_what_is_installed(tmp_path):
    """From every manifest, in the normal spelling; what is missing is said."""
    site, root = tmp_path / "site", tmp_path / "root"
    site.mkdir(), root.mkdir()
    install(site, "Scikit_Learn", "1.9")
    (root / "pyproject.toml").write_text(
        '[project]\ndependencies = ["scikit-learn>=1", "shop[all]; python_version>\'3\'"]'
    )
    (root / "requirements-dev.txt").write_text(
        "-r x.txt\ngit+https://anna:tok@x.org/y.git\nbad @ https://a:b@c.org/d\n"
    )
    source = PackagesSource(StaticState(), {}, [str(site)], (), root)
    declared = collect(source)["declared packages"]
    assert declared.render("outline").splitlines() == [
        "declared packages: pyproject.toml: scikit-learn 1.9, shop (not installed)",
        "requirements-dev.txt: bad (not installed)",
    ]
    install(site, "shop", "3.0")
    assert source.fingerprint("declared") != declared.fingerprint()


def test_at_most_a_hundred(tmp_path):
    """Of more imported packages the first hundred are told."""
    names = [f"p{number:03}" for number in range(150)]
    for name in names:
        install(tmp_path, name)
    source = PackagesSource(StaticState({}, [cell(f"import {', '.join(names)}")]), modules(*names), [str(tmp_path)], ())
    assert collect(source)["imported packages"].render("outline").count(" 1.0") == MOST


def test_hostile_modules_and_paths_are_passed_over(tmp_path):
    """Nothing is asked of an entry of sys.modules but its being there; odd entries of the path are none."""

    class Evil(ModuleType):
        def __getattribute__(self, name):
            raise AssertionError("touched")

    install(tmp_path, "numpy", "2.4")
    loaded = {"numpy": Evil("numpy"), "pandas": None, "a b": object(), 7: object()}
    state = StaticState({"np": loaded["numpy"], "n": 5}, [cell("import numpy"), cell("import ..broken, \0")])
    path = [tmp_path, None, 7, "\0", str(tmp_path / "gone"), str(tmp_path)]
    found = collect(PackagesSource(state, loaded, path, ()))
    assert found["imported packages"].text.endswith("numpy 2.4")


def test_names_are_read_only_where_they_do_not_tell(tmp_path, monkeypatch):
    """A module is looked for by its name, then among the well-known, then in what the packages list; each read once."""
    read = []
    real = distributions._bytes
    monkeypatch.setattr(distributions, "_bytes", lambda file: read.append(file.name) or real(file))
    install(tmp_path, "pillow")
    install(tmp_path, "odd_name", record="strange.py,sha256=x,1\nodd_name-1.0.dist-info/RECORD,,\n", tops=["strange"])
    listed = install(tmp_path, "pyserial", tops=["serial"])
    (listed / "top_level.txt").write_text("serial\n")
    installed = Distributions([str(tmp_path)])
    assert [d.name for d in installed.now().bringing("PIL")] == ["pillow"]
    assert [d.name for d in installed.now().bringing("own_module")] == []
    assert read == []
    assert [d.name for d in installed.now().bringing("serial")] == ["pyserial"]
    assert [d.name for d in installed.now().bringing("strange")] == ["odd-name"]
    before = len(read)
    install(tmp_path, "later", record="late/__init__.py,,\n")
    (tmp_path / "late").mkdir()
    assert [d.name for d in installed.now().bringing("late")] == ["later"]
    assert read[before:] == ["top_level.txt", "RECORD"]


def test_several_packages_may_share_a_namespace(tmp_path):
    """All of them bring it."""
    for name in ("google-auth", "google_api_core"):
        install(tmp_path, name, record="google/x/__init__.py,,\n")
    (tmp_path / "google").mkdir()
    assert [d.name for d in Distributions([str(tmp_path)]).now().bringing("google")] == [
        "google-api-core",
        "google-auth",
    ]


def test_as_many_are_found_as_importlib_finds():
    """Of this interpreter's own packages at least 95 %, with the same names."""
    pytest.importorskip("pandas")
    installed = Distributions(sys.path).now()
    known = {name: owners for name, owners in packages_distributions().items() if name in sys.modules}
    assert len(known) > 10
    alike = [
        name
        for name, owners in known.items()
        if {owner.replace("_", "-").lower() for owner in owners} & {d.name.lower() for d in installed.bringing(name)}
    ]
    assert len(alike) >= 0.95 * len(known)
