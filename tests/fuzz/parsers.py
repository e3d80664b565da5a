"""Every parser that askance has of its own, each with the words of its language.

Enters: nothing. Leaves: `PARSERS`: name -> what is called, what texts are made of, which errors it may raise.
"""

from __future__ import annotations

import configparser
import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from askance import chunks, fences, jsontext, mentions, reception, settings, tokens, words
from askance.cache import entry, kept
from askance.cache.disk import mounts
from askance.cache.packs import reading
from askance.cache.redis.address import Address
from askance.errors import AskanceError, BadAnswer, BrokenStream, ConfigError, UsageError
from askance.gate import Gate
from askance.gate.stores import dotenv, formats
from askance.index import (
    excerpt,
    git_config,
    git_folder,
    history,
    ignore,
    imports,
    kinds,
    parts,
    question,
    symbols,
    text,
)
from askance.inert import inert
from askance.kernel import facts, flags, lines
from askance.kernel.view import final
from askance.kernel.view.terminal import printable
from askance.local import state
from askance.providers import calls, hosts, http, no_tools, sizes, sse
from askance.records import Ask, Item, Ledger, Note, Redaction, Usage, answer
from askance.schema import schema_of
from askance.secret_names import looks_secret
from askance.sources import distributions, error, git_log, git_status, manifests, packages, usage
from askance.threads import store
from askance.threads.history import anew, continued, recent
from askance.threads.turn import Told, Turn


@dataclass(frozen=True)
class Parser:
    """One parser.

    Attributes:
        call: with a text; whatever it gives is a result.
        words: what texts are made of.
        errors: what it may raise.
        seed: a text that it takes; others are made of it, with one value changed.
        grows: how many times longer than its text a result may be, sizes of all its parts added.
    """

    call: Callable[[str], Any]
    words: Sequence[str] = ()
    errors: tuple[type[BaseException], ...] = ()
    grows: float = 12.0
    seed: str = ""


COMMON = (
    "\n",
    " ",
    "\t",
    "a",
    "A",
    "0",
    "_",
    ".",
    "-",
    "/",
    "\\",
    '"',
    "'",
    "`",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "<",
    ">",
    "#",
)
COMMON += (
    "=",
    ":",
    ",",
    "@",
    "%",
    "!",
    "?",
    "$",
    "*",
    "|",
    "~",
    "&",
    "\r",
    "\x00",
    "é",
    "漢",
    "\ud83d",
    "👩\u200d",
    "\u2028",
    "\ufeff",
)


def _in_a_file(name: str, read: Callable[[Path], Any]) -> Callable[[str], Any]:
    """A parser of files, for texts."""

    def call(said: str) -> Any:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(said.encode("utf-8", "surrogatepass"))
            return read(path)

    return call


def _stream(said: str) -> Any:
    feed = sse.Lines()
    return [*feed.feed(said.encode("utf-8", "surrogatepass"))]


def _arguments(said: str) -> Any:
    """What goes back to a server of arguments that came in pieces."""
    coming = calls.Coming(id="1", name=said[:9])
    for at in range(0, len(said), 3):
        coming.add(said[at : at + 3])
    call = coming.chunk().call
    return [coming.whole, calls.told_name(call), calls.told_text(call), json.dumps(calls.told_object(call)).encode()]


def _json(said: str) -> Any:
    """JSON values, however odd; text where it is none."""
    try:
        return json.loads(said)
    except (ValueError, RecursionError):
        return said


def _mapping(said: str) -> dict[str, Any]:
    found = _json(said)
    return found if isinstance(found, dict) else {"path": found, "answers": found, "open_files": found}


class _Response:
    def __init__(self, said: str) -> None:
        self.headers = {"retry-after": said, "retry-after-ms": said} if len(said) % 2 else {"retry-after": said}


def _schema(said: str) -> Any:
    return schema_of({"type": "object", "properties": {"a": {"type": "integer"}}}).validate(said)


class _Nothing:
    """A world in which nothing is left."""

    named: frozenset[str] = frozenset()

    def fingerprint(self, *_: str) -> None:
        """Gone."""

    def facts(self, *_: str) -> dict[str, Any]:
        """None."""
        return {}

    def kind(self, *_: str) -> None:
        """Gone."""


def _kept(said: str) -> Any:
    """With the digest that belongs to it: who can write it can make one. What is read is used, too."""
    body = "key\n" + said.encode("ascii", "backslashreplace").decode()
    found = kept.Kept(f"{kept._digest(body)}\n{body}").entries("key")
    for one in found:
        again = one.answer(Ask(question="q", model="m"), one.text, "disk", 0.1)
        final.bundle(again)
        assert entry.read(entry.written(one)) == one or one.created != one.created
        assert [change.id for change in one.changes(_Nothing())] or not one.ledger.sent
    return found


def _conversation(path: Path) -> Any:
    """What is read is used, too."""
    transcript = store.read(path)
    ask = Ask(question="q", model="m")
    return transcript.to_dict(), transcript.before(ask), [*transcript.ways(ask)], history_of(transcript)


def history_of(transcript: Any) -> Any:
    """What a follow-up would send of each thread."""
    return [(continued(turns), anew(turns, 100), recent(turns, 100)) for turns in transcript.threads().values()]


def _ledger(said: str) -> Any:
    return Ledger.from_dict(_mapping(said))


def _ignored(path: Path) -> Any:
    one = ignore.Ignore(path.parent)
    one.read("")
    return one.ignores("a/b.py")


def _settings(said: str) -> Any:
    names = [name.upper() for name in settings.NAMES_OF_SETTINGS]
    return settings.load({f"ASKANCE_{names[len(said) % len(names)]}": said}, None)


def _tables(read: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda said: [*read(said)]


def _names(said: str) -> Any:
    return mentions._NAME.findall(said)


def _cut(said: str) -> Any:
    return [chunks._cut(said, least, patient=least > 0, at_line_start=True) for least in (0, 200)]


PYTHON = (
    "import ",
    "from ",
    "from . import (",
    "import a\n",
    "def a(",
    "class A:\n",
    "async def ",
    "# ",
    "\\\n",
    "as ",
    ";",
    '"""',
)
SCRIPT = (
    "import ",
    'from "',
    "require(",
    "export ",
    "default ",
    "function ",
    "const ",
    "interface ",
    "class ",
    "/* ",
    "// ",
)
PROSE = ("# ", "## a\n", "def ", "```\n", "- ", "> ", "1. ", "%% ")
MARKDOWN = (
    "```",
    "~~~\n",
    "``",
    "![",
    "](",
    "[a]: ",
    "<a ",
    "<!--",
    "-->",
    "$$",
    "\\(",
    "\\begin{",
    "http://",
    "www.",
    "javascript:",
    "&lt;",
    "| - |\n",
    "- [ ] ",
    "**",
    "    a\n",
    "> ",
    "* a\n  ",
    "<https://",
    "mailto:",
    "\n\n",
    "[^1]:",
    "data:",
    "//",
)
DEEP = ("[" * 3000, '{"a":' * 3000)
JSON = (
    '{"',
    '"a": ',
    "[1,",
    "null",
    "true",
    "NaN",
    "1e999",
    "```json\n",
    "\n```",
    "~~~",
    "-0",
    "\\ud800",
    '"',
    "}",
    "]",
    "9" * 60,
)
GIT = (
    "[filter ",
    '"x"]',
    '[remote "o"]',
    "url = ",
    "path = ",
    "[include]",
    "worktree = ",
    "gitdir: ",
    "ref: refs/heads/",
    "a" * 40,
)
TOML = (
    "[project]\n",
    "[tool.poetry]\n",
    "dependencies = [",
    '"a>=1"',
    "[[a]]\n",
    "a = 1\n",
    "[options]\n",
    "install_requires =\n",
    "[a.b]\n",
)

ITEM = Item(
    source="files",
    name="a.py",
    level="full",
    tokens=3,
    score=0.5,
    parts={"near": 1.0},
    why="w",
    fingerprint="f" * 16,
    status="sent",
    facts={"rows": 1, "kind": "x"},
    redactions=(Redaction(kind="EMAIL", placeholder="<EMAIL_1>", where="files:a.py"),),
)
LEDGER = Ledger(
    items=(ITEM,),
    budget=9,
    tokens=3,
    named=("files:a.py",),
    outdated=("b",),
    notes=(Note(source="git", message="late"),),
    seconds={"git": 0.1},
)
ENTRY = entry.Entry(question="q", text="t", model="m", ledger=LEDGER, usage=Usage(input=1), created=1.0, mark="x")
TURN = Turn(
    question="q",
    answer="a",
    cell="c",
    also=("d",),
    content="q",
    told=(Told.of(ITEM),),
    privacy=2,
    carried=0,
    model="m",
    asked=1.0,
)
CONVERSATION = {
    "askance": 1,
    "current": "main",
    "threads": {"main": [TURN.to_dict()], "b": [TURN.to_dict()]},
    "forks": {"b": ["main", 1]},
}

PARSERS: dict[str, Parser] = {
    "mentions": Parser(mentions.parse, ("@a", "@df", "[1]", "a@b.c", "@")),
    "names in questions": Parser(_names, ("a.b", "a/b", "a-b")),
    "flags": Parser(
        flags.parse, ("-m ", "--budget ", "=", "<< a", "--", "-b 9", "--json ", "--temperature nan "), (UsageError,)
    ),
    "cells": Parser(lambda said: lines.cell(["%%ask " + said + "\n", said]), ("%%ask", "%%ask -m x\n", ">>> ")),
    "words": Parser(words.words, ("aB", "a_b", "HTTPServer", "42"), grows=40),
    "stems": Parser(words.bag, ("plotting ", "plots ", "aB"), grows=40),
    "tokens": Parser(tokens.estimate, ("word ", "12", "  ")),
    "questions": Parser(
        question.parse, ("a.py", "a/b.ts ", "`a`", "a.b", "aB", "f(", "-by: ", "Date: ", "http://", "#1"), grows=60
    ),
    "imports of Python": Parser(lambda said: imports.modules_in("a.py", said), PYTHON),
    "imports of scripts": Parser(lambda said: imports.modules_in("a.ts", said), SCRIPT),
    **{
        f"landmarks of {suffix}": Parser(
            lambda said, name=f"a{suffix}": symbols.landmarks(name, said), (*PYTHON, *SCRIPT, *PROSE), grows=60
        )
        for suffix in (".py", ".ts", ".rs", ".md", ".ipynb")
    },
    "definitions": Parser(lambda said: symbols.names("a.py", said), PYTHON),
    "outlines": Parser(lambda said: excerpt.outline("a.py", said), PYTHON),
    "excerpts": Parser(lambda said: excerpt.excerpt("a.md", said, ["a", "def"], 3000), PROSE),
    "parts of names": Parser(parts.parts, ("aB", "HTTPServer", "aBC")),
    "kinds of files": Parser(lambda said: kinds.kinds(said, ()), ("tests/", "test_", ".py", "docs/"), grows=60),
    "secret file names": Parser(ignore.is_secret, ("credentials", ".json", "service-account", "id_", ".env")),
    "secret names": Parser(looks_secret, ("token", "aB", "API", "_KEY")),
    "notebooks": Parser(
        lambda said: text.decode("a.ipynb", said.encode("utf-8", "replace")),
        ('{"cells": [', '{"cell_type": "code", "source": ', '"a"', "]", "}", "null", "1", ", ", '"\\ud800"'),
    ),
    "tables": Parser(lambda said: text.header("a.csv", said), ("a,b", "\n")),
    "requirements": Parser(lambda said: [*manifests._requirements(said)], ("a==1", "-r ", "[x]", " @ ", "; ", "#")),
    **{
        name: Parser(
            _tables(read),
            (*TOML, *JSON, "dependencies:\n", "  - a=1\n", "pip:"),
            (ValueError, RecursionError, configparser.Error),
            60,
        )
        for name, read in manifests._READERS.items()
    },
    "git's diary": Parser(
        lambda said: git_log.lately(said, "a" * 40),
        ("a" * 40 + " ", "b" * 40 + " ", "x <y> 1 +0\t", "commit: ", "commit (amend): "),
    ),
    "git's status": Parser(
        git_status.parse, ("# branch.head ", "# branch.ab +", "1 .M N... ", "2 R. ", "? ", "u ", "\0", "+1 -2")
    ),
    "git's remotes": Parser(
        lambda said: git_status.hosts([said]), ("http://", "git@", ":", "//", "]", "[::1]", "user:pw@")
    ),
    "git's filters": Parser(lambda said: [*git_config._filters(said)], GIT),
    "git's configuration": Parser(
        _in_a_file(".git/config", lambda path: git_config.read_configuration(path.parent.parent, {})),
        GIT,
        (AskanceError,),
    ),
    "git's head": Parser(_in_a_file(".git/HEAD", lambda path: history.head(path.parent.parent)), GIT),
    "git's working trees": Parser(git_folder.worktrees, GIT),
    "git's history": Parser(history._parsed, ("\0", "\1", "a" * 40, "\n", "12", "Signed-off-by: a")),
    "ignore files": Parser(_in_a_file(".gitignore", _ignored), ("!", "**/", "*", "[a-z]", "\\", "/")),
    "cells' names": Parser(
        usage.usage.__wrapped__, ("%time ", "a = %b", "a?", "print a", "!ls", "def f(", "= 1\n", "%%time\n"), grows=200
    ),
    "cells' imports": Parser(packages._imports, PYTHON),
    "packages' files": Parser(
        lambda said: distributions._recorded(said.encode("utf-8", "replace")), ("a/b.py,", "a.py,", "\n")
    ),
    "packages' folders": Parser(
        lambda said: (m := distributions._METADATA.fullmatch(said)) and m.groups(), ("a-1", "-py3", ".dist-info")
    ),
    "modules' files": Parser(distributions._stem, ("a.", "abi3.", "so", "-", "x.cpython-311.")),
    "tracebacks": Parser(
        lambda said: (error._ADDRESS.sub("", said), error._CELL.sub("", said)), ("0x", "cell[1]", ", line 1")
    ),
    "answers' code": Parser(answer._blocks, MARKDOWN),
    "fences": Parser(fences.fenced, MARKDOWN),
    "JSON in answers": Parser(jsontext.values, JSON, (BadAnswer,), grows=80),
    "answers to a schema": Parser(_schema, JSON, (BadAnswer,), grows=80),
    "inert Markdown": Parser(inert, MARKDOWN, grows=20),
    "pieces": Parser(_cut, ("<AB", "```", ". ", "。")),
    "halves of characters": Parser(reception._mended, ("\ud83d", "\udc0d")),
    "events": Parser(_stream, ("data: ", "\n\n", "\r\n", ": ", "event: x\n"), (BrokenStream,), grows=60),
    "sizes in errors": Parser(
        lambda said: sizes.too_long({"error": {"message": said, "n_ctx": _json(said)}}),
        ("maximum ", "context ", "length ", "4096 ", "tokens ", "> ", "1,000 ", "<= ", "is too long "),
    ),
    "refusals of tools": Parser(
        lambda said: no_tools.refusal({"error": {"message": said, "detail": _json(said)}}),
        (
            "tools ",
            "no ",
            "does not ",
            "support ",
            "is ",
            "with ",
            "unknown ",
            "'tools'",
            "extra inputs ",
            "only ",
            "roles ",
        ),
    ),
    "arguments in pieces": Parser(_arguments, ('{"', '": ', "{}", "[", "]}", "\\", '"}', "\ud83d", "NaN")),
    "waits": Parser(
        lambda said: http.asked_wait(_Response(said)),
        ("Fri, 31 Dec 2100 23:59:59 GMT", "nan", "inf", "1e400", "-1", "99999", "Mon", "31 Dec ", "23:59:", "+9999"),
    ),
    "addresses": Parser(
        lambda said: hosts.require_safe(said, ()),
        ("http://", "https://", "[::1]", ":99999", "@", "localhost", "%00", "//"),
        (ConfigError,),
    ),
    "addresses as shown": Parser(hosts.shown, ("http://", "user:pw@", "[::1", ":", "?a=b")),
    "addresses of Redis": Parser(
        Address.of, ("redis://", "rediss://", "unix://", ":x", "@", "[::1", "/0"), (ConfigError,), grows=60
    ),
    "mounts": Parser(
        lambda said: mounts.shared(Path("/a/b"), said), ("1 2 0:1 / /a rw - nfs4 x rw\n", "\\040", "\\999", " - ", "/a")
    ),
    "packs": Parser(
        lambda said: reading.read(said.encode("utf-8", "surrogatepass"), "x"),
        (*JSON, '"askance": 1', '"answers": ['),
        (ConfigError,),
    ),
    "kept answers": Parser(_kept, JSON, grows=60, seed=entry.written(ENTRY)),
    "ledgers": Parser(
        _ledger,
        (*JSON, '"items"', '"budget"'),
        (ValueError, KeyError, TypeError),
        grows=60,
        seed=json.dumps(LEDGER.to_dict()),
    ),
    "conversations": Parser(
        _in_a_file("t.json", _conversation), JSON, (ValueError,), grows=60, seed=json.dumps(CONVERSATION)
    ),
    "states of servers": Parser(
        _in_a_file("s.json", state.read), JSON, seed='{"pid": 1, "port": 2, "key": "k", "model": "m", "started": 1}'
    ),
    "settings": Parser(
        _settings, ("1", "true", "0.5", "nan", "a=1,b=2", "=", "!x", "live"), (ConfigError,), grows=1000
    ),
    "settings of projects": Parser(
        _in_a_file("pyproject.toml", lambda path: settings.load({}, path.parent)),
        (
            "[tool.askance]\n",
            "tool = 1\n",
            "model = ",
            '"x"\n',
            "privacy = 2\n",
            "never = [",
            "levels = {",
            "[tool]\n",
            "= 1\n",
        ),
        (ConfigError,),
        grows=1000,
    ),
    "facts of front ends": Parser(lambda said: facts.Facts.from_message(_mapping(said)), JSON, grows=60),
    "what answers saw": Parser(
        lambda said: facts.watched(_mapping(said)), (*JSON, '{"answers": [{"id": "a", "items": [{"id": "b"'), grows=60
    ),
    "places": Parser(
        lambda said: facts.inside([said], facts.Facts(said), Path("/a/b/c.ipynb"), Path("/a")),
        ("../", "/a/", "//", "..", "/b"),
    ),
    "terminal text": Parser(printable, ("\x1b[31m", "\x07", "\u202e")),
    "dotenv": Parser(lambda said: [*dotenv.dotenv(said)], ("export ", "A=", "'", '"', "#", "${A}", "\\n"), grows=60),
    "stores in JSON": Parser(lambda said: [*formats.json_(said)], JSON, (ValueError, RecursionError), grows=60),
    "stores in TOML": Parser(lambda said: [*formats.toml(said)], TOML, (ValueError, RecursionError), grows=60),
    "stores in ini": Parser(
        lambda said: [*formats.ini(said)], ("[a]\n", "a = 1\n", "%(a)s", "="), (ValueError,), grows=60
    ),
    "stores in YAML": Parser(
        lambda said: [*formats.yaml(said)], ("a: ", "- ", "|\n", "  ", "---\n"), (ValueError,), grows=60
    ),
    "the gate": Parser(
        lambda said: Gate().redact(said, "x")[0],
        ("password=", "token: ", "sk-", "-----BEGIN ", "://a:b@", "eyJ", "'", "AKIA"),
        grows=60,
    ),
}


ODD = (
    None,
    True,
    -1,
    10**30,
    0.5,
    float("nan"),
    float("inf"),
    "",
    "x",
    "\ud800",
    [],
    {},
    [1],
    {"a": 1},
    [[]],
    "9" * 5000,
)


def changed(seed: str, places: list[int], odd: Any) -> str:
    """A text of JSON with one of its values changed, or taken away.

    Args:
        seed: the text.
        places: the way to the value: which of the values there, level by level.
        odd: the value in its place.
    """
    holder = whole = json.loads(seed)
    while True:
        keys = [*holder] if isinstance(holder, dict) else [*range(len(holder))]
        key = keys[places[0] % len(keys)]
        places = places[1:]
        if not places or not isinstance(holder[key], (dict, list)) or not holder[key]:
            break
        holder = holder[key]
    if odd is None and isinstance(holder, dict) and len(places) % 2:
        del holder[key]
    else:
        holder[key] = odd
    return json.dumps(whole)


def size(value: object, depth: int = 12) -> int:
    """Characters and things in a result, parts of parts included."""
    if isinstance(value, (str, bytes)):
        return len(value)
    if isinstance(value, dict):
        return sum(size(one, depth - 1) + 1 for pair in value.items() for one in pair) if depth else 1
    if isinstance(value, (list, tuple, set, frozenset)):
        return sum(size(one, depth - 1) + 1 for one in value) if depth else 1
    if isinstance(value, (PurePosixPath, datetime)) or not hasattr(value, "__dict__"):
        return 1
    return size(vars(value), depth - 1) if depth else 1
