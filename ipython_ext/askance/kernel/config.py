"""`%config Askance`: the settings as traits.

Enters: what the user sets in a cell or in IPython's configuration files. Leaves: frozen `Settings`.
A trait that is None was not set there: then pyproject.toml, `ASKANCE_*` variables and the defaults hold.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from traitlets import Bool, Dict, Enum, Float, Int, List, TraitType, Unicode
from traitlets.config import Configurable

from ..settings import MODES, NAMES_OF_SETTINGS, Settings, changed

_MODE = """Where answers come from: live (the cache, then the model), record (the same, and each answer is written to
the recording too), replay (the recording and the cache alone)."""

VIEWS = ("auto", "widget", "markdown", "rich", "plain")
"""Ways to show an answer."""


class _Chosen(TraitType[str, str]):
    """Always the present choice, never a stored one."""

    def get(self, obj: Any, cls: Any = None) -> str:  # noqa: ARG002  traitlets' signature
        return str(obj.explain())


def _text(help_text: str) -> Any:
    return Unicode(None, allow_none=True, help=help_text).tag(config=True)


def _int(help_text: str, **bounds: Any) -> Any:
    return Int(None, allow_none=True, help=help_text, **bounds).tag(config=True)


def _float(help_text: str) -> Any:
    return Float(None, allow_none=True, min=0, help=help_text).tag(config=True)


def _bool(help_text: str) -> Any:
    return Bool(None, allow_none=True, help=help_text).tag(config=True)


def _names(help_text: str) -> Any:
    return List(Unicode(), None, allow_none=True, help=help_text).tag(config=True)


def _levels(help_text: str) -> Any:
    return Dict(None, allow_none=True, help=help_text).tag(config=True)


class Askance(Configurable):
    """Settings of askance. None: as pyproject.toml, ASKANCE_* variables or the defaults say."""

    chosen = _Chosen(read_only=True, help="The model that is asked, and why it was chosen.").tag(config=True)
    model = _text('The model, as "provider:model"; "" lets askance choose.')
    base_url = _text('Address of an OpenAI- or Anthropic-compatible server; "" for the provider\'s own.')
    allow_http = _names("Names of hosts that may be asked over plain http; this machine always may.")
    ca_bundle = _text('File or folder with the certificates that servers are checked against; "" for the system\'s.')
    budget = _int("Tokens for the whole request; 0 for the model's own default.", min=0)
    max_output = _int("Tokens for the answer; 0 for the model's own default.", min=0)
    privacy = _int("How much of a value may leave: 0 names, 1 schema, 2 statistics, 3 samples.", min=0, max=3)
    levels = _levels('How much of single things may leave, like {"files": 1, "customers": 0}.')
    never = _names('What never leaves, not even by its name, like ["customers", "*.parquet", "secrets/"].')
    temperature = _float("Sampling temperature.")
    preset = _text("The ranker's weights, by name.")
    gather_deadline = _float("Seconds that all sources together may take.")
    idle_timeout = _float("Seconds without a token after which an answer counts as broken off.")
    cache = _bool("Whether answers are kept at all.")
    cache_entries = _int("Answers held in memory.", min=0)
    cache_bytes = _int("Bytes held in memory.", min=0)
    cache_seconds = _float("Time an answer counts after the model gave it, in seconds; inf for ever.")
    disk_seconds = _float("The same on disk.")
    redis_seconds = _float("The same in Redis.")
    cache_sampled = _bool("Whether answers are kept that were asked for with a temperature above 0.")
    redis_url = _text(
        'A Redis server that a team shares its answers in, like "rediss://cache.example:6380/0"; "" for none.'
    )
    mode = Enum((None, *MODES), None, allow_none=True, help=_MODE).tag(config=True)
    recording = _text("The file that a notebook's answers travel in, relative to the notebook's folder.")
    local_model = _text("Path of a GGUF file for the embedded model.")
    tools = _bool("Whether a model may look things up while it answers.")
    allow = _names("Names of tools that change something and may do so without being confirmed each time.")
    tool_rounds = _int("Answers of the model that may call for tools, for one question.", min=0)
    tool_calls = _int("Calls in all of them.", min=0)
    tool_seconds = _float("Seconds that one call may run.")
    tools_seconds = _float("Seconds that all of them may take.")
    tool_tokens = _int("Tokens that all their results may take; 0 for what the budget has left.", min=0)
    batch_seconds = _float("Seconds in which small questions in the background may become one request; 0 for none.")
    mcp = _bool("Whether other programs of this user may look at what this kernel has to tell: askance mcp.")
    warm = _bool("Prepare the chosen provider in the background after loading.")
    view = Enum(VIEWS, "auto", help="How an answer is shown.").tag(config=True)

    def __init__(self, explain: Callable[[], str], **kwargs: Any) -> None:
        """
        Args:
            explain: says which model is chosen and why.
            kwargs: as for `Configurable`.
        """
        self.explain = explain
        super().__init__(**kwargs)

    def over(self, settings: Settings) -> Settings:
        """`settings`, with what is set here in their place.

        Raises:
            ConfigError: a value is wrong.
        """
        here = {name: getattr(self, name) for name in NAMES_OF_SETTINGS}
        return changed(settings, {name: value for name, value in here.items() if value is not None}, "%config")
