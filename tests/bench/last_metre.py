"""The last metres to the network: what follows a redirect, whom a session speaks to, and what is exported of what left.

    python tests/bench/last_metre.py

Redirects: seven statuses to seven places, by each protocol; "elsewhere" are the bodies and connections that arrived where
they pointed. Exported: requests of ten asks by each protocol, their tries included, against what the server got.
"""

from __future__ import annotations

import asyncio
import hashlib
import ssl
import sys
import tempfile
from pathlib import Path

from figures import tell

sys.path.append(str(Path(__file__).parents[1]))
import trustme
from faults.test_redirects import PROVIDERS, STATUSES, client_of, targets
from fixtures_models import collect, gated
from scripted_server import Reply, ScriptedServer, error
from wires import Recorder, whole

from askance.errors import ProviderError
from askance.kernel.export import export
from askance.session import Session
from askance.settings import Settings


def redirects() -> None:
    """Every status to every place."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    asked = refused = 0
    with Recorder(host="127.0.0.2") as address, Recorder() as port, Recorder(context=context) as tls:
        sinks = {"another address": address, "another port": port, "https": tls}
        for name in PROVIDERS:
            for status in STATUSES:
                for location in targets(sinks, "/v1/x").values():
                    with Recorder(whole(b"", f"{status} Moved", "text/plain", Location=location)) as server:
                        try:
                            asyncio.run(collect(client_of(name, server.url), gated("the question")))
                        except ProviderError:
                            refused += 1
                        asked += len(server.bodies)
        elsewhere = sum(len(sink.bodies) + bool(sink.raw) for sink in sinks.values())
    tell(
        "redirects: bodies that arrived elsewhere",
        {"askance": elsewhere},
        "bodies",
        bar="0",
        met=elsewhere == 0 and asked == refused == 147,
        note=f"{asked} redirects answered, {refused} refused in one line",
    )


def exports() -> None:
    """Ten asks by each protocol."""
    equal = sent = 0
    for name in PROVIDERS:
        with tempfile.TemporaryDirectory() as folder, ScriptedServer([Reply(["yes"])]) as server:
            keys = {
                "OPENAI_API_KEY": "k",
                "ANTHROPIC_API_KEY": "k",
                "HOME": folder,
                "ASKANCE_CACHE_DIR": f"{folder}/.cache",
            }
            urls = {"OPENAI_BASE_URL": server.base_url, "ANTHROPIC_BASE_URL": server.anthropic_url}
            session = Session.for_project(folder, settings=Settings(model=f"{name}:m"), environ={**keys, **urls})
            for number in range(10):
                server.say(*([error(500, "busy")] if number % 5 == 4 else []), Reply(["yes"]))
                before = len(server.asked)
                session.ask(f"question {number}, with é and {{braces}}?")
                export(session, f"{folder}/sent")
                got = [hashlib.sha256(request.body).hexdigest() for request in server.asked[before:]]
                files = [Path(folder, "sent", f"request-{each}.json") for each in range(1, len(got) + 1)]
                equal += sum(
                    hashlib.sha256(file.read_bytes()).hexdigest() == one for file, one in zip(files, got, strict=True)
                )
                sent += len(got)
            session.loop.run(session.close())
            session.loop.close()
    tell(
        "exported requests, equal in sha256 to what the server got",
        {"askance": equal},
        f"of {sent}",
        bar="all",
        met=equal == sent >= 30,
    )


if __name__ == "__main__":
    redirects()
    exports()
