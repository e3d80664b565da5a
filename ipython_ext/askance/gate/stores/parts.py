"""What of a named value is secret: all of it, the password of an address, a field of a connection string or of JSON.

Enters: a name and a value. Leaves: (name, secret), each as it may stand elsewhere.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

from .worth import SHORTEST, is_secret, is_strong, is_weak, looks_random

LONGEST = 65_536
"""Characters of a value that is looked into."""

_LONGEST_ADDRESS = 4096
_MOST_FIELDS = 500
_LINE = 16
"""Characters of a line of a key that mean anything alone."""

_PEM = re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----(.*?)(?:-----END|\Z)", re.DOTALL)
_LOGIN = re.compile(r"://([^\s:/@?#]*):(\S+)@[^\s@/]*")
_USER = re.compile(r"://([^\s:/@?#]+)@")
_SCHEME = re.compile(r"(?i)(?:bearer|basic|token|bot|apikey|key)\s+(\S+)")
_SPACED = re.compile(r"(\w+)\s*=\s*('(?:\\.|[^'\\])*'|\S+)")
_ENCODED = re.compile(r"(?i)(?:^|_)(?:auth|password)$")

Named = tuple[str, str]


def secrets_of(name: str, value: str, *, any_name: bool) -> Iterator[Named]:
    """(name, secret) of all that is secret in a value.

    Args:
        name: the variable's, key's or option's name.
        value: its value.
        any_name: whether what looks random is a secret whatever its name, as in files for secrets.
    """
    value = value.strip()
    if not SHORTEST <= len(value) <= LONGEST:
        return
    if "-----BEGIN " in value:
        yield from private_keys(value)
    fields = list(_fields(name, value))
    if fields:
        for key, inner in fields:
            yield from secrets_of(key, inner, any_name=any_name or is_weak(name))
        return
    if "://" in value:
        yield from _of_address(name, value)
        return
    scheme = _SCHEME.fullmatch(value)
    bare = scheme[1] if scheme else value
    if "-----BEGIN " not in value and is_secret(name, bare, any_name=any_name):
        yield name, bare
    if is_weak(name) and (several := re.split(r"[,\s]+", bare))[1:]:
        random = [one for one in several if looks_random(one)]
        yield from ((name, one) for one in (random if len(random) < len(several) else [bare, *random]))
    yield from _decoded(name, bare, is_basic=bool(scheme) and value[:5].lower() == "basic")


def private_keys(text: str) -> Iterator[Named]:
    """The lines of the keys in a text: any of them alone is a piece of its key."""
    for match in _PEM.finditer(text):
        body = match[1].replace("\\r", "\n").replace("\\n", "\n")
        for line in body.split("\n"):
            if len(line.strip()) >= _LINE and ":" not in line:
                yield "PRIVATE_KEY", line.strip()


def walk(data: object, name: str = "") -> Iterator[Named]:
    """(key, text) of all values in what JSON or TOML holds; those of a list have the name of the list."""
    left = [(name, data)]
    while left:
        key, found = left.pop()
        if isinstance(found, dict):
            left += [(_key(inner, key), value) for inner, value in found.items()]
        elif isinstance(found, list):
            left += [(key, value) for value in found]
        elif isinstance(found, str):
            yield key, found
        elif isinstance(found, int) and not isinstance(found, bool):
            yield key, str(found)


def _key(inner: object, outer: str) -> str:
    """A field called "value" or "key" is named by what holds it."""
    said = str(inner)
    return f"{outer}_{said}" if said.lower() in ("value", "data", "default", "key") and outer else said


def _fields(name: str, value: str) -> Iterator[Named]:
    if value[0] in "{[":
        try:
            found = json.loads(value)
        except (ValueError, RecursionError):
            return
        yield from list(walk(found, name))[:_MOST_FIELDS]
    elif ";" in value and "=" in value:
        pairs = [part.partition("=") for part in value.split(";") if "=" in part]
        # One field alone is a value that has these characters in it.
        yield from ((key.strip(), text.strip("\"' ")) for key, _, text in pairs if len(pairs) > 1)
    elif "://" not in value and len(found := _SPACED.findall(value)) > 1:
        yield from ((key, text.strip("'")) for key, text in found)


def _of_address(name: str, address: str) -> Iterator[Named]:
    address = address[:_LONGEST_ADDRESS]
    login = _LOGIN.search(address)
    if login is not None:
        for password in dict.fromkeys((login[2], unquote(login[2]))):
            if is_secret("password", password, any_name=True):
                yield f"{name}_PASSWORD", password
    for user in (login[1] if login else "", *_USER.findall(address)):
        if looks_random(user):
            yield f"{name}_USER", user
    try:
        parts = urlsplit(address)
        asked = parse_qsl(parts.query, max_num_fields=50)
    except ValueError:
        return
    yield from ((key, text) for key, text in asked if is_weak(key) and is_secret(key, text, any_name=True))
    if is_strong(name) or "hook" in f"{name} {address}".lower():
        yield from ((name, part) for part in parts.path.split("/") if looks_random(part))


def _decoded(name: str, value: str, *, is_basic: bool) -> Iterator[Named]:
    """The password in the base64 of "user:password", and one that was only encoded."""
    if not is_basic and not _ENCODED.search(name):
        return
    try:
        text = base64.b64decode(value, validate=True).decode("utf-8")
    except (binascii.Error, ValueError, UnicodeDecodeError):
        return
    password = text.partition(":")[2] or text
    if text.isprintable() and is_secret("password", password, any_name=True):
        yield f"{name}_PASSWORD", password
