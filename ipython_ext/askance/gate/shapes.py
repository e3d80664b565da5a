"""Forms that no prefix tells: by their length, or by the sign that joins their parts.

Enters: a text and a run of key characters in it. Leaves: the stretch and kind of a secret that the run is a part of.
"""

from __future__ import annotations

import re

from . import look

_DIGITS = "0123456789"

JOINED: dict[str, tuple[tuple[str, int, str, re.Pattern[str]], ...]] = {
    ".": (
        ("DISCORD_TOKEN", 8, ".", re.compile(r"(?<![\w.-])[MNO][A-Za-z\d]{22,27}\.[\w-]{6}\.[\w-]{20,}")),
        ("TERRAFORM_TOKEN", 2, "1", re.compile(r"(?<![\w.-])[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{24,}")),
        ("AIRTABLE_TOKEN", 2, "1", re.compile(r"(?<![\w.-])[A-Za-z0-9]{6,40}\.v1\.[\w-]{8,}\.[a-f0-9]{16,}")),
    ),
    ":": (
        ("TELEGRAM_TOKEN", 2, _DIGITS, re.compile(r"(?<![\w:])\d{8,10}:(?:AA[\w-]{26,}|[\w-]{35}(?![\w-]))")),
        ("TABLEAU_TOKEN", 2, "=", re.compile(r"[A-Za-z0-9+/]{22}==:[A-Za-z0-9]{32}")),
        ("FIREBASE_KEY", 12, "A", re.compile(r"(?<![\w-])AAAA[\w-]{7}:[\w-]{100,}")),
    ),
    "~": (("AZURE_SECRET", 2, "Q", re.compile(r"(?<![\w~.-])[\w~.]{3}\dQ~[\w~.-]{24,}")),),
    "|": (("FACEBOOK_TOKEN", 2, _DIGITS, re.compile(r"(?<!\d)\d{15,16}\|[\w-]{27,40}")),),
    "!": (("SALESFORCE_TOKEN", 16, "0", re.compile(r"(?<!\w)00[A-Za-z0-9]{13}![\w.-]{60,}")),),
}
"""The sign before a run -> the forms that have it inside: kind, how far before the run one of which characters stands,
and the pattern. They are looked for around the run, not beyond it."""

EXACT: dict[int, tuple[tuple[str, re.Pattern[str]], ...]] = {
    36: (("MAILCHIMP_KEY", re.compile(r"[0-9a-f]{32}-us\d")),),
    37: (("MAILCHIMP_KEY", re.compile(r"[0-9a-f]{32}-us\d\d")),),
    40: (
        ("MAXMIND_KEY", re.compile(r"[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk")),
        ("NEWRELIC_KEY", re.compile(r"(?:[0-9a-f]{32}|eu01xx[0-9a-f]{26})FFFFNRAL")),
    ),
    50: (("MAILGUN_KEY", re.compile(r"[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}")),),
    84: (("AZURE_DEVOPS_TOKEN", re.compile(r"[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}")),),
}
"""Characters of a run -> forms of just this size."""


def joined(text: str, start: int, end: int) -> tuple[int, int, str] | None:
    """A form whose later part is the run from `start` to `end`, by the sign before it."""
    sign = text[start - 1 : start]
    for kind, back, guard, pattern in JOINED.get(sign, ()):
        if start < back or text[start - back] not in guard:
            continue
        for match in pattern.finditer(text, max(0, start - 80), min(len(text), end + 300)):
            if match.start() < end and match.end() > start:
                return match.start(), match.end(), kind
    return None


def exact(text: str, start: int, end: int) -> tuple[int, int, str] | None:
    """A form that the run from `start` to `end` is, by its length."""
    for kind, pattern in EXACT.get(end - start, ()):
        if pattern.fullmatch(text, start, end):
            return start, end, kind
    if end - start == 40 and _is_aws_secret(text[start:end]) and text[end : end + 1] not in ("=", "."):
        return start, end, "AWS_SECRET_KEY"
    if text[max(0, start - 8) : start - 1].endswith("decode("):  # what is decoded where it stands is data
        return None
    if end - start in (85, 86, 87) and text[end : end + 2] == "==" and look.mixed(text[end - 86 : end], 0.5):
        return max(start, end - 86), end + 2, "AZURE_KEY"
    return None


def _is_aws_secret(run: str) -> bool:
    """40 characters of base64, without padding, whose cases and digits take turns as in random text."""
    return "_" not in run and "-" not in run and look.mixed(run, 0.45)


_OWN = re.compile(r"(?:[a-z]{2,12}|[A-Z]{2,12})\d{0,2}(?:[_-][A-Za-z0-9]{1,8}){0,2}[_-]([A-Za-z0-9]{16,}[\w-]*)")
_OWN_HEX = re.compile(
    r"(?:[a-z0-9]{1,12}_){0,2}(?:sk|pat|tok|token|secret|apikey|live|priv|sec|pass)_([a-z0-9]{24,})", re.IGNORECASE
)
_DIGEST = re.compile(r"(?i)sha\d|md5|integrity|chunk|static|asset|build|img|image")


def prefixed(run: str) -> bool:
    """Whether a run is a key in the way of most issuers, of whichever: `word_` and random characters of all classes."""
    own = _OWN.fullmatch(run)
    if own is not None:
        digits = look.digits(own[1])
        return len(own[1]) >= 20 and digits >= 2 and look.mixed(own[1], 0.42) and not _DIGEST.match(run)
    own = _OWN_HEX.fullmatch(run)
    return own is not None and look.random(own[1], 24)
