"""The version stands in Python and in npm; both say the same."""

from __future__ import annotations

import json
from pathlib import Path

import askance

LABEXTENSION = Path(__file__).parents[1] / "labextension"


def test_python_and_npm_versions_are_equal():
    """`askance.__version__` is what package.json and its lock file say."""
    package = json.loads((LABEXTENSION / "package.json").read_text("utf-8"))
    lock = json.loads((LABEXTENSION / "package-lock.json").read_text("utf-8"))
    assert package["version"] == lock["version"] == lock["packages"][""]["version"] == askance.__version__


def test_lock_file_names_no_host():
    """Whoever installs takes packages from their own registry."""
    lock = json.loads((LABEXTENSION / "package-lock.json").read_text("utf-8"))
    assert len(lock["packages"]) > 1
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []


def test_lock_file_serves_other_systems():
    """A lock made on one machine holds the native parts of the builders for all."""
    lock = json.loads((LABEXTENSION / "package-lock.json").read_text("utf-8"))
    for package in ("@rspack/binding", "esbuild"):
        wanted = lock["packages"][f"node_modules/{package}"]["optionalDependencies"]
        missing = [name for name in wanted if f"node_modules/{name}" not in lock["packages"]]
        assert len(wanted) > 5
        assert missing == []
