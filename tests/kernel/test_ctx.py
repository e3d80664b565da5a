"""`%ctx mute`, `pin`, `level`, `why`: what a user tells a running kernel, and what leaves then."""

import json

import pytest
from kernel.live import Kernel
from scripted_server import Reply, ScriptedServer

SETUP = """customers = {"-".join(("key", "of", "bob")): 1}
sales = [1, 2, 3]
label = "-".join(("value", "of", "label"))
"""


@pytest.fixture(scope="module")
def one(tmp_path_factory):
    """A kernel, and the server that it asks."""
    home = tmp_path_factory.mktemp("home")
    (home / "work").mkdir()
    with ScriptedServer([Reply(["Because."])]) as server:
        environ = {"OPENAI_API_KEY": "sk-of-a-test", "OPENAI_BASE_URL": server.base_url}
        with Kernel(home, **environ) as running:
            yield running, server


@pytest.fixture
def talking(one):
    """The two, with some variables and without any wish or conversation."""
    running, server = one
    running.run("%load_ext askance\n%threads reset --all")
    running.run("%reset -f\nget_ipython().config.pop('Askance', None)\n%reload_ext askance")
    running.run(SETUP, "setup")
    return running, server


def sent(server):
    """What the last request told, as text."""
    return json.dumps(json.loads(server.asked[-1].body)["messages"], ensure_ascii=False)


def test_what_is_muted_stays_here(talking):
    """Until it is unmuted; a question that names it hears so, and the ledger lists it for the user alone."""
    running, server = talking
    running.run("%ask --fresh what is @label?", "a")
    assert "label: str" in sent(server)
    assert running.run("%ctx mute label @sales").printed == "muted: label, sales\n"
    told = running.run("%ctx what is @label?").printed
    assert "note: mentions: label is muted; type: %ctx unmute label" in told
    assert "you muted it" in told
    running.run("%ask --fresh what is in the list?", "b")
    text = sent(server)
    assert "label: str" not in text  # nor in the turn before, which told of it
    assert "sales: list" not in text
    assert "customers: dict" in text
    assert running.run("%ctx unmute label sales").printed == "Nothing is muted.\n"
    running.run("%ask --fresh what is @label?", "c")
    assert "label: str" in sent(server)


def test_mutes_outlive_a_change_of_settings(talking):
    """The session is another one then; the kernel is not."""
    running, server = talking
    running.run("%ctx mute sales")
    running.run("%ctx pin label")
    running.run("%ctx level customers 0")
    running.run("%config Askance.cache_seconds = 60")
    assert running.run("%ctx mutes").printed == "muted: sales\n"
    assert running.run("%ctx pin").printed == "pinned: label\n"
    assert running.run("%ctx level customers").printed == "customers: 0 names\n"
    running.run("from askance import ask\nask('what is in sales and customers?', fresh=True)", "a")
    text = sent(server)
    assert "sales: list" not in text
    assert "key-of-bob" not in text
    assert "customers: dict" in text
    assert "label: str" in text


def test_levels_of_things_and_sources(talking):
    """A thing's own level is lower or higher than its source's; the settings say the same for every kernel."""
    running, server = talking
    assert running.run("%ctx level").printed.splitlines()[-2:] == ["variables: 2 statistics", "error: 2 statistics"]
    running.run("%ctx level variables 0")
    running.run("%ctx level customers 3")
    running.run("%ask --fresh what is @customers and @label?", "a")
    text = sent(server)
    assert "key-of-bob" in text
    assert "label: str" in text
    assert "value-of-label" not in text
    assert running.run("%ctx level label").printed == "label: 0 names\n"
    assert running.run("%ctx level label default").printed == "label: 0 names\n"
    assert running.run("%ctx level variables default").printed == "variables: 2 statistics\n"
    assert running.run("%ctx level customers default").printed == "customers: 2 statistics\n"
    running.run("%config Askance.levels = {'cells': 0, 'customers': 1}")
    running.run("%ask --fresh what is @customers and @label?", "b")
    text = sent(server)
    assert "key-of-bob" not in text
    assert "value-of-label" in text  # a short value is a statistic


def test_what_never_leaves(talking):
    """Not even its name in a list, on the next question already, and an answer that was told of it is not given again."""
    running, server = talking
    before = len(server.asked)
    running.run("%config Askance.never = ['sales']")
    running.run("%ask what is in the variables?", "a")
    first = sent(server)
    assert "customers: dict" in first
    assert "sales: list" not in first
    running.run("%config Askance.never = ['customers', 'cells']")
    running.run("%ask what is in the variables?", "b")
    assert len(server.asked) == before + 2
    assert "customers" not in sent(server)
    assert "key-of-bob" not in sent(server)
    assert "never: customers, cells" in running.run("%ctx level").printed
    told = running.run("%ctx what is @customers?").printed
    assert "@customers stays here" in told
    assert "dict" not in told
    wrong = running.run("%config Askance.never = ['!customers']\n%ask why?").error
    assert len(wrong) == 1
    assert "without !" in wrong[0]


def test_why(talking):
    """All that was decided, and whether it is still so."""
    running, _server = talking
    assert len(running.run("%ctx why label").error) == 1  # nothing was asked yet
    running.run("%ask --fresh what is @label?", "a")
    lines = running.run("%ctx why label").printed.splitlines()
    assert lines[0].startswith("variables:label: sent, full, ")
    assert any("you mentioned it" in line for line in lines)
    assert "privacy: 2 statistics" in lines
    assert lines[-1] == "now: as it was told"
    running.run("label = 'another'", "b")
    assert running.run("%ctx why label").printed.splitlines()[-1] == "now: changed since"
    running.run("%ctx mute label")
    assert "from now on: muted" in running.run("%ctx why label").printed
    running.run("del label", "c")
    assert running.run("%ctx why label").printed.splitlines()[-1] == "now: gone, or left out"
    assert "tokens in all" in running.run("%ctx why is the label red?").printed  # a question


def test_names_that_nothing_has(talking):
    """One line that says what is near; a source cannot be pinned; a word too many makes a question."""
    running, _server = talking
    for line, hint in [
        ("%ctx mute labels", "Did you mean label"),
        ("%ctx level lable 1", "Did you mean label"),
        ("%ctx unmute sales", "%ctx mutes"),
        ("%ctx pin git", "%ctx pin df"),
    ]:
        (error,) = running.run(line).error
        assert hint in error
    assert running.run("%ctx mutes").printed == "Nothing is muted.\n"
    assert "tokens in all" in running.run("%ctx level of detail in sales?").printed


def test_tab_and_help(talking):
    """Verbs first, then what they take; the help tells all of them."""
    running, _server = talking
    running.run("%ctx mute sales git")
    complete = (
        "ip = get_ipython()\n"
        "from IPython.core.completer import provisionalcompleter\n"
        "with provisionalcompleter():\n"
        "    print([c.text for c in ip.Completer.completions({line!r}, {end})])"
    )
    for line, found in [
        ("%ctx un", "['unmute', 'unpin']"),
        ("%ctx mute la", "['label']"),
        ("%ctx unmute ", "['git', 'sales']"),
        ("%ctx level label d", "['default']"),
    ]:
        assert running.run(complete.format(line=line, end=len(line))).printed.strip() == found
    assert (
        "%ctx mute X"
        in running.run(
            "print(get_ipython().find_line_magic('ctx').__self__ and "
            "get_ipython().magics_manager.magics['line']['ctx'].getdoc())"
        ).printed
    )
