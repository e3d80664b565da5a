"""Kept answers in a real kernel: what is asked once, what a restart leaves, what a hit does not do."""

from __future__ import annotations

from different import different
from scripted_server import Reply

FRAME = "import pandas as pd\ndf = pd.DataFrame({'a': [1, 2]})"

COUNT = """
import threading
from askance import facade
engine = facade.current().engine
gathered = []
for source in engine._sources.values():
    def counted(ask, collect=source.collect, name=source.name):
        gathered.append(name)
        return collect(ask)
    source.collect = counted
"""
"""From now on `gathered` names every source that is asked what it has."""


def tier(outcome):
    """Where the cell's answer came from."""
    (output,) = [one for one in outcome.outputs() if "askance" in one["metadata"]]
    return output["metadata"]["askance"]["cached"]


def test_a_hit_gathers_nothing(kernel, serve):
    """No source is asked what it has, the server is not asked, and the text is the same, byte for byte."""
    server = serve(*different())
    running = kernel(server)
    running.run(FRAME)
    running.run("%ask what is in @df?")
    running.run(COUNT)
    before = running.run("_ask.text").result
    assert tier(running.run("%ask what is in @df?")) == "memory"
    assert running.run("_ask.text").result == before
    assert running.run("gathered").result == "[]"
    running.run("df['b'] = 1")
    assert tier(running.run("%ask what is in @df?")) is None
    assert "'variables'" in running.run("gathered").result
    assert len(server.asked) == 2


def test_two_background_cells_ask_once(kernel, serve):
    """The same question in two cells, both under way: one request, and the second answer is from the cache."""
    server = serve(Reply(["It is 1."], silent=1.0), Reply(["It is 2."]))
    running = kernel(server)
    running.run("%%ask --bg << first\nwhat is one?", "a")
    running.run("%%ask --bg << second\nwhat is one?", "b")
    running.run("%ask --wait")
    assert running.run("first.text, first.cached, second.text, second.cached").result in (
        "('It is 1.', None, 'It is 1.', 'memory')",
        "('It is 1.', 'memory', 'It is 1.', None)",
    )
    assert len(server.asked) == 1


def test_another_kernel_finds_it_on_disk(kernel, serve):
    """Also while the first one still runs; and a third state of the world is a miss that says why."""
    server = serve(*different())
    first = kernel(server)
    first.run(FRAME)
    first.run("%ask what is in @df?")
    second = kernel(server)
    second.run(FRAME)
    assert tier(second.run("%ask what is in @df?")) == "disk"
    assert tier(second.run("%ask what is in @df?")) == "memory"
    assert len(server.asked) == 1
    third = kernel(server)
    third.run(FRAME + "\ndf['b'] = 1")
    assert tier(third.run("%ask what is in @df?")) is None
    assert "df +1 column" in third.run("%askcache why").printed


def test_fresh_asks_again_and_keeps_both(kernel, serve):
    """The newest is given from then on."""
    server = serve(*different())
    running = kernel(server)
    for flag in ("", "--fresh", ""):
        running.run(f"%ask {flag} what is one?")
    assert "answer 2" in running.run("_ask.text").result
    assert len(server.asked) == 2


def test_an_answer_in_a_variable_changes_no_answer(kernel, serve):
    """`_ask` and `<< name` hold the answer itself; run again from the top, nothing is asked anew."""
    server = serve(*different())
    cells = [FRAME, "%ask what is in @df? << reply", "print(reply.text)", "%ask and the mean of @df?"]
    for _ in range(2):
        running = kernel(server)
        for number, source in enumerate(cells):
            running.run(source, f"cell-{number}")
    assert len(server.asked) == 2
    for number, source in enumerate(cells):  # and once more in the same kernel, where `_ask` is there from the start
        running.run(source, f"cell-{number}")
    assert len(server.asked) == 2
