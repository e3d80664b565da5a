"""The packages the user's cells import, with versions. Enters: the kernel's state, modules, the import path.
Leaves: the candidate "packages".
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import ModuleType

from ..index.digest import digest
from ..records import Ask, Candidate
from .base import KernelState

MOST = 100
"""Packages that are listed."""

_IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import\b|import[ \t]+([^\n#;]+))", re.M)
_DISTRIBUTION = re.compile(r"(.+?)-(\d[^-]*)\.(?:dist-info|egg-info)")


class PackagesSource:
    """Offers one candidate, "packages". What askance or a library imports for itself is not the user's and not listed.

    Args:
        state: the kernel, or a `StaticState`.
        modules: the imported modules by name (`sys.modules`).
        path: where packages are installed (`sys.path`).
        standard: names of the standard library's modules (`sys.stdlib_module_names`).
    """

    name = "packages"

    def __init__(
        self, state: KernelState, modules: Mapping[str, object], path: Sequence[str], standard: Iterable[str]
    ) -> None:
        self._state = state
        self._modules = modules
        self._path = path
        self._standard = frozenset(standard)
        self._installed: dict[str, tuple[int, dict[str, str]]] = {}

    async def collect(self, ask: Ask) -> list[Candidate]:  # noqa: ARG002  the same for every ask
        """The one candidate, or none if nothing was imported."""
        text = self._text()
        if not text:
            return []
        made = self._fingerprint()
        return [
            Candidate(
                source="packages",
                name="packages",
                render=lambda level: "packages" if level == "name" else f"imported packages: {text}",
                fingerprint=lambda: made,
                text=text,
                levels=("name", "outline"),
            )
        ]

    def fingerprint(self, name: str) -> str | None:
        """The present fingerprint of "packages"."""
        return self._fingerprint() if name == "packages" and self._text() else None

    def _fingerprint(self) -> str:
        # Of what is installed, not of what is listed: an import in a later cell leaves an answer as true as it was.
        return digest(*(f"{name} {version}" for name, version in sorted(self._versions().items())))

    def _text(self) -> str:
        roots = sorted(self._imported())
        versions = self._versions() if roots else {}
        said = []
        for root in roots:
            version = versions.get(root.lower()) or _own_version(self._modules.get(root))
            said += [f"{root} {version}"] if version else []
        return ", ".join(said[:MOST])

    def _imported(self) -> set[str]:
        """Top-level names that cells import or variables hold, which really are imported now."""
        held = [vars(obj).get("__name__") for obj in list(self._state.namespace().values()) if type(obj) is ModuleType]
        names = {name.partition(".")[0] for name in held if type(name) is str}
        for cell in self._state.cells():
            names |= _imports(cell.source)
        return {name for name in names if name in self._modules and name not in self._standard and name[:1] != "_"}

    def _versions(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for folder in reversed(self._path):
            found |= self._scan(folder)
        return found

    def _scan(self, folder: str) -> dict[str, str]:
        # Read from names alone; a folder is read again when something was installed into it.
        try:
            changed = Path(folder).stat().st_mtime_ns if folder else 0
            known = self._installed.get(folder)
            if known is None or known[0] != changed:
                names = [_DISTRIBUTION.fullmatch(name) for name in (os.listdir(folder) if folder else ())]  # noqa: PTH208
                versions = {match[1].lower().replace("-", "_"): match[2] for match in names if match}
                known = self._installed[folder] = (changed, versions)
        except OSError:
            return {}
        return known[1]


def _imports(source: str) -> set[str]:
    found = set()
    for match in _IMPORT.finditer(source):
        for part in (match[1] or match[2]).split(","):
            name = part.strip().partition(" ")[0].partition(".")[0]
            found |= {name} if name.isidentifier() else set()
    return found


def _own_version(module: object) -> str:
    # Some packages are installed under another name than they are imported by (scikit-learn, Pillow).
    version = vars(module).get("__version__") if type(module) is ModuleType else None
    return version[:40] if type(version) is str else ""
