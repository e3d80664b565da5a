"""What warming does before the first ask."""

import asyncio
from importlib import import_module

from fixtures_models import BOTH, gated, make
from scripted_server import Reply, ScriptedServer

from askance.providers.local import LocalProvider
from askance.providers.replay import ReplayProvider
from askance.records import EndChunk


@BOTH
def test_warming_plays_an_answer_to_its_end_without_a_connection(protocol, monkeypatch):
    """The SDK parses a whole stream; the server hears nothing."""
    door = import_module(f"askance.providers.{protocol.replace('-', '_')}")
    parse, seen = door._chunks, []

    async def watched(events, provider):
        async for chunk in parse(events, provider):
            seen.append(chunk)
            yield chunk

    monkeypatch.setattr(door, "_chunks", watched)
    with ScriptedServer([Reply(["a"])]) as server:
        asyncio.run(make(protocol, server).warm())
        assert server.requests == []
    assert seen[-1] == EndChunk("stop")


def test_the_embedded_model_reads_the_opening_once():
    """It is the only thing asked while warming, and nothing is asked if the model is not installed."""
    inner, opening = ReplayProvider(["x"]), gated("Hello", max_output=1)
    for ready in (False, True):
        asyncio.run(LocalProvider(lambda: ("u", "k"), lambda _u, _k: inner, lambda ready=ready: ready, opening).warm())
        assert inner.requests == [opening] * ready
