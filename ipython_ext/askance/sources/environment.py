"""The machine, the interpreter and what the project is built with, as context: one small, stable candidate.

Enters: facts, environment variables (of which only allowed names leave, never values), a folder.
Leaves: the candidate "environment". What is imported is the packages source's to tell: here it would turn stale with
every import that a later cell makes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from ..index.digest import digest
from ..records import Ask, Candidate
from .base import everything
from .frameworks import declared
from .manifests import Manifests

VARIABLES = (
    "CONDA_DEFAULT_ENV", "CONDA_PREFIX", "CUDA_VISIBLE_DEVICES", "DJANGO_SETTINGS_MODULE", "FLASK_APP", "JAX_PLATFORMS",
    "JUPYTERHUB_USER", "KUBERNETES_SERVICE_HOST", "OMP_NUM_THREADS", "PYTHONPATH", "SPARK_HOME", "VIRTUAL_ENV",
)  # fmt: skip
"""Environment variables whose being set is worth telling. Their values are not."""


class EnvironmentSource:
    """Offers one candidate, "environment".

    Args:
        facts: as `machine_facts` gives them.
        environ: the environment variables.
        root: the project's folder, resolved; None if there is none.
        may_read: whether a file of it may be read.
    """

    name = "environment"

    def __init__(
        self,
        facts: Mapping[str, str],
        environ: Mapping[str, str],
        root: Path | None,
        may_read: Callable[[str], bool] = everything,
    ) -> None:
        self._facts = facts
        self._environ = environ
        self._root = root
        self._manifests = Manifests(root, may_read)
        self._may_read = may_read
        self.notes: tuple[str, ...] = ()

    async def collect(self, ask: Ask) -> list[Candidate]:
        """The one candidate."""
        text = self._text()
        return [
            Candidate(
                source="environment",
                name="environment",
                render=lambda level: text.partition("\n")[0] if level == "name" else text,
                fingerprint=lambda: digest(text),
                text=text,
                levels=("name", "outline"),
                aliases=("env",),
                privacy=ask.privacy.of("environment", "environment"),
            )
        ]

    def fingerprint(self, name: str) -> str | None:
        """The present fingerprint of "environment"."""
        return digest(self._text()) if name == "environment" else None

    def facts(self, name: str) -> Mapping[str, int | str]:
        """The interpreter's version."""
        return {"python": self._facts["Python"]} if name == "environment" and "Python" in self._facts else {}

    def _text(self) -> str:
        manifests = self._manifests.read()
        self.notes = tuple(f"{manifest.path} cannot be read" for manifest in manifests if manifest.broken)
        frameworks = declared(manifests, self._root, self._may_read)
        told = [f"{name} ({', '.join(evidence)})" for name, evidence in frameworks.items()]
        present = [name for name in VARIABLES if name in self._environ]
        lines = [", ".join(f"{name} {value}" for name, value in self._facts.items())]
        lines += [f"the project is built with {', '.join(told)}"] if told else []
        lines += [f"environment variables set: {', '.join(present)}"] if present else []
        return "\n".join(lines)
