"""What is true of the machine and the interpreter as long as the process lives. Enters: where to look. Leaves: facts.

Read from names and small files alone: no process is started, and nothing heavy imported.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from pathlib import Path

_GIB = 2**30


def machine_facts(prefix: str, base_prefix: str, environ: Mapping[str, str], root: Path = Path("/")) -> dict[str, str]:
    """Name of the fact -> the fact, in words.

    Args:
        prefix: `sys.prefix`.
        base_prefix: `sys.base_prefix`; if it differs, the interpreter is a virtual environment's.
        environ: the environment variables; of SHELL the last part is told.
        root: where /proc, /sys and /dev are.
    """
    shell = Path(environ.get("SHELL", "")).name
    facts = {
        "system": _system(root),
        "Python": f"{platform.python_version()} ({platform.python_implementation()})",
        "conda environment": Path(prefix).name if (Path(prefix) / "conda-meta").is_dir() else "",
        "virtual environment": Path(prefix).name if prefix != base_prefix else "",
        "shell": shell if shell.isidentifier() else "",
        "processors": str(_processors()),
        "memory": _memory(root),
        "GPU": _gpu(root),
    }
    return {name: value for name, value in facts.items() if value}


def _system(root: Path) -> str:
    lines = dict(line.partition("=")[::2] for line in _text(root / "etc" / "os-release").splitlines())
    name = lines.get("PRETTY_NAME", "").strip("\"'")[:80]
    return f"{name or platform.system()} {platform.machine()}"


def _processors() -> int:
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def _memory(root: Path) -> str:
    """In whole GiB; in a container what that may use."""
    total = _text(root / "proc" / "meminfo").partition("MemTotal:")[2].split()[:1]
    limit = _text(root / "sys" / "fs" / "cgroup" / "memory.max").split()[:1]
    sizes = [int(value) * unit for values, unit in ((total, 1024), (limit, 1)) for value in values if value.isdecimal()]
    return f"{max(1, round(min(sizes) / _GIB))} GiB" if sizes else ""


def _gpu(root: Path) -> str:
    cards = sorted((root / "proc" / "driver" / "nvidia" / "gpus").glob("*/information"))
    models = [_text(card).partition("\n")[0].partition(":")[2].strip()[:60] for card in cards[:16]]
    if models:
        return ", ".join(f"{models.count(model)} x {model}" for model in dict.fromkeys(models))
    for device, name in (("nvidia0", "NVIDIA"), ("kfd", "AMD (ROCm)"), ("dxg", "through WSL")):
        if (root / "dev" / device).exists():
            return name
    return "Apple (Metal)" if (platform.system(), platform.machine()) == ("Darwin", "arm64") else ""


def _text(file: Path) -> str:
    # Files of the system's own; those in /proc have no size.
    try:
        with file.open(encoding="utf-8", errors="replace") as opened:
            return opened.read(4096)
    except (OSError, ValueError):
        return ""
