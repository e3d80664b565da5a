"""Tools in a real kernel: code runs where cells run, and only where the user allows it."""

from __future__ import annotations

import json
import time

import pytest
from kernel.calling import Model, anew, runs
from kernel.interrupting import THREADS
from kernel.live import Outcome, wait_for
from kernel.test_stopping import Control

RUN = {
    "print(1)\nx = 5\nx * 2": "1\n10",
    "1 / 0": "  line 1: 1 / 0\nZeroDivisionError: division by zero",
    "def f():\n    raise ValueError('bad')\nf()": "  line 3: f()\n  line 2: raise ValueError('bad')\nValueError: bad",
    "import asyncio\nawait asyncio.sleep(0.01)\n'slept'": "'slept'",
    "import asyncio\nawait asyncio.sleep(0)\nraise KeyError('k')": "  line 3: raise KeyError('k')\nKeyError: 'k'",
    "!echo hi": "hi",
    "%nope": "UsageError: Line magic function `%nope` not found.",
    "x = (": "SyntaxError: incomplete input (line 1)",
    "input()": "  line 1: input()\nEOFError: nobody can be asked for input here",
    "import getpass; getpass.getpass()": "  line 1: import getpass; getpass.getpass()\n"
    "EOFError: nobody can be asked for input here",
    "breakpoint()": "  line 1: breakpoint()\nEOFError: nobody can be asked for input here",
    "import sys; print('o'); print('e', file=sys.stderr); 3": "o\ne\n3",
    "from IPython.display import display, HTML\ndisplay(HTML('<b>x</b>'))\n7": "<IPython.core.display.HTML object>\n7",
    "print('\\ud800')": "\\ud800",
    "x = 6": "(it ran, and showed nothing)",
    "None": "(it ran, and showed nothing)",
    "raise KeyboardInterrupt": "",
}
"""Code, and what comes of it."""


@pytest.fixture
def home(one):
    """Its folder."""
    return one.home


@pytest.fixture
def asked(one):
    """The kernel, and what answers in it."""
    return one, anew(one)


def test_code_runs_as_in_a_cell_and_shows_nothing_itself(asked):
    """Output, displays, values and errors come as text, in order; the asking cell has the answer alone, and succeeds."""
    running, model = asked
    for code, told in list(RUN.items())[:-1]:
        text, cell = runs(model, running, code)
        assert text == told
        assert not cell.contents("error")
        assert not cell.contents("stream")
        assert not cell.contents("execute_result")
        (output,) = cell.outputs()
        assert output["data"]["text/plain"].endswith("1 tool")
    assert running.run("x").result == "6"


def test_what_askance_knows_of_cells_is_left_alone(asked):
    """Code of a tool is no cell, its error is not the user's, its output is not the next cell's, its number is not used."""
    running, model = asked
    running.run("y = 1")
    before = running.run("print(get_ipython().execution_count)").printed
    runs(model, running, "print('never mind')\n1 / 0")
    after = running.run("print(get_ipython().execution_count)").printed
    assert int(after) - int(before) == 4  # tells the model, asks, looks at what it got, and this one
    state = running.run(
        "from askance.kernel.extension import _loaded; state = list(_loaded.values())[0]._host.state;"
        "print([c.source for c in state.cells() if 'never mind' in c.source and '_say' not in c.source], state.error())"
    )
    assert state.printed == "[] None\n"
    kept = running.run(
        "print([o.bundle for os in get_ipython().history_manager.outputs.values() for o in os if \"'never mind'\" in str(o.bundle)])"
    )
    assert kept.printed == "[]\n"


def test_several_cells_are_written_and_none_is_lost(asked):
    """Two cells of a tool and the code of the answer are one next cell: a front end takes no more than one."""
    running, model = asked
    model.says([("write_cell", {"source": "a = 1\n"}), ("write_cell", {"source": "b = 2"})], ["```python\nc = 3\n```"])
    cell = running.run("%ask --fresh --allow write_cell --code go on")
    (payload,) = cell.reply["content"]["payload"]
    assert payload == {"source": "set_next_input", "text": "a = 1\n\nb = 2\n\nc = 3", "replace": False}
    assert running.run("1").reply["content"]["payload"] == []
    model.says([("write_cell", {"source": "d = 4"})], ["Done."])
    (payload,) = running.run("%ask --fresh --allow all go on").reply["content"]["payload"]
    assert payload["text"] == "d = 4"


SLOW = {
    "sleep": "import time; print('begun', file=mark, flush=True); time.sleep(60)",
    "loop": "print('begun', file=mark, flush=True)\nwhile True: pass",
    "await": "import asyncio; print('begun', file=mark, flush=True); await asyncio.sleep(60)",
    "swallow": "import time; print('begun', file=mark, flush=True)\ntry: time.sleep(60)\nexcept BaseException: pass\nz = 1",
}
"""Code that does not end by itself."""


def begun(running, home, code: str) -> tuple[str, Outcome]:
    """A cell whose tool runs such code by now."""
    running.run(f"mark = open({str(home / 'mark')!r}, 'w')")
    message = running.start("%ask --fresh --allow run_python go on", "cell-1")
    assert wait_for(lambda: (home / "mark").read_text() == "begun\n")
    return message, Outcome()


def test_an_interrupt_ends_the_code_and_the_ask(asked, home):
    """As in any cell, whatever the code does about it; the next cell works."""
    running, model = asked
    for code in SLOW.values():
        model.says([("run_python", {"code": code})], ["Never said."])
        message, seen = begun(running, home, code)
        running.manager.interrupt_kernel()
        ended = running.finish(message, seen)
        (line,) = ended.error
        assert "Stopped" in line
        assert running.run("6 * 7").result == "42"
        assert model.asked == 1
    assert running.run("_ask.ended, [use.state for use in _ask.tools]").result == "('stopped', ['stopped'])"


def test_a_stop_interrupts_the_code_where_it_runs(asked, home):
    """By the control comm, while the cell runs: the ask ends normally, the cell lives on, the model is not asked again."""
    running, model = asked
    control = Control(running)
    control.open({"type": "refresh"})
    for name, code in SLOW.items():
        model.says(["Let me see.", ("run_python", {"code": code})], ["Never said."])
        message, seen = begun(running, home, code)
        pressed = time.monotonic()
        control.send({"type": "stop", "ask_id": None})
        ended = running.finish(message, seen)
        assert time.monotonic() - pressed < 30, name
        assert not ended.contents("error"), name
        assert "stopped" in ended.outputs()[-1]["data"]["text/plain"]
        assert model.asked == 1
    assert running.run("6 * 7").result == "42"


def test_names_that_no_tool_has_are_told(asked):
    """A wrong name after --tools= or --allow is one line with those that there are; nothing is asked."""
    running, model = asked
    model.says(["Yes."])
    for flags in ("--tools=read_flie", "--allow run_pyton"):
        (line,) = running.run(f"%ask {flags} why").error
        assert "run_python" in line
    assert model.asked == 0


def test_which_tools_are_offered(asked):
    """None unless they are wanted; all, those that are named, or none again where the setting is on."""
    running, model = asked

    def offered(flags: str) -> list[str]:
        model.says(["Yes."])
        assert not running.run(f"%ask --fresh {flags} why").contents("error")
        return model.offered

    assert offered("") == []
    every = offered("--tools")
    assert every[-2:] == ["run_python", "write_cell"]
    assert offered("--tools=write_cell") == ["write_cell"]
    assert offered("--allow write_cell") == every
    running.run("%config Askance.tools = True")
    model = Model(running)
    assert offered("") == every
    assert offered("--no-tools") == []


def test_run_all_again_asks_nothing(asked, home):
    """What tools looked at is as it was: no request. A file or a variable has changed: asked again, and told why."""
    running, model = asked
    (home / "work" / "pyproject.toml").write_text("")
    (home / "work" / "rates.py").write_text("RATE = 1\n")
    running.run(f"import os; os.chdir({str(home / 'work')!r})")
    running.run("%reload_ext askance")
    model = Model(running)
    read = ("read_file", {"path": "rates.py"})
    look = ("inspect_variable", {"name": "sales"})
    question = "%ask --tools -c none which rate applies?"
    running.run("sales = [1, 2, 3]", "a")

    def again() -> int:
        model.says([read, look], ["The first."])
        assert not running.run(question, "b").contents("error")
        return model.asked

    assert again() == 2
    assert again() == 0
    assert running.run("_ask.cached, _ask.text").result == "('memory', 'The first.')"
    running.run("sales = [1, 2, 3]", "a")
    assert again() == 0
    (home / "work" / "rates.py").write_text("RATE = 2\n")
    assert again() == 2
    assert "what read_file(rates.py) gave has changed" in running.run("%askcache why").printed
    assert again() == 0
    running.run("sales = [1, 2, 3, 4]", "a")
    assert again() == 2
    assert "what inspect_variable(sales) gave has changed" in running.run("%askcache why").printed


def test_what_a_tool_did_is_not_kept(asked):
    """An answer in which code ran is given by no cache, and by no file that came with the notebook, unless that is asked for."""
    running, model = asked
    question = "%ask --allow run_python -c none go on"
    for _ in range(2):
        model.says([("run_python", {"code": "n = 1"})], ["Done."])
        running.run(question, "b")
        assert model.asked == 2
    running.run("%askcache export kept.askance")
    running.run("%askcache clear all")
    running.run("%askcache import kept.askance")
    model.says([("run_python", {"code": "n = 1"})], ["Done anew."])
    running.run(question, "b")
    assert model.asked == 2
    assert running.run("_ask.text, _ask.cached").result == "('Done anew.', None)"
    running.run(question.replace("%ask", "%ask --replay"), "b")
    assert model.asked == 2
    assert running.run("_ask.cached is None").result == "False"


def test_the_ledger_shows_what_tools_gave(asked):
    """As lines of their own, by the call as people write it; `why` takes any name of it; the export has every request."""
    running, model = asked
    running.run("sales = [1, 2, 3]", "a")
    model.says(
        [("inspect_variable", {"name": "sales"}), ("run_python", {"code": "1 + 1\n" + "# words " * 40})], ["Yes."]
    )
    running.run("%ask --fresh --allow run_python -c none what is it?")
    table = running.run("%ctx").printed
    rows = [line for line in table.splitlines() if line.startswith("tools ")]
    assert [row.split("  ")[1].strip() for row in rows] == [
        "inspect_variable(sales)",
        "run_python(1 + 1 # words # words # words # words #…)",
    ]
    assert all(len(row) < 140 for row in rows)
    for name in ("inspect_variable", "inspect_variable(sales)", 'tools:inspect_variable {"name":"sales"}'):
        why = running.run(f"%ctx why {name}").printed
        assert why.startswith('tools:inspect_variable {"name":"sales"} (inspect_variable(sales)): sent, full, ')
        assert "now: as it was told" in why
    assert "now: nobody can tell" in running.run("%ctx why run_python").printed
    running.run("sales.append(4)")
    assert "now: changed since" in running.run("%ctx why inspect_variable").printed


def test_what_is_not_sent_names_the_tools(asked):
    """The ledger of --dry and the request of --prompt say which tools go along; nothing is asked."""
    running, model = asked
    model.says(["Yes."])
    dry = running.run("%ask --dry --allow run_python why").printed
    assert "tools offered: " in dry
    assert "run_python, write_cell; may act unasked: run_python\n" in dry
    assert "tools offered: run_python\n" in running.run("%ask --prompt --tools=run_python --view plain why").printed
    assert "tools offered" not in running.run("%ask --dry why").printed
    assert model.asked == 0


def test_tab_knows_flags_and_tools(asked):
    """Names after --tools= and --allow, one after the other."""
    running, model = asked
    model.says(["Yes."])
    running.run("%ask --tools why")

    def tab(line: str) -> list[str]:
        reply = running.client.complete(line, len(line), reply=True, timeout=60)["content"]
        return sorted(line[: reply["cursor_start"]] + match for match in reply["matches"])

    assert "%ask --tools" in tab("%ask --to")
    assert tab("%ask --tools=run_") == ["%ask --tools=run_python"]
    assert tab("%ask --tools=run_python,wri") == ["%ask --tools=run_python,write_cell"]
    assert tab("%ask --allow wri") == ["%ask --allow write_cell"]
    assert "%ask --allow all" in tab("%ask --allow a")
    assert tab("%ask --allow run_python,wri") == ["%ask --allow run_python,write_cell"]


def test_code_that_takes_too_long_is_interrupted_and_the_answer_goes_on(asked):
    """The model is told; the kernel is free again at once; the user hears which setting it was; no thread stays."""
    running, model = asked
    running.run("%config Askance.tool_seconds = 0.5")
    model = Model(running)
    runs(model, running, "1")  # what a first ask starts stays
    before = json.loads(running.run(THREADS).printed)
    for code in ("import time; time.sleep(60)", "while True: pass", "import asyncio; await asyncio.sleep(60)"):
        began = time.monotonic()
        text, cell = runs(model, running, code)
        assert text == "It took longer than 0.5 s and was stopped"
        assert time.monotonic() - began < 30
        assert not cell.contents("error")
        shown = cell.outputs()[-1]["data"]["text/plain"]
        assert "Done." in shown
        assert "Askance.tool_seconds" in shown
        assert running.run("6 * 7").result == "42"
    assert wait_for(lambda: not set(json.loads(running.run(THREADS).printed)) - set(before))


def test_a_tool_that_needs_the_kernel_runs_where_cells_run(asked):
    """In the foreground in the cell that asks; in the background between cells."""
    running, model = asked
    running.run(
        "import askance, threading\n"
        "@askance.tool(in_kernel=True, reads=['variables:*'])\n"
        "def where() -> str:\n    'Says where it runs.'\n    return threading.current_thread().name"
    )
    model.says([("where", {})], ["Done."])
    assert not running.run("%ask --fresh --tools go on").contents("error")
    assert model.results == ["MainThread"]
    model.says([("where", {})], ["Done."])
    running.run("%ask --fresh --bg --tools go on")
    assert wait_for(lambda: running.run("_ask").result.startswith("<Answer"))
    assert model.results == ["MainThread"]
