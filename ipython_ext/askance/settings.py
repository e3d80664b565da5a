"""What a user can set, as one frozen value without any front end.

Enters: `[tool.askance]` of a pyproject.toml, `ASKANCE_*` variables, and in a kernel the traits of `%config Askance`.
Leaves: `Settings`. Keys and passwords are never settings: they come from the environment alone.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import ConfigError
from .regular import read_regular

if TYPE_CHECKING:  # a kernel that loads us needs no records yet
    from .records.privacy import Levels


@dataclass(frozen=True, kw_only=True)
class Demands:
    """What a project says of `Settings.levels` and `Settings.never`."""

    levels: Levels = ()
    never: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings with their defaults.

    Attributes:
        model: "provider:model"; "" lets askance choose (see `providers.registry.choose`).
        base_url: address of an OpenAI- or Anthropic-compatible server; "" for the provider's own.
        allow_http: names of hosts that may be asked over plain http; this machine always may.
        ca_bundle: file or folder with the certificates that servers are checked against; "" for the system's.
        budget: tokens for the whole request; 0 for the model's own default.
        max_output: tokens for the answer; 0 for the model's own default.
        privacy: how much of anything may leave: 0 names, 1 schema, 2 statistics, 3 samples; None for each source's own.
        levels: how much of single things may leave, as `records.privacy.Levels`; a mapping, or "files=1,customers=0".
        never: names of what never leaves, not even by its name: variables, sources, ids, files and folders in the syntax
            of .gitignore.
        demanded: what the project's pyproject.toml says of these two: it can lower and forbid, never raise or allow.
        temperature: sampling temperature; None for the provider's default.
        preset: the ranker's weights, by name.
        gather_deadline: seconds that all sources together may take.
        idle_timeout: seconds without a token after which an answer counts as broken off.
        cache: whether answers are kept at all.
        cache_entries: answers held in memory.
        cache_bytes: bytes held in memory.
        cache_seconds: time an answer counts after the model gave it, in seconds; inf for ever.
        disk_seconds: the same on disk; None for `cache_seconds`.
        redis_seconds: the same in Redis; None for `cache_seconds`.
        cache_sampled: whether answers are kept that were asked for with a temperature above 0.
        redis_url: a Redis server that a team shares its answers in; "" for none. A password in it is better kept in
            ASKANCE_REDIS_PASSWORD.
        mode: "live"; "record" writes each answer to `recording` too; "replay" takes every answer from there or from the
            cache, and never asks a model.
        recording: the file that a notebook's answers travel in, relative to the notebook's folder.
        local_model: path of a GGUF file for the embedded model; "" for the one `askance model install` brings.
        tools: whether a model may look things up while it answers.
        allow: names of tools that change something and may do so without being confirmed each time.
        tool_rounds: answers of the model that may call for tools, for one question.
        tool_calls: calls in all of them.
        tool_seconds: time that one call may run.
        tools_seconds: time that all of them may take.
        tool_tokens: what all their results may take of the request, in tokens; 0 for what the budget has left.
        batch_seconds: time in which small questions in the background may become one request; 0 to send each alone.
        mcp: whether other programs of this user may look at what this kernel has to tell (`askance mcp`).
        warm: prepare the chosen provider in the background after loading.
    """

    model: str = ""
    base_url: str = field(default="", repr=False)
    allow_http: tuple[str, ...] = ()
    ca_bundle: str = ""
    budget: int = 0
    max_output: int = 0
    privacy: int | None = None
    levels: Levels = ()
    never: tuple[str, ...] = ()
    demanded: Demands = Demands()
    temperature: float | None = None
    preset: str = "default"
    gather_deadline: float = 1.0
    idle_timeout: float = 60.0
    cache: bool = True
    cache_entries: int = 1000
    cache_bytes: int = 64_000_000
    cache_seconds: float = 3600.0
    disk_seconds: float | None = None
    redis_seconds: float | None = None
    cache_sampled: bool = True
    redis_url: str = field(default="", repr=False)
    mode: str = "live"
    recording: str = "answers.askance"
    local_model: str = ""
    tools: bool = False
    allow: tuple[str, ...] = ()
    tool_rounds: int = 8
    tool_calls: int = 32
    tool_seconds: float = 30.0
    tools_seconds: float = 120.0
    tool_tokens: int = 0
    batch_seconds: float = 0.05
    mcp: bool = False
    warm: bool = True

    @property
    def forbidden(self) -> tuple[str, ...]:
        """All that never leaves, whoever said so."""
        return tuple(dict.fromkeys((*self.never, *self.demanded.never)))


MODES = ("live", "record", "replay")
"""Where answers come from; see `Settings.mode`."""

ADDRESSES = frozenset(("base_url", "ca_bundle", "redis_url"))
ONLY_YOURS = ADDRESSES | {"allow_http", "allow", "mcp"}
"""Where questions and answers go, how, and what may be done is for the user to say, never for a project that was cloned."""

NAMES_OF_SETTINGS = tuple(field.name for field in fields(Settings) if field.name != "demanded")
"""What can be set by these names."""

PRIVACY = range(4)
"""The privacy levels; see `records.privacy`."""

MOST_CHARACTERS = 100_000
"""A longer pyproject.toml is not read: Python's reader takes the square of the time for what is made to be slow."""

_KINDS = {bool: "true or false", int: "a whole number", float: "a number", str: "text", tuple: "names"}


def load(environ: Mapping[str, str], root: Path | None) -> Settings:
    """Settings from the project's pyproject.toml and then the environment, the later winning.

    Args:
        environ: the environment variables.
        root: the project's folder, None if there is none.

    Raises:
        ConfigError: a value has the wrong type, a name is unknown, or pyproject.toml sets one of `ONLY_YOURS`.
    """
    settings = Settings()
    if root is not None:
        settings = _demanding(changed(settings, _from_pyproject(root), "pyproject.toml"))
    named = {name: environ.get(f"ASKANCE_{name.upper()}") for name in NAMES_OF_SETTINGS}
    return changed(settings, {name: value for name, value in named.items() if value is not None}, "the environment")


def _from_pyproject(root: Path) -> dict[str, Any]:
    try:
        text = (read_regular(root / "pyproject.toml", MOST_CHARACTERS) or b"").decode("utf-8")
        tools = tomllib.loads(text).get("tool")
    except (ValueError, RecursionError):
        return {}  # a broken pyproject.toml is its owner's business, not a reason to fail an ask
    table = tools.get("askance") if isinstance(tools, dict) else None
    if not isinstance(table, dict):
        return {}
    for name in sorted(ONLY_YOURS & table.keys()):
        example = '"..."' if name in ADDRESSES else "True" if name == "mcp" else '["..."]'
        raise ConfigError(
            f"pyproject.toml sets askance's {name}, which only you may",
            f"Take it out, and type: %config Askance.{name} = {example} or set ASKANCE_{name.upper()}.",
        )
    return table


def _demanding(settings: Settings) -> Settings:
    """What a project set may not raise what leaves: it becomes a demand, beside what the user sets."""
    privacy = None if settings.privacy == PRIVACY[-1] else settings.privacy
    demanded = Demands(levels=settings.levels, never=settings.never)
    return replace(settings, privacy=privacy, levels=(), never=(), demanded=demanded)


def changed(settings: Settings, values: Mapping[str, Any], origin: str) -> Settings:
    """Settings with others in their place.

    Args:
        settings: as they are.
        values: name -> value, as text too.
        origin: who set them, for whoever reads what is wrong with them.

    Raises:
        ConfigError: a value has the wrong type, or a name is unknown.
    """
    for name, value in values.items():
        if name not in NAMES_OF_SETTINGS:
            raise ConfigError(
                f"{origin} sets askance's unknown {name!r}", f"Known: {', '.join(sorted(NAMES_OF_SETTINGS))}."
            )
        settings = replace(settings, **{name: _convert(name, value, getattr(Settings, name), origin)})
    return settings


def _convert(name: str, value: Any, default: Any, origin: str) -> Any:
    kind = int if name == "privacy" else float if default is None else type(default)
    if name == "mode" and value not in MODES:
        raise ConfigError(f"{origin} sets askance's mode to {value!r}", f"It is one of: {', '.join(MODES)}.")
    try:
        if kind is bool and isinstance(value, str):
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[value.lower()]
        if kind is bool and not isinstance(value, bool):
            raise ValueError(value)
        if name == "levels":
            return _levels(value)
        if kind is tuple:
            names = _names(value)
            if name == "never" and any(one.startswith("!") for one in names):
                raise ConfigError(
                    f"{origin} excepts something from askance's never", "Name what may go no more, without !"
                )
            return names
        return kind(value)
    except (KeyError, TypeError, ValueError):
        takes = 'names and levels from 0 to 3, like {"files": 1}' if name == "levels" else _KINDS[kind]
        raise ConfigError(f"{origin} sets askance's {name} to {value!r}", f"It takes {takes}.") from None


def _names(value: Any) -> tuple[str, ...]:
    """A list of texts, or one text with commas."""
    names = value.split(",") if isinstance(value, str) else [*value]
    if not all(isinstance(name, str) for name in names):
        raise ValueError(value)
    return tuple(stripped for name in names if (stripped := name.strip()))


def _levels(value: Any) -> Levels:
    """A mapping of names to levels, or one text like "files=1,customers=0"."""
    given = dict(pair.rsplit("=", 1) for pair in _names(value)) if isinstance(value, str) else dict(value)
    levels = {name: int(level) for name, level in given.items()}
    if not all(isinstance(name, str) and level in PRIVACY for name, level in levels.items()):
        raise ValueError(value)
    return tuple(sorted((name.strip(), level) for name, level in levels.items()))
