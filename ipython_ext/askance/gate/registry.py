"""The values that are known to be secret.

Enters: environment variables. Leaves: (kind, value), the longest first. Held in memory only.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from urllib.parse import quote

SHORTEST = 8
"""Characters a known value needs to be searched for: shorter ones ("test", "root") are everywhere."""

_SECRET_NAME = re.compile(
    r"(?i)(passw(or)?d|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential|auth[_-]?key|"
    r"connection[_-]?string)"
)
_LOGIN = re.compile(r"://[^\s/:@]*:([^\s/@]+)@")
"""The password in an address."""


def known_secrets(environ: Mapping[str, str]) -> list[tuple[str, str]]:
    """Values that must not leave: (kind, value) of environment variables whose names tell, in usual encodings."""
    found: list[tuple[str, str]] = []
    for name, value in environ.items():
        login = _LOGIN.search(value)
        if login is not None and len(login[1]) >= SHORTEST:
            found.append((f"{_kind(name)}_PASSWORD", login[1]))
        if _SECRET_NAME.search(name) and len(value) >= SHORTEST and not value.isdigit():
            raw = value.encode("utf-8", "surrogatepass")
            forms = {value, base64.b64encode(raw).decode(), raw.hex(), quote(value, safe=""), json.dumps(value)[1:-1]}
            found.extend((_kind(name), form) for form in forms)
    return sorted(found, key=lambda pair: -len(pair[1]))  # the longest first: one may hold another


def _kind(name: str) -> str:
    return re.sub(r"[^A-Z0-9]", "_", name.upper())[:40]
