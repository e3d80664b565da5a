"""The public names, and what importing them costs."""

import os
import subprocess
import sys

import pytest

import askance

HEAVY = (
    "IPython", "openai", "anthropic", "ipywidgets", "pydantic", "jsonschema", "httpx", "httpx2", "diskcache", "watchdog",
)  # fmt: skip
"""What nobody pays for who does not use it."""

PREFIXES = ("ANTHROPIC_", "OPENAI_", "GEMINI_", "GOOGLE_", "ASKANCE_")


def test_the_public_names_are_these():
    """No more and no fewer, each of them there, each listed."""
    assert askance.__all__ == ["Answer", "Ledger", "Session", "ask", "describe", "preview", "tool"]
    assert all(callable(getattr(askance, name)) for name in askance.__all__)
    assert set(askance.__all__) <= set(dir(askance))
    with pytest.raises(AttributeError):
        _ = askance.nothing


@pytest.mark.parametrize(
    "statement", ["import askance", "import askance.session", "import askance.structured", "from askance import *"]
)
def test_importing_pulls_in_no_sdk_and_no_front_end(statement):
    """In a fresh interpreter, by the modules it holds afterwards."""
    program = f"{statement}\nimport sys\nprint([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("wrong", [{"ASKANCE_PRIVACY": "x"}, {"ASKANCE_MODEL": "nope"}, {"ASKANCE_MODEL": "anthropic"}])
def test_a_mistake_in_a_script_shows_the_scripts_line_and_ours(wrong, tmp_path):
    """A traceback of two frames, the caller's and the public function's, whose last line says what to type."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIXES)}
    environ = {**kept, "ASKANCE_CACHE_DIR": str(tmp_path / "cache"), **wrong}
    (tmp_path / "script.py").write_text("from askance import ask\nask('why?')\n")
    command = [sys.executable, "script.py"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environ, cwd=tmp_path)
    lines = done.stderr.splitlines()
    assert done.returncode == 1
    assert sum(line.startswith("  File ") for line in lines) <= 3, done.stderr
    assert "script.py" in done.stderr
    assert lines[-1].startswith("askance.errors.")
