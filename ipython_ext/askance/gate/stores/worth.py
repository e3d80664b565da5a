"""Which named values are secrets. Enters: a name and a value. Leaves: yes or no.

A wrong yes replaces a harmless word wherever it stands; a wrong no is left to the rules for formats and names.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from ...secret_names import looks_secret

SHORTEST = 8
"""Characters a known value has at least: shorter ones ("test", "root") are everywhere."""

_RANDOM_LETTERS = 16
_CHANGES = 4
_CHANGE_RATE = 0.25
"""Changes between lower case, upper case and digits for each letter. By chance it would be .62 in base64, .47 in hex and .4
in base36; "gpt-4o-mini-2026-07-18" has .18."""

_SPEAKABLE = 4
_SPOKEN = 0.4
"""Share of a value that letters may have which follow each other and can be spoken; of "text-embedding-3-small-v2" it is .8."""

_LETTERS = re.compile(r"[A-Za-z]+")
_CLUSTER = re.compile(r"(?i)[^aeiouy]{4}|^[^aeiouy]+$")
_CAPITALS = re.compile(r"(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z0-9]+={0,6}")
_TITLE = re.compile(r"[A-Z](?=[a-z]{2})")
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_STRONG = re.compile(
    r"(?i)(passw(or)?d|passphrase|passcode|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential|auth[_-]?key|"
    r"account[_-]?key|signing[_-]?key|encryption[_-]?key|master[_-]?key|shared[_-]?key|connection[_-]?string)"
)
_STRONG_WORDS = frozenset("pass pwd pin psk pat otp bearer jwt apikey".split())
_WEAK_WORDS = frozenset(
    "key keys dsn auth authorization oauth session sessionid signature sig sas salt cookie webhook hook license licence cert "
    "conn connection access login code nonce seed hash hmac ak sk".split()
)
_PASSWORDS = re.compile(r"(?i)(passw(or)?d|passphrase|passcode|(?<![a-z])(pass|pwd|pin)(?![a-z])|secret)")
_ABOUT = frozenset(
    "id ids name names file files path dir directory folder url uri host hostname port type mode expires expiry expiration "
    "ttl timeout age days length size count rounds enabled disabled required algorithm algo alg region user username sock "
    "backend provider version format method limit budget scopes scope audience issuer endpoint arn store manager helper "
    "parallelism kind class prefix suffix header location".split()
)
"""Last words of names that tell something about a secret, and not the secret."""

_PLACEHOLDER = re.compile(
    r"(?i)your|<|\$\{?|%\(|\{\{|xxx|\*{3}|\.{3}|…|change[-_ ]?(me|this|it)|replace|example|dummy|placeholder|redacted|todo\b|"
    r"insert|enter[-_ ]|not[-_ ]?(needed|required|set|used)|os\.environ|getenv|none$|null$|undefined|unset"
)
_NUMBER = re.compile(r"[+-]?[\d.,_:/ T-]+Z?")
_UUID = re.compile(r"(?i)[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
_HOST = re.compile(
    r"(?i)(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)+[a-z]{2,24}(?::\d+)?|localhost(?::\d+)?|[0-9a-f]*(?::[0-9a-f]*){2,}"
)
_PATH = re.compile(r"(?:~|\.{1,2})?[/\\]|[A-Za-z]:[/\\]|file:")
_WORD = re.compile(r"[a-z]+|[A-Z]+|[A-Z][a-z]+")
_UNSPEAKABLE = re.compile(r"(?i)[^aeiouy]{5}|[aeiouy]{5}")

_PLAIN = frozenset(
    "elasticsearch kubernetes application authentication authorization administrator administration configuration "
    "organization infrastructure environment development notifications recommendations localization documentation "
    "internationalization".split()
)
"""Long words that stand everywhere and in some people's passwords."""

_LONGEST_PLAIN = 11


@lru_cache(maxsize=4096)
def is_strong(name: str) -> bool:
    """Whether a thing of this name is a secret, whatever it looks like."""
    words = [word.lower() for word in _WORDS.findall(name[:200])]
    if not words or words[-1] in _ABOUT:
        return False
    return bool(_STRONG.search(name[:200])) or looks_secret(name) or not _STRONG_WORDS.isdisjoint(words)


@lru_cache(maxsize=4096)
def is_weak(name: str) -> bool:
    """Whether a thing of this name may be a secret: what it looks like decides."""
    words = {word.lower() for word in _WORDS.findall(name[:200])}
    return bool(_STRONG.search(name[:200])) or not (_WEAK_WORDS | _STRONG_WORDS).isdisjoint(words)


def is_secret(name: str, value: str, *, any_name: bool) -> bool:
    """Whether a value must not leave.

    Args:
        name: the variable's, key's or option's name.
        value: a single value: no address, no list.
        any_name: whether a value that looks random is one under every name, as in files for secrets.
    """
    if len(value) < SHORTEST or _is_harmless(value, is_password=bool(_PASSWORDS.search(name))):
        return False
    return is_strong(name) or ((any_name or is_weak(name)) and looks_random(value))


def looks_random(value: str) -> bool:
    """Whether nobody made this value up: it mixes cases and digits as words, versions and dates do not."""
    if len(value) < _RANDOM_LETTERS or _UUID.fullmatch(value) or any(map(str.isspace, value)):
        return False
    letters = "".join(filter(str.isalnum, value))[:2000]
    if len(letters) < _RANDOM_LETTERS:
        return False
    flat = _TITLE.sub(lambda match: match[0].lower(), letters)  # NamesLikeThis are none
    if _CAPITALS.fullmatch(value):
        return True
    changes = sum(one != other for one, other in pairwise(letter.isdigit() * 2 + letter.isupper() for letter in flat))
    if changes < _CHANGES:
        return False
    runs = [run for run in _LETTERS.findall(flat) if len(run) >= _SPEAKABLE and not _CLUSTER.search(run)]
    return changes >= _CHANGE_RATE * len(flat) or sum(map(len, runs)) < _SPOKEN * len(flat)


def _is_harmless(value: str, *, is_password: bool) -> bool:
    if _PLACEHOLDER.match(value) or len(set(value)) <= 2 or _is_plain(value, 1 + (not is_password)):  # noqa: PLR2004  "--------", "abababab"
        return True
    if value.isdigit():
        return not is_password
    if _NUMBER.fullmatch(value) or (not is_password and (_EMAIL.fullmatch(value) or _HOST.fullmatch(value))):
        return True
    return bool(_PATH.match(value)) and (not looks_random(value) or _exists(value))


def _is_plain(value: str, most: int) -> bool:
    """Whether it is a word, or as many joined ones, that may stand anywhere."""
    words = [word for word in re.split(r"[-_. ]", value) if word]
    if len(words) > most or not all(map(_WORD.fullmatch, words)):  # "correct-horse" is a password
        return False
    if any(len(word) > 3 and _UNSPEAKABLE.search(word) for word in words):  # noqa: PLR2004
        return False
    return all(len(word) <= _LONGEST_PLAIN or word.lower() in _PLAIN for word in words)


def _exists(value: str) -> bool:
    try:
        return os.path.lexists(Path(value).expanduser())
    except (OSError, ValueError, RuntimeError):
        return False
