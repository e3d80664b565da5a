"""How frameworks show. Enters: what manifests name, files of a project. Leaves: frameworks, each with its evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .base import everything
from .manifests import Manifest


@dataclass(frozen=True)
class Signs:
    """What tells of a framework: packages that manifests name, the module that is imported, files in the root."""

    python: tuple[str, ...] = ()
    npm: tuple[str, ...] = ()
    module: str = ""
    files: tuple[str, ...] = ()


def _python(name: str, *files: str, module: str = "", also: tuple[str, ...] = ()) -> tuple[str, Signs]:
    return name, Signs(python=(name, *also), module=module or name, files=files)


def _npm(name: str, *files: str, package: str = "") -> tuple[str, Signs]:
    return name, Signs(npm=(package or name,), files=files)


FRAMEWORKS: Mapping[str, Signs] = dict(
    (
        _python("django", "manage.py"),
        _python("flask"),
        _python("fastapi"),
        _python("starlette"),
        _python("streamlit"),
        _python("gradio"),
        _python("dash"),
        _python("panel"),
        _python("bokeh"),
        _python("torch", also=("pytorch",)),
        _python("lightning", also=("pytorch-lightning",)),
        _python("tensorflow"),
        _python("keras"),
        _python("jax"),
        _python("flax"),
        _python("transformers"),
        _python("langchain"),
        _python("scikit-learn", module="sklearn"),
        _python("xgboost"),
        _python("lightgbm"),
        _python("statsmodels"),
        _python("scipy"),
        _python("numpy"),
        _python("pandas"),
        _python("polars"),
        _python("pyarrow"),
        _python("dask"),
        _python("ray"),
        _python("xarray"),
        _python("geopandas"),
        _python("duckdb"),
        ("spark", Signs(python=("pyspark",), module="pyspark")),
        _python("sqlalchemy"),
        _python("matplotlib"),
        _python("seaborn"),
        _python("plotly"),
        _python("altair"),
        _python("airflow", also=("apache-airflow",)),
        _python("prefect"),
        _python("dagster"),
        ("dbt", Signs(python=("dbt-core",), module="dbt", files=("dbt_project.yml",))),
        ("kedro", Signs(python=("kedro",), module="kedro")),
        _python("scrapy", "scrapy.cfg"),
        _python("celery"),
        ("pytest", Signs(python=("pytest",), files=("pytest.ini", "conftest.py"))),
        _npm("react"),
        _npm("next", "next.config.js", "next.config.mjs", "next.config.ts"),
        _npm("vue", "vue.config.js"),
        _npm("nuxt", "nuxt.config.js", "nuxt.config.ts"),
        _npm("angular", "angular.json", package="@angular/core"),
        _npm("svelte", "svelte.config.js"),
        _npm("astro", "astro.config.mjs", "astro.config.ts"),
        _npm("vite", "vite.config.js", "vite.config.ts"),
        _npm("express"),
        ("electron", Signs(npm=("electron",))),
    )
)
"""Framework -> what it shows by."""

MODULES: Mapping[str, str] = {signs.module: name for name, signs in FRAMEWORKS.items() if signs.module}
"""Imported module -> framework."""


def declared(
    manifests: Sequence[Manifest], root: Path | None, allows: Callable[[str], bool] = everything
) -> dict[str, list[str]]:
    """The frameworks that a project's files tell of, in the table's order, each with the names of those files.

    Args:
        manifests: what the project says it needs.
        root: the project's folder, None if there is none.
        allows: whether a file of it may be told of.
    """
    found = {}
    for name, signs in FRAMEWORKS.items():
        evidence = [manifest.path for manifest in manifests if _names(manifest, signs)]
        evidence += [file for file in signs.files if root is not None and (root / file).is_file() and allows(file)]
        if evidence:
            found[name] = evidence
    return found


def _names(manifest: Manifest, signs: Signs) -> bool:
    return _meet(manifest.python, signs.python) or _meet(manifest.npm, signs.npm)


def _meet(some: Iterable[str], others: Iterable[str]) -> bool:
    return not set(some).isdisjoint(others)
