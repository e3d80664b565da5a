"""`ask.map` in a real kernel: from a cell, from a cell with top-level await, from a thread, and interrupted."""

import pytest
from kernel.live import Kernel
from mapping.rowserver import RowServer

VALUES = "[f'value {n}' for n in range(200)]"


@pytest.fixture(scope="module")
def server():
    """A server for all of them."""
    with RowServer() as one:
        yield one


@pytest.fixture(scope="module")
def kernel(server, tmp_path_factory):
    """A kernel that has loaded us, and asks that server."""
    home = tmp_path_factory.mktemp("home")
    keys = {"OPENAI_API_KEY": "key", "OPENAI_BASE_URL": f"{server.url}/v1", "ASKANCE_MODEL": "openai:gpt-6.1-terra"}
    with Kernel(home, **keys) as one:
        one.run("%load_ext askance\nfrom askance import ask\nimport pandas as pd, threading, asyncio")
        yield one


def test_a_cell_gives_a_series_and_a_bar(kernel, server):
    """The result is the cell's value; the bar is its output, and counts all rows."""
    outcome = kernel.run(f"ask.map('Mark it.', pd.Series({VALUES}, name='v')).iloc[-1]")
    assert outcome.result == "'<value 199>'"
    assert len(server.seen) == 10
    shown = str([message["content"] for message in outcome.messages])
    assert "200/200" in shown or "ask.map" in shown


def test_top_level_await_and_a_thread(kernel):
    """Both get all answers."""
    outcome = kernel.run(
        f"await asyncio.sleep(0)\nfirst = ask.map('One.', {VALUES}, progress=False)\ngot = []\n"
        f"work = threading.Thread(target=lambda: got.append(ask.map('Two.', {VALUES}, progress=False)))\n"
        "work.start(); work.join()\nlen(first), len(got[0]), first == got[0], first.errors"
    )
    assert outcome.result == "(200, 200, True, {})"


def test_a_stop_keeps_what_had_come_and_the_same_cell_goes_on(kernel, server):
    """The kernel's stop button in the middle; the same cell again asks for the rest alone, and nothing is left running."""
    server.each = 0.02
    before = len(server.seen)
    cell = (
        f"some = ask.map('Slowly.', {VALUES}, concurrency=2, progress=False); len(some), some.errors, some.cached > 20"
    )
    begun = kernel.start(cell)
    while len(server.seen) < before + 4:
        kernel.client.is_alive()
    kernel.manager.interrupt_kernel()
    stopped = kernel.finish(begun)
    assert any("rows are kept" in line for line in stopped.error)
    server.each = 0.0
    assert kernel.run(cell).result == "(200, {}, True)"
    left = kernel.run("[t.name for t in threading.enumerate() if 'helper' in t.name or 'tqdm' in t.name.lower()]")
    assert left.result == "[]"


def test_help_is_there(kernel):
    """`ask?` and `ask.map?` have words."""
    for name, words in (("ask", "Ask a model about your notebook"), ("ask.map", "several rows a request")):
        outcome = kernel.run(f"{name}?")
        assert words in outcome.reply["content"]["payload"][0]["data"]["text/plain"]
