"""The command: what it imports, and what it says where it cannot work."""

from __future__ import annotations

import subprocess
import sys

from askance.cli import main


def test_without_the_extra_it_says_what_to_type(capsys, monkeypatch):
    """One line with the pip command."""
    monkeypatch.setattr("askance.agents.run.find_spec", lambda _name: None)
    assert main(["mcp"]) == 1
    assert capsys.readouterr().err == 'askance: askance mcp needs an extra. Type: %pip install "askance[mcp]"\n'


def test_nothing_but_the_command_imports_the_sdk():
    """Neither `import askance`, nor the command line, nor what kernels and callers share."""
    modules = (
        "askance askance.cli askance.agents.run askance.agents.kernels askance.kernel.offering askance.offers.answering"
    )
    code = (
        f"import importlib, sys\nfor name in {modules.split()!r}: importlib.import_module(name)\n"
        "print([m for m in ('mcp', 'mcp_types', 'starlette', 'uvicorn', 'httpx2') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
