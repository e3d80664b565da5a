"""What stands in a secret's place: `<GITHUB_TOKEN_1>`, the same for the same secret wherever it shows up.

Enters: kinds and secrets. Leaves: placeholders, and texts with the secrets put back. Held in memory only.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from threading import RLock

PATTERN = re.compile(r"<([A-Z][A-Z0-9_]{0,60})_([0-9]{1,9})>")

PERSONAL = frozenset(
    "EMAIL PHONE CARD IBAN SSN CPF CNPJ AADHAAR NIR DNI NIE NINO CODICE_FISCALE STEUER_ID BSN PERSONNUMMER PESEL NHS PASSPORT".split()
)
"""Kinds of personal data."""


@lru_cache(maxsize=1024)
def _name(kind: str) -> str:
    """A kind as it may stand in a placeholder."""
    name = re.sub(r"[^A-Z0-9_]", "_", kind.upper())[:60].strip("_") or "SECRET"
    return name if name[0].isalpha() else f"N{name}"


class Placeholders:
    """One number for each secret of a kind, given once."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._placeholders: dict[tuple[str, str], str] = {}
        self._originals: dict[str, str] = {}
        self._highest: dict[str, int] = {}

    def __repr__(self) -> str:
        return f"<{len(self._originals)} placeholders>"

    @property
    def originals(self) -> Mapping[str, str]:
        """Placeholder -> what it stands for."""
        with self._lock:
            return dict(self._originals)

    def of(self, kind: str, secret: str) -> str:
        """The placeholder of a secret.

        Args:
            kind: what it is, as a name.
            secret: the very characters that it stands for.
        """
        kind = _name(kind)
        with self._lock:
            if (kind, secret) not in self._placeholders:
                number = self._highest[kind] = self._highest.get(kind, 0) + 1
                placeholder = self._placeholders[kind, secret] = f"<{kind}_{number}>"
                self._originals[placeholder] = secret
            return self._placeholders[kind, secret]

    def seen(self, text: str) -> list[tuple[int, int]]:
        """Where placeholders stand in a text already. Their numbers are not given to any other secret.

        Args:
            text: anything; a conversation that was kept has placeholders of an earlier session.
        """
        if "<" not in text:
            return []
        found = list(PATTERN.finditer(text))
        with self._lock:
            for match in found:
                if len(match[2]) <= 6:
                    self._highest[match[1]] = max(self._highest.get(match[1], 0), int(match[2]))
        return [match.span() for match in found]

    def restored(self, text: str, kinds: Collection[str] | None = None) -> str:
        """A text with the secrets put back.

        Args:
            text: anything.
            kinds: of what is put back; None for all.
        """
        if "<" not in text:
            return text
        with self._lock:
            return PATTERN.sub(lambda match: self._original(match, kinds), text)

    def _original(self, match: re.Match[str], kinds: Collection[str] | None) -> str:
        if kinds is not None and match[1] not in kinds:
            return match[0]
        return self._originals.get(match[0], match[0])
