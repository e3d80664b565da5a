"""The public names, and what importing them costs."""

import subprocess
import sys

import pytest

import askance

HEAVY = (
    "IPython", "openai", "anthropic", "ipywidgets", "pydantic", "httpx", "httpx2", "diskcache", "watchdog",
)  # fmt: skip
"""What nobody pays for who does not use it."""


def test_the_public_names_are_these():
    """No more and no fewer, each of them there, each listed."""
    assert askance.__all__ == ["Answer", "Ledger", "Session", "ask", "describe", "preview"]
    assert all(callable(getattr(askance, name)) for name in askance.__all__)
    assert set(askance.__all__) <= set(dir(askance))
    with pytest.raises(AttributeError):
        _ = askance.nothing


@pytest.mark.parametrize("statement", ["import askance", "import askance.session", "from askance import *"])
def test_importing_pulls_in_no_sdk_and_no_front_end(statement):
    """In a fresh interpreter, by the modules it holds afterwards."""
    program = f"{statement}\nimport sys\nprint([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
