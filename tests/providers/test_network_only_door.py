"""There is one door to the network, and one address behind it: in the code, in a whole session, in the browser's part."""

import ast
import inspect
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from kernel.live import clean_environment
from scripted_server import Reply, ScriptedServer

import askance
from askance.providers import transport
from askance.providers.replay import ReplayProvider
from askance.providers.streaming import StreamingProvider
from askance.records import Message, Prompt

PACKAGE = Path(askance.__file__).parent

NETWORK = re.compile(
    r"(_socket|_ssl|aiohttp|anyio|asyncore|ftplib|http\.client|http\.server|httpcore2?|httpx2?|imaplib|nntplib|poplib|"
    r"pycurl|requests|smtplib|socket|socketserver|socksio|ssl|telnetlib|trio|urllib\.request|urllib3|webbrowser|"
    r"websockets?|wsproto|xmlrpc|zmq)(\..*)?"
)
"""Modules that open connections, or are about to."""

DOORS = {
    "providers/network.py": {"ssl", "urllib.request"},  # contexts; what Windows and macOS call their proxies
    "providers/transport.py": {"ssl"},  # the last metre itself
    "providers/http.py": {"anyio.lowlevel"},  # loaded ahead, without a connection
    "local/probe.py": {"http.client"},  # GET without a body, to the embedded model's server on 127.0.0.1
    "cache/redis/faults.py": {"socket", "ssl"},  # names of errors, for a team's own Redis, which the user sets
    "offers/listening.py": {"socket"},  # `askance mcp`, where the user offers it: answers callers of this machine
    "offers/folder.py": {"socket"},  # whether such a socket still answers
    "agents/web.py": {"socket"},  # `askance mcp --http`: listens on 127.0.0.1
}
"""File -> what it may import of these, and why."""

WITHIN = {"offers/listening.py", "offers/calling.py"}
"""A kernel that offers what it holds, and who asks it: a Unix socket, or a port of this machine."""

CALLS = {"create_connection", "create_datagram_endpoint", "create_server", "open_connection", "start_server"}
CALLS |= {"sock_connect", "open_unix_connection", "create_unix_connection", "AsyncClient", "AsyncHTTPTransport"}
"""What opens a connection without such an import."""


def imported(tree):
    """Every module that a file imports, by statement or by name, wherever it does."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield from (
                f"{node.module}.{alias.name}" if node.module == "urllib" else node.module for alias in node.names
            )
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in (
            "import_module",
            "__import__",
        ):
            yield from (one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str))


def called(tree):
    """Every name that a file calls."""
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {getattr(func, "attr", getattr(func, "id", "")) for func in calls}


def test_no_other_file_opens_a_connection():
    """Of all files of the package: what they import, and what they call."""
    files = sorted(PACKAGE.rglob("*.py"))
    trees = {str(path.relative_to(PACKAGE).as_posix()): ast.parse(path.read_text("utf-8")) for path in files}
    found = {name: {one for one in imported(tree) if NETWORK.fullmatch(one)} for name, tree in trees.items()}
    assert {name: modules for name, modules in found.items() if modules} == DOORS
    opening = {name for name, tree in trees.items() if called(tree) & CALLS}
    assert opening == {"providers/network.py", "providers/transport.py", *WITHIN}
    assert len(files) > 200


def test_every_client_is_made_with_the_last_metre():
    """The SDKs' clients get our HTTP client, and ours gets the guarded transport, whatever the environment says."""
    for door in ("openai", "anthropic"):
        source = (PACKAGE / f"providers/{door}.py").read_text("utf-8")
        made = re.findall(r"\bsdk\.Async\w+\(", source)
        assert len(made) == source.count("http_client=http_client(sdk, to)") >= 1
    assert "transport=guarded(sdk, to)" in (PACKAGE / "providers/http.py").read_text("utf-8")
    assert "outgoing=outbox" in (PACKAGE / "assemble.py").read_text("utf-8")
    assert list(inspect.signature(transport.guarded).parameters) == ["sdk", "to"]


@pytest.mark.parametrize("provider", [StreamingProvider, ReplayProvider])
def test_a_provider_takes_what_passed_the_gate_and_nothing_else(provider):
    """By its type; and a prompt that did not pass makes no request."""
    hints = inspect.get_annotations(provider.stream)
    assert hints["gated"] == "GatedPrompt"


def test_a_prompt_that_did_not_pass_the_gate_goes_nowhere():
    """It is not even understood."""
    import asyncio

    from fixtures_models import collect, make

    bare = Prompt(model="m", system="", messages=(Message(role="user", content="q"),))
    with ScriptedServer([Reply(["a"])]) as server:
        with pytest.raises(AttributeError):
            asyncio.run(collect(make("openai", server), bare))
        assert server.requests == []


WATCHED = r"""
import json, sys
seen = []
def watch(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        seen.append([event, list(arguments[1]) if isinstance(arguments[1], tuple) else str(arguments[1])])
    elif event.startswith(("socket.get", "socket.bind", "urllib.", "http.", "ftplib.", "smtplib.", "webbrowser.")):
        seen.append([event, [str(one) for one in arguments[:2]]])
    elif event in ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.spawn", "os.system", "os.startfile"):
        seen.append([event, [str(arguments[0]), *map(str, arguments[1] if len(arguments) > 1 else ())]])
sys.addaudithook(watch)
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_cell("%load_ext askance")
shell.run_cell("df = {'a': 1}")
shell.run_cell("%ask what is @df")
shell.run_cell("%ask what is @df")
shell.run_cell("%ctx what is df")
shell.run_cell("%askcache")
shell.run_cell("%ask --fresh and now?")
shell.run_cell("%unload_ext askance")
print("SEEN", json.dumps(seen))
"""


@pytest.mark.parametrize("protocol", ["openai", "anthropic"])
def test_a_whole_session_speaks_to_the_models_server_and_to_nobody_else(protocol, tmp_path):
    """Loaded, asked, answered from the cache, unloaded, with telemetry switched on wherever a library has some.

    Every connection counts, every name that is looked up, every program that is started. (Both SDKs want to tell the
    processor's name, and so run `uname`; what they make of it does not leave.)
    """
    with ScriptedServer([Reply(["yes"])]) as server:
        more = {
            "ASKANCE_MODEL": f"{protocol}:m",
            "OPENAI_API_KEY": "k",
            "OPENAI_BASE_URL": server.base_url,
            "ANTHROPIC_API_KEY": "k",
            "ANTHROPIC_BASE_URL": server.anthropic_url,
            "ANTHROPIC_OPEN_TELEMETRY": "true",
            "ANTHROPIC_OPEN_TELEMETRY_TRACES_CONTENT_MODE": "content",
            "OTEL_TRACES_EXPORTER": "otlp",
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.9:4318",
            "PYTHONPATH": str(PACKAGE.parent),
        }
        done = subprocess.run(
            [sys.executable, "-c", WATCHED],
            env=clean_environment(tmp_path, **more),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        asked = len(server.asked)
        port = server.port
    seen = json.loads(next(line for line in done.stdout.splitlines() if line.startswith("SEEN "))[5:])
    where = {tuple(said) for event, said in seen if event == "socket.connect"}
    looked_up = {tuple(said) for event, said in seen if event.startswith("socket.get")}
    assert asked == 2
    assert where == {("127.0.0.1", port)}
    assert looked_up <= {("127.0.0.1", str(port))}
    rest = [(event, said) for event, said in seen if not event.startswith(("socket.connect", "socket.get"))]
    programs = {os.path.basename(said[0]) for event, said in rest}
    assert programs <= {"git", "uname", os.path.basename(sys.executable)}, rest
    assert all("askance" in " ".join(said) for _, said in rest if os.path.basename(said[0]) not in ("git", "uname"))


ASKS = re.compile(
    r"\bfetch\((?!\))|XMLHttpRequest|WebSocket|EventSource|sendBeacon|RTCPeer|WebTransport|new Image\b|new Audio\b|"
    r"ServerConnection|serverSettings|window\.open|importScripts|createElement\(.(?:script|iframe|img|link).\)"
)
"""How a page asks a server."""


def built():
    """Every script that a page gets of us."""
    folders = (PACKAGE / "labextension" / "static", PACKAGE / "kernel" / "view" / "static")
    return [path for folder in folders for path in sorted(folder.glob("*.js"))]


def test_the_browsers_part_asks_no_server():
    """It speaks to its kernel over Jupyter's comms alone: in the source, and in what is built of it.

    In there, KaTeX's parser has a `fetch()` of its own, which takes nothing, and makes an image for a command that we do
    not allow; and the loader of the parts of a bundle loads these.
    """
    source = sorted((PACKAGE.parent.parent / "labextension" / "src").rglob("*.ts*"))
    assert len(source) > 20
    assert [(path.name, found[0]) for path in source for found in ASKS.finditer(path.read_text("utf-8"))] == []
    if not built():
        pytest.skip("the browser's part is not built here")
    spared = {("remoteEntry", 'createElement("script")'), ("remoteEntry", "importScripts")}
    found = {
        (path.name.partition(".")[0], match[0]) for path in built() for match in ASKS.finditer(path.read_text("utf-8"))
    }
    assert {(name, how) for name, how in found if how != 'createElement("img")'} <= spared


def test_the_servers_part_asks_nobody():
    """It imports no client of any kind."""
    for path in sorted((PACKAGE / "server").glob("*.py")):
        assert not re.search(
            r"AsyncHTTPClient|tornado\.(httpclient|simple_httpclient|tcpclient|websocket)", path.read_text()
        )
