"""State, settings, completion and lines in a real IPython shell."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from kernel.live import clean_environment
from scripted_server import Reply

from askance.kernel.config import Askance
from askance.kernel.facts import Facts, inside, notebook_path
from askance.kernel.lines import cell
from askance.kernel.state import NotebookState
from askance.settings import Settings


@pytest.fixture(scope="module")
def one_shell(tmp_path_factory):
    """A shell without history on disk."""
    import os

    before = os.environ.get("IPYTHONDIR")
    os.environ["IPYTHONDIR"] = str(tmp_path_factory.mktemp("ipython"))
    shell = InteractiveShell.instance()
    yield shell
    InteractiveShell.clear_instance()
    if before is None:
        del os.environ["IPYTHONDIR"]
    else:
        os.environ["IPYTHONDIR"] = before


@pytest.fixture
def shell(one_shell):
    """The shell, with an empty namespace."""
    one_shell.reset(new_session=True)
    return one_shell


@pytest.fixture
def state(shell):
    """The state of the shell, kept up to date."""
    made = NotebookState(shell, {})
    shell.events.register("post_run_cell", made.record)
    yield made
    shell.events.unregister("post_run_cell", made.record)


def run(shell, code, **more):
    """Run a cell with its number in the history."""
    return shell.run_cell(code, store_history=True, **more)


def test_the_namespace_is_the_users(shell, state):
    """The user's own names in order, and a name of IPython's only once the user has taken it."""
    run(shell, "b = 1\na = 2\n_private = 3\nimport math")
    assert list(state.namespace()) == ["b", "a", "math"]
    assert "quit" in shell.user_ns
    shell.user_ns["quit"] = 5
    assert state.namespace()["quit"] == 5


def test_the_namespace_is_never_looked_into(shell, state):
    """An object that explodes when touched is passed on untouched."""
    run(
        shell,
        "class Mine:\n"
        "    def __getattribute__(self, name): raise RuntimeError\n"
        "    __eq__ = __bool__ = __len__ = __iter__ = lambda *a: 1 / 0\n"
        "mine = Mine()",
    )
    assert state.namespace()["mine"] is shell.user_ns["mine"]


def test_cells_count_once_at_their_latest_place(shell, state):
    """A cell that runs again moves to the end; a failed one says so; a silent one is none of ours."""
    run(shell, "x = 1", cell_id="one")
    run(shell, "1/0", cell_id="two")
    run(shell, "x = 2", cell_id="one")
    shell.run_cell("y = 1", silent=True)
    assert [(c.id, c.source, c.failed) for c in state.cells()] == [("two", "1/0", True), ("one", "x = 2", False)]
    assert state.cells()[0].number < state.cells()[1].number


def test_cells_from_before_loading_are_known(shell):
    """What ran before `%load_ext` is context too; the loading cell itself is not among them yet."""
    run(shell, "early = 1")
    shell.history_manager.input_hist_raw.append("%load_ext askance")  # as while that cell runs
    assert [c.source for c in NotebookState(shell, {}).cells()] == ["early = 1"]


def test_the_last_error_survives_asking(shell, state):
    """Talking about an error does not make it go away; a cell that works does."""
    run(shell, "1/0")
    assert isinstance(state.error(), ZeroDivisionError)
    run(shell, "%ask_nothing why")
    assert isinstance(state.error(), ZeroDivisionError)
    run(shell, "x = (")
    assert isinstance(state.error(), SyntaxError)
    run(shell, "x = 1")
    assert state.error() is None


def test_every_setting_is_a_trait():
    """The names are the same, and only what is set here overrides."""
    names = {field.name for field in fields(Settings)} - {"demanded"}  # which is the project's to say
    assert names == {name for name in Askance.class_own_traits() if name not in ("chosen", "view")}
    config = Askance(lambda: "x (why)")
    base = Settings(model="openai:a", budget=7)
    assert config.over(base) is not None
    assert config.over(base) == base
    config.budget = 0
    assert config.over(base) == Settings(model="openai:a", budget=0)
    assert config.chosen == "x (why)"


def test_configuration_files_count(shell):
    """`c.Askance.model` of an IPython configuration file is a setting like any other."""
    from traitlets.config import Config

    config = Askance(lambda: "", config=Config({"Askance": {"model": "local"}}))
    assert config.over(Settings()).model == "local"


def test_places():
    """The server's paths become paths under the root; what is outside stays out."""
    notebook = notebook_path({"JPY_SESSION_NAME": "/srv/team/proj/sub/a.ipynb"})
    facts = Facts("proj/sub/renamed.ipynb", ("proj/sub/renamed.ipynb", "proj/utils.py", "other/x.py", "../y.py"))
    assert inside(facts.open_files, facts, notebook, Path("/srv/team/proj")) == ("sub/renamed.ipynb", "utils.py")
    assert notebook_path({"JPY_SESSION_NAME": "console-1"}) is None
    assert notebook_path({}) is None


def test_what_was_worked_on_lately(state):
    """Edited files first, then those that were in front, each once; whatever else a message holds is nothing."""
    state.root = Path("/srv/proj")
    assert (state.open_files(), state.recent_files()) == ((), ())
    state.facts = Facts.from_message(
        {"open_files": ["b.py", 7, "a.py"], "recent_files": ["a.py", "b.py", None], "edited_files": ["b.py", "/etc/x"]}
    )
    assert state.open_files() == ("b.py", "a.py")
    assert state.recent_files() == ("b.py", "a.py")
    state.facts = Facts.from_message({"recent_files": {"a": 1}, "edited_files": "text", "open_files": [["a"]] * 300})
    assert (state.open_files(), state.recent_files()) == ((), ())


def test_only_an_ask_cell_is_taken():
    """The rest of IPython's cells pass untouched."""
    assert cell(["%%ask -b 5\n", "why\n"]) == ["get_ipython().run_cell_magic('ask', '-b 5', 'why')\n"]
    assert cell(["\n", "%%ask\n", "why\n", "\n"]) == ["get_ipython().run_cell_magic('ask', '', 'why\\n')\n"]
    assert cell(["%%test x\n", "y\n"], ("test",)) == ["get_ipython().run_cell_magic('test', 'x', 'y')\n"]
    for lines in (
        ["%%ask?\n"],
        ["%%asks\n", "x\n"],
        ["%%test\n", "x\n"],
        ["x = 1\n", "%%ask\n"],
        ["%%time\n", "%ask why?\n"],
        [],
    ):
        assert cell(lines) == lines


@pytest.fixture
def talked(monkeypatch):
    """Two conversations, for what is loaded after it."""
    monkeypatch.setattr("askance.kernel.host.Host.thread_names", lambda _host: ("main", "plots"))


@pytest.fixture
def loaded(shell, monkeypatch, tmp_path):
    """The shell with askance in it, in an environment of its own."""
    import os

    for name in [name for name in os.environ if name.startswith(("ANTHROPIC_", "OPENAI_", "GEMINI_", "GOOGLE_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ASKANCE_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("ASKANCE_WARM", "0")
    monkeypatch.chdir(tmp_path)
    shell.extension_manager.load_extension("askance")
    yield shell
    shell.extension_manager.unload_extension("askance")


@pytest.mark.parametrize(
    ("line", "transformed"),
    [
        ("%ask why is x negative?\n", "get_ipython().run_line_magic('ask', 'why is x negative?')\n"),
        ("if x:\n    %ask why?\n", "if x:\n    get_ipython().run_line_magic('ask', 'why?')\n"),
        ("%ask -m x\n", "get_ipython().run_line_magic('ask', '-m x')\n"),
        ("%ctx what?\n", "get_ipython().run_line_magic('ctx', 'what?')\n"),
        ("%explain df?\n", "get_ipython().run_line_magic('explain', 'df?')\n"),
        ("%fix what now??\n", "get_ipython().run_line_magic('fix', 'what now??')\n"),
        ("%%test a?\nx? \n", "get_ipython().run_cell_magic('test', 'a?', 'x? ')\n"),
        ("%explain?\n", "get_ipython().run_line_magic('pinfo', '%explain')\n"),
        ("%ask?\n", "get_ipython().run_line_magic('pinfo', '%ask')\n"),
        ("%ask??\n", "get_ipython().run_line_magic('pinfo2', '%ask')\n"),
        ("x?\n", "get_ipython().run_line_magic('pinfo', 'x')\n"),
        ("%asks why\n", "get_ipython().run_line_magic('asks', 'why')\n"),
        ("'''\n%ask why?\n'''\n", "'''\n%ask why?\n'''\n"),
        ("a = [1,\n%ask why\n]\n", "a = [1,\n%ask why\n]\n"),
    ],
)
def test_a_question_is_no_call_for_help(loaded, line, transformed):
    """Only lines that begin with our magics and go on are taken."""
    assert loaded.transform_cell(line) == transformed


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("%ask --mo", ["--model"]),
        ("%%ask --vi", ["--view"]),
        ("%ask -c ", ["auto", "none", "only"]),
        ("%ask --fresh -m o", ["ollama", "openai", "openai-responses"]),
        ("%ask what is @sal", ["salaries", "sales"]),
        ("%%ask\nwhat is @sales and @sala", ["salaries"]),
        ("%explain @sal", ["salaries", "sales"]),
        ("%%test --fr", ["--fresh"]),
        ("%ask --json ", ["Point", "plain"]),
        ("%ask --json P", ["Point"]),
        ("%ask -t ", ["main", "plots"]),
        ("%fix --thread p", ["plots"]),
        ("%threads re", ["reset", "rewind"]),
        ("%threads show ", ["main", "plots"]),
        ("%threads reset ", ["--all", "main", "plots"]),
    ],
)
def test_tab_completes_flags_and_variables(talked, loaded, text, fits):
    """After a dash the flags, after a flag what it takes, after "@" the user's variables, in a cell's body too."""
    run(loaded, "sales = 1\nsalaries = 2\nplain = {'type': 'object'}")
    run(loaded, "from dataclasses import dataclass\n@dataclass\nclass Point:\n    x: int")
    from IPython.core.completer import provisionalcompleter

    with provisionalcompleter():
        found = sorted(c.text for c in loaded.Completer.completions(text, len(text)))
    assert found == fits


def test_loading_twice_is_loading_once(loaded):
    """The second load adds nothing."""
    from askance.kernel.extension import load

    before = len(loaded.events.callbacks["post_run_cell"]), len(loaded.configurables)
    load(loaded)
    assert (len(loaded.events.callbacks["post_run_cell"]), len(loaded.configurables)) == before


def test_a_terminal_prints_plain_text(home, serve):
    """In terminal IPython the answer is text on standard output, followed by its footer, without any escape."""
    server = serve(Reply(["Well, **yes**.\n", "Really."]))
    environ = clean_environment(home, OPENAI_API_KEY="sk-of-a-test", OPENAI_BASE_URL=server.base_url)
    code = "get_ipython().run_line_magic('load_ext', 'askance')\n_ = get_ipython().run_cell('%ask why is it?')"
    command = [sys.executable, "-m", "IPython", "--simple-prompt", "--colors=NoColor", "-c", code]
    done = subprocess.run(
        command, env=environ, cwd=home / "work", capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.startswith("Well, **yes**.\nReally.\n\nopenai:"), done.stdout + done.stderr
    assert "\x1b" not in done.stdout
    assert len(done.stdout.rstrip().splitlines()) == 4
    assert server.asked[0].json["messages"][-1]["content"].endswith("why is it?")
