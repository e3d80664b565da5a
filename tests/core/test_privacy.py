"""Levels of things, what never leaves, who may say so, and how these settings travel."""

import json

import pytest

from askance.errors import ConfigError
from askance.options import make_ask
from askance.providers.registry import Limits
from askance.records import Ask, Candidate, Privacy, Wishes
from askance.settings import Demands, Settings, load
from askance.testing import ReplayProvider, session_for_tests


def project(tmp_path, lines):
    """A project whose pyproject.toml sets something of ours."""
    (tmp_path / "pyproject.toml").write_text(f"[tool.askance]\n{lines}\n")
    return tmp_path


def made(settings, wishes=None, **options):
    """An ask with these settings."""
    limits = Limits(window=10_000, budget=8000, context=4000, max_output=500)
    return make_ask("why?", options, settings, "local", lambda _model: limits, wishes)


@pytest.mark.parametrize(
    ("source", "name", "usual", "level"),
    [("variables", "df", None, 2), ("error", "error", None, 2), ("files", "a.py", None, 3), ("files", "a.csv", 2, 2)],
)
def test_what_is_usual(source, name, usual, level):
    """Statistics of values, and whole code; a question's own level holds for all, up and down."""
    assert Privacy().of(source, name, usual) == level
    assert [Privacy(most=most).of(source, name, usual) for most in range(4)] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("key", "source", "name"),
    [
        ("variables", "variables", "customers"),
        ("cust*", "variables", "customers"),
        ("customers", "variables", "customers"),
        ("variables:customers", "variables", "customers"),
        ("data/", "files", "data/deep/a.csv"),
        ("data/", "files", "old/data/a.csv"),
        ("*.csv", "files", "data/a.csv"),
        ("a.csv", "files", "data/a.csv"),
        ("cell[3]", "cells", "cell[3]"),
    ],
)
def test_what_a_key_means(key, source, name):
    """A source, a pattern, a folder, a name at the end of a path, an id: for levels and for what never leaves."""
    assert Privacy(levels=((key, 0),)).of(source, name) == 0
    assert Privacy(never=(key,)).forbids(source, name)
    assert not Privacy(never=(key,)).forbids("others", "something")
    assert Privacy(levels=((key, 0),)).of("others", "something") == 3


@pytest.mark.parametrize("name", ["mydata/a.csv", "data.csv", "adata.csv"])
def test_a_folder_is_no_beginning_of_a_name(name):
    """Nor an end of one."""
    assert not Privacy(never=("data/", "a.csv/")).forbids("files", name)


def test_the_closest_key_decides():
    """Id before name before pattern before source; of two that are equally close the lower one."""
    levels = (("variables", 3), ("c*", 2), ("*s", 1), ("customers", 3), ("variables:costs", 0))
    found = {name: Privacy(levels=levels).of("variables", name) for name in ("x", "city", "cs", "customers", "costs")}
    assert found == {"x": 3, "city": 2, "cs": 1, "customers": 3, "costs": 0}


def test_a_question_does_not_rise_above_what_was_set():
    """It caps all else, and lowers all."""
    privacy = Privacy(most=3, levels=(("df", 1),))
    assert (privacy.of("variables", "df"), privacy.of("variables", "other")) == (1, 3)
    assert Privacy(most=0, levels=(("df", 3),)).of("variables", "df") == 0


@pytest.mark.parametrize("level", range(4))
def test_a_project_lowers_and_never_raises(level):
    """Against what is usual; whatever the user says as closely wins over it."""
    demanded = (("variables", level), ("a.py", level))
    assert Privacy(demanded=demanded).of("variables", "df") == min(2, level)
    assert Privacy(demanded=demanded).of("files", "a.py") == min(3, level)
    assert Privacy(demanded=demanded, most=3).of("variables", "df") == level
    assert Privacy(demanded=demanded, levels=(("variables", 3),)).of("variables", "df") == 3
    assert Privacy(demanded=demanded, levels=(("files", 3),)).of("files", "a.py") == level  # closer than the user's


def test_the_users_own_settings(tmp_path):
    """From the environment as one text, from pyproject.toml as tables."""
    environ = {"ASKANCE_LEVELS": "files=1, customers=0", "ASKANCE_NEVER": "secret_df, *.parquet,,"}
    settings = load(environ, None)
    assert settings.levels == (("customers", 0), ("files", 1))
    assert settings.never == settings.forbidden == ("secret_df", "*.parquet")
    root = project(tmp_path, 'privacy = 1\nnever = ["plans"]\nlevels = {files = 1, "a=b" = 0}')
    cloned = load(environ, root)
    assert cloned.demanded == Demands(levels=(("a=b", 0), ("files", 1)), never=("plans",))
    assert (cloned.levels, cloned.never) == (settings.levels, settings.never)
    assert cloned.forbidden == ("secret_df", "*.parquet", "plans")
    assert cloned.privacy == 1


def test_a_project_cannot_ask_for_samples(tmp_path):
    """Neither by a level of its own, nor for all; the user can."""
    root = project(tmp_path, "privacy = 3\nlevels = {variables = 3, df = 3}")
    assert made(load({}, root)).privacy.of("variables", "df") == 2
    assert made(load({"ASKANCE_PRIVACY": "3"}, root)).privacy.of("variables", "df") == 3
    assert made(load({"ASKANCE_LEVELS": "df=3"}, root)).privacy.of("variables", "df") == 3


def test_a_project_cannot_take_back_what_the_user_forbids(tmp_path):
    """What it says is added, and an exception is no setting at all, whoever makes it."""
    root = project(tmp_path, 'never = ["b"]')
    for forbidden in ("a", "b"):
        assert made(load({"ASKANCE_NEVER": "a"}, root)).privacy.forbids("variables", forbidden)
    with pytest.raises(ConfigError, match="without !"):
        load({"ASKANCE_NEVER": "a"}, project(tmp_path, 'never = ["!a"]'))


@pytest.mark.parametrize("wrong", ["files=4", "files=-1", "files", "files=many"])
def test_wrong_levels_are_one_line(wrong):
    """It says what they are like."""
    with pytest.raises(ConfigError, match="levels from 0 to 3"):
        load({"ASKANCE_LEVELS": wrong}, None)


def test_nobody_sets_what_a_project_demands():
    """It is no setting."""
    assert load({"ASKANCE_DEMANDED": "x"}, None) == Settings()


def test_wishes_come_before_settings():
    """A level for the same name wins; pins and mutes come on top of an ask's own."""
    settings = Settings(levels=(("df", 1), ("files", 1)))
    wishes = Wishes(levels=(("df", 3),), pins=frozenset({"files:a.py"}), mutes=frozenset({"git"}))
    ask = made(settings, wishes, mutes=["variables:x"])
    assert (ask.privacy.of("variables", "df"), ask.privacy.of("files", "b.py")) == (3, 1)
    assert (ask.pins, ask.mutes) == ({"files:a.py"}, {"git", "variables:x"})


def test_what_is_withheld():
    """What is muted, with its source or alone, and what never leaves."""
    ask = Ask(question="?", model="m", mutes=frozenset({"git", "files:a.py"}), privacy=Privacy(never=("df",)))
    withheld = [("git", "branch"), ("files", "a.py"), ("variables", "df")]
    assert [ask.withholds(*one) for one in withheld] == [True] * 3
    assert not any(ask.withholds(*one) for one in [("files", "b.py"), ("imports", "a.py"), ("variables", "x")])


def test_rules_have_names_that_tell_nothing():
    """Equal for equal rules, different for different ones, "" for none; no pattern stands in it."""
    some = Ask(question="?", model="m", privacy=Privacy(never=("merger_plans",), levels=(("df", 0),)))
    others = [
        Ask(question="?", model="m", privacy=Privacy(most=1)),
        Ask(question="?", model="m", privacy=Privacy(never=("merger_plans",))),
        Ask(question="?", model="m", privacy=Privacy(demanded=(("df", 0),))),
        Ask(question="?", model="m", mutes=frozenset({"variables:merger_plans"})),
    ]
    assert "merger" not in json.dumps([some.rules, some.privacy.text, *(other.rules for other in others)])
    assert len({some.rules, *(other.rules for other in others)}) == 5
    assert others[0].rules == ""
    assert some.privacy.text != Privacy(most=1).text != Privacy().text


class Foreign:
    """A source of another package, which knows nothing of levels."""

    name = "tables"

    async def collect(self, _ask):
        return [
            Candidate(source="tables", name=name, render=lambda _: "rows of it", fingerprint=lambda: "1")
            for name in ("orders", "plans")
        ]

    def fingerprint(self, _name):
        return "1"


def test_a_source_that_knows_no_levels_tells_names_alone():
    """Where its level was lowered; what never leaves is not there at all, and a mention of it is a note."""
    provider = ReplayProvider(["An answer."])
    settings = Settings(levels=(("orders", 2),), never=("plans",))
    session = session_for_tests(provider=provider, sources=[Foreign()], settings=settings)
    ledger = session.ask("what is in @orders and @plans?").ledger
    assert [(item.id, item.text, item.privacy) for item in ledger.items] == [("tables:orders", "orders", 2)]
    assert [note.message for note in ledger.notes] == ["@plans stays here: never says so (%config Askance.never)"]
    assert "rows of it" not in provider.requests[0].prompt.messages[0].content
    session.settings = Settings()
    assert "rows of it" in session.preview("what is in @orders?").items[0].text
    session.loop.close()
