"""SQLAlchemy engines and connections: the dialect and where they lead, without user, password and query. Never connects."""

from __future__ import annotations

import re
from typing import Any

from ...records import Level
from .libraries import is_from
from .storage import storage
from .type_names import type_name

_ORDINARY = re.compile(r"[\w./\\: -]{1,100}")
"""A database name or path; what holds other signs may be a whole connection string."""


def describe(obj: Any, level: Level, privacy: int) -> str:  # noqa: ARG001  the same at all levels
    """`sqlalchemy.Engine postgresql+psycopg://…@db.example.org:5432/shop`; of the address only the dialect below privacy 2."""
    kept, name = storage(obj), type_name(type(obj))
    engine = storage(kept["engine"]) if "engine" in kept else kept
    closed = ", closed" if "engine" in kept and kept.get("_dbapi_connection") is None else ""
    return f"{name} {_address(engine.get('url'), privacy)}{closed}"


def parts(obj: Any) -> list[str]:
    """What is told."""
    return [describe(obj, "outline", 2)]


def _address(url: Any, privacy: int) -> str:
    if not is_from(type(url), "sqlalchemy"):
        return "of an unknown address"
    driver, user, password, host, port, database, query = tuple.__iter__(url)
    if privacy < 2:
        return f"{driver}"
    said = f"{driver}://{'…@' if user is not None or password is not None else ''}{_plain(host)}"
    said += f":{port}" if type(port) is int else ""
    return said + (f"/{_plain(database)}" if database else "") + ("?…" if query else "")


def _plain(text: Any) -> str:
    if text is None:
        return ""
    return text if type(text) is str and _ORDINARY.fullmatch(text) else "…"
