"""The machine and the interpreter as context: one small, stable candidate.

Enters: facts, environment variables (of which only allowed names leave, never values), a folder.
Leaves: the candidate "environment". What is imported is the packages source's to tell: here it would turn stale with
every import that a later cell makes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from ..index.digest import digest
from ..index.files import read_bytes
from ..records import Ask, Candidate

VARIABLES = (
    "CONDA_DEFAULT_ENV", "CONDA_PREFIX", "CUDA_VISIBLE_DEVICES", "DJANGO_SETTINGS_MODULE", "FLASK_APP", "JAX_PLATFORMS",
    "JUPYTERHUB_USER", "KUBERNETES_SERVICE_HOST", "OMP_NUM_THREADS", "PYTHONPATH", "SPARK_HOME", "VIRTUAL_ENV",
)  # fmt: skip
"""Environment variables whose being set is worth telling. Their values are not."""

FRAMEWORKS = (
    "dash", "dask", "django", "fastapi", "flask", "gradio", "jax", "keras", "lightgbm", "matplotlib", "numpy", "pandas",
    "plotly", "polars", "pyspark", "scipy", "seaborn", "sklearn", "sqlalchemy", "statsmodels", "streamlit", "tensorflow",
    "torch", "transformers", "xarray", "xgboost",
)  # fmt: skip
_BROWSER_FRAMEWORKS = ("angular", "next", "react", "svelte", "vue")
_MANIFESTS = ("pyproject.toml", "requirements.txt", "environment.yml", "setup.cfg", "Pipfile", "package.json")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*")


def platform_facts(prefix: str, base_prefix: str) -> dict[str, str]:
    """What is true of this machine and interpreter as long as the process lives.

    Args:
        prefix: `sys.prefix`.
        base_prefix: `sys.base_prefix`; if it differs, the interpreter is a virtual environment's.
    """
    import os
    import platform

    facts = {
        "system": f"{platform.system()} {platform.machine()}",
        "Python": f"{platform.python_version()} ({platform.python_implementation()})",
        "processors": str(os.cpu_count() or "unknown"),
    }
    return facts if prefix == base_prefix else {**facts, "virtual environment": Path(prefix).name}


class EnvironmentSource:
    """Offers one candidate, "environment".

    Args:
        facts: as `platform_facts` gives them.
        environ: the environment variables.
        root: the project's folder, resolved; None if there is none.
    """

    name = "environment"

    def __init__(self, facts: Mapping[str, str], environ: Mapping[str, str], root: Path | None) -> None:
        self._facts = facts
        self._environ = environ
        self._root = root

    async def collect(self, ask: Ask) -> list[Candidate]:  # noqa: ARG002  the same for every ask
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
            )
        ]

    def fingerprint(self, name: str) -> str | None:
        """The present fingerprint of "environment"."""
        return digest(self._text()) if name == "environment" else None

    def _text(self) -> str:
        facts = dict(self._facts)
        declared = self._declared()
        lines = [", ".join(f"{name} {value}" for name, value in facts.items())]
        lines += [f"the project declares: {', '.join(declared)}"] if declared else []
        present = [name for name in VARIABLES if name in self._environ]
        lines += [f"environment variables set: {', '.join(present)}"] if present else []
        return "\n".join(lines)

    def _declared(self) -> list[str]:
        if self._root is None:
            return []
        words: set[str] = set()
        for manifest in _MANIFESTS:
            found = read_bytes(self._root, manifest)
            words |= set(_WORD.findall(found[0][:100_000].decode("utf-8", "replace").lower())) if found else set()
        words |= {"sklearn"} if "scikit-learn" in words else set()
        browser = _BROWSER_FRAMEWORKS if (self._root / "package.json").is_file() else ()
        return [name for name in (*FRAMEWORKS, *browser) if name in words]
