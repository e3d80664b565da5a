"""The packages at hand, with versions. Enters: the kernel's state, modules, the import path, the project's manifests.
Leaves: a candidate of what is imported, and "declared", what the project says it needs.

The first is named by what it lists: so an answer that was told of pandas holds as long as pandas stays the same, whatever
later cells import.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import ModuleType

from ..index.digest import digest
from ..records import Ask, Candidate
from .base import KernelState, everything
from .distributions import Distributions, Installation, Installed
from .frameworks import MODULES
from .manifests import Manifests

MOST = 100
"""Packages that are listed, imported and declared ones each."""

MOST_FACTS = 30
"""Packages whose versions are facts."""

_IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import\b|import[ \t]+([^\n#;]+))", re.MULTILINE)
_SHARING = 3
"""Packages told of one module; more of them share a namespace such as `google`."""


class PackagesSource:
    """Offers what is imported and what is declared. What a library imports for itself is not listed, but frameworks are.

    Args:
        state: the kernel, or a `StaticState`.
        modules: the imported modules by name (`sys.modules`).
        path: where packages are installed (`sys.path`).
        standard: names of the standard library's modules (`sys.stdlib_module_names`).
        root: the project's folder, None if there is none.
        may_read: whether a file of it may be read.
    """

    name = "packages"

    def __init__(
        self,
        state: KernelState,
        modules: Mapping[str, object],
        path: Sequence[str],
        standard: Iterable[str],
        root: Path | None = None,
        may_read: Callable[[str], bool] = everything,
    ) -> None:
        self._state = state
        self._modules = modules
        self._standard = frozenset(standard)
        self._installed = Distributions(path)
        self._manifests = Manifests(root, may_read)

    async def collect(self, ask: Ask) -> list[Candidate]:
        """At most two candidates."""
        installed = self._installed.now()
        modules = sorted(module for module in self._imported() if installed.bringing(module))[:MOST]
        texts = {",".join(modules): _said(modules, installed), "declared": self._declared(installed)}
        titles = ("imported packages", "declared packages")
        return [_candidate(*named, title, ask) for named, title in zip(texts.items(), titles, strict=True) if named[1]]

    def fingerprint(self, name: str) -> str | None:
        """The present fingerprint of "declared", or of modules that were told as imported; None if one is not installed."""
        installed = self._installed.now()
        if name == "declared":
            text = self._declared(installed)
        else:
            modules = name.split(",")
            text = _said(modules, installed) if all(map(installed.bringing, modules)) else ""
        return digest(text) if text else None

    def facts(self, name: str) -> Mapping[str, int | str]:
        """The versions of imported packages by the modules' names; of declared ones how many there are."""
        if name == "declared":
            return {"declared": sum(len(manifest.python) for manifest in self._manifests.read())}
        installed = self._installed.now()
        brought = {module: installed.bringing(module)[:1] for module in name.split(",")[:MOST_FACTS]}
        return {module: packages[0].version for module, packages in brought.items() if packages}

    def brought(self, module: str) -> str:
        """The packages that bring a top-level module, with their versions; Python's own with its; "" if nobody knows."""
        if module in self._standard:
            return f"Python {sys.version_info.major}.{sys.version_info.minor}.{sys.version_info.micro}"
        return _said([module], installed) if (installed := self._installed.now()).bringing(module) else ""

    def _imported(self) -> set[str]:
        """Top-level names that cells import or variables hold, and frameworks; all of them really imported now."""
        held = [vars(obj).get("__name__") for obj in list(self._state.namespace().values()) if type(obj) is ModuleType]
        names = {name.partition(".")[0] for name in held if type(name) is str}
        for cell in self._state.cells():
            names |= _imports(cell.source)
        names |= MODULES.keys()
        return {name for name in names if name in self._modules and name not in self._standard and name[:1] != "_"}

    def _declared(self, installed: Installation) -> str:
        lines, room = [], MOST
        for manifest in self._manifests.read():
            told = [_with_version(name, installed.named(name)) for name in manifest.python[:room]]
            room -= len(told)
            lines += [f"{manifest.path}: {', '.join(told)}"] if told else []
        return "\n".join(lines)


def _said(modules: Sequence[str], installed: Installation) -> str:
    said = []
    for module in modules:
        packages = installed.bringing(module)[:_SHARING]
        versions = " + ".join(f"{package.name} {package.version}" for package in packages)
        known = any(package.name.lower() == module.lower() for package in packages)
        said.append(versions if known else f"{versions} (import {module})")
    return ", ".join(said)


def _candidate(name: str, text: str, title: str, ask: Ask) -> Candidate:
    return Candidate(
        source="packages",
        name=name,
        render=lambda _: f"{title}: {text}",
        fingerprint=lambda: digest(text),
        text=f"{title} versions installed {text}",
        signals={} if name == "declared" else {"recency": 1.0},
        levels=("outline",),
        aliases=("packages",),
        title=title,
        privacy=ask.privacy.of("packages", name),
    )


def _with_version(name: str, installed: Installed | None) -> str:
    return f"{name} {installed.version}" if installed else f"{name} (not installed)"


@lru_cache(maxsize=1024)
def _imports(source: str) -> frozenset[str]:
    found = set()
    for match in _IMPORT.finditer(source):
        for part in (match[1] or match[2]).split(","):
            name = part.strip().partition(" ")[0].partition(".")[0]
            found |= {name} if name.isidentifier() else set()
    return frozenset(found)
