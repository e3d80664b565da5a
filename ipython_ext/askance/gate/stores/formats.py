"""Readers of the files that programs keep secrets in. Enters: a file's text. Leaves: (name, value), whatever the value is.

A reader may raise: then nothing is known of that file.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator

from .parts import private_keys, walk

Reader = Callable[[str], Iterator[tuple[str, str]]]

_COMMENT = re.compile(r"\s[#;].*")
_YAML = re.compile(
    r"""^(?P<indent>[ \t]*)(?:-[ \t]+)*["']?(?P<name>[\w.@/-]+)["']?[ \t]*:(?:[ \t]+|$)
    (?:[|>][+-]?\d?[ \t]*(?:\#.*)?\n(?P<block>(?:(?:(?P=indent)[ \t]+\S.*|[ \t]*)(?:\n|\Z))+) | (?P<value>.*))""",
    re.MULTILINE | re.VERBOSE,
)
_NETRC = re.compile(r"(?:^|\s)(?:password|passwd|account)\s+(?:\"((?:\\.|[^\"\\])*)\"|(\S+))")
_XML = re.compile(r"<([\w.:-]+)(?:\s[^<>]*)?>([^<>]+)</\1>")
_XML_ATTRIBUTE = re.compile(r"<add\s+key=\"([^\"]+)\"\s+value=\"([^\"]+)\"")


def json_(text: str) -> Iterator[tuple[str, str]]:
    """JSON, and what has comments and so is none."""
    try:
        data = json.loads(text)
    except ValueError:
        yield from re.findall(r'"([^"\\]+)"\s*:\s*"((?:\\.|[^"\\])*)"', text)
    else:
        yield from walk(data)


def toml(text: str) -> Iterator[tuple[str, str]]:
    """TOML, and what was meant to be."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        yield from ini(text)
    else:
        yield from walk(data)


def ini(text: str) -> Iterator[tuple[str, str]]:
    """`name = value` lines with or without sections, values that go on in indented lines, and what is commented out."""
    name = ""
    for line in text.splitlines():
        said = line.strip(" \t#;")
        key, equals, value = (part.strip() for part in said.partition("="))
        if "://" in said and "@" in said:
            yield "url", said  # also in the head of a section
        if name and line[:1] in (" ", "\t"):
            yield name, said
        if equals:
            name = re.split(r"[:/\\]", key.removeprefix("export "))[-1].strip()  # "//npm.example.org/:_authToken"
            yield from ((name, _unquoted(one)) for one in dict.fromkeys((value, _COMMENT.sub("", value))))


def yaml(text: str) -> Iterator[tuple[str, str]]:
    """`name: value` lines of YAML, and its blocks of text."""
    for match in _YAML.finditer(text):
        if match["block"] is not None:
            yield match["name"], "\n".join(line.strip() for line in match["block"].split("\n")).strip()
        else:
            yield match["name"], _unquoted(re.sub(r"\s#.*", "", match["value"]).strip())


def netrc(text: str) -> Iterator[tuple[str, str]]:
    """Passwords by machine."""
    yield from (("password", quoted or bare) for quoted, bare in _NETRC.findall(text))


def pgpass(text: str) -> Iterator[tuple[str, str]]:
    """`host:port:database:user:password`, with backslashes before colons that belong to a field."""
    for line in text.splitlines():
        fields = re.split(r"(?<!\\):", line.strip(), maxsplit=4)
        if len(fields) == 5 and not line.startswith("#"):  # noqa: PLR2004
            yield "password", re.sub(r"\\(.)", r"\1", fields[4])


def lines(text: str) -> Iterator[tuple[str, str]]:
    """A token alone, or addresses with passwords, one a line."""
    yield from (("token", line.strip()) for line in text.splitlines()[:200] if line.strip())


def xml(text: str) -> Iterator[tuple[str, str]]:
    """`<password>value</password>`."""
    yield from _XML.findall(text)
    yield from _XML_ATTRIBUTE.findall(text)


def pem(text: str) -> Iterator[tuple[str, str]]:
    """The lines of private keys."""
    yield from private_keys(text)


def _unquoted(value: str) -> str:
    pair = value[:1]
    return value[1:-1] if pair in ("'", '"') and len(value) > 1 and value.endswith(pair) else value
