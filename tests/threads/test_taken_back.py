"""What may not be told any more is not told again with what was said before, nor given again from what is kept."""

import json
from dataclasses import replace

import pytest
from scripted_server import Reply, ScriptedServer

from askance.assemble import build
from askance.records import Cell, Wishes
from askance.settings import Demands, Settings
from askance.sources.base import StaticState

SETTINGS = Settings(model="openai:m", disk_seconds=0.0)


class Talk:
    """One conversation about a small project and a few variables."""

    def __init__(self, folder, server):
        self.root, self.server = folder / "project", server
        self.root.mkdir()
        (self.root / "plans.py").write_text("def merger():\n    return 'plan-text'\n")
        (self.root / "shop.py").write_text("def shop():\n    return 'shop-text'\n")
        self.environ = {
            "OPENAI_API_KEY": "sk-of-a-test", "OPENAI_BASE_URL": server.base_url,
            "HOME": str(folder), "ASKANCE_CACHE_DIR": str(folder / "cache"),
        }  # fmt: skip
        namespace = {"merger": {"price": 7}, "shop": [1, 2]}
        self.state = StaticState(namespace, [Cell(id="c", number=1, source="merger = load('merger-cell')")])
        self.session = self.made(SETTINGS)

    def made(self, settings):
        """Another session of the same kernel."""
        return build(settings, self.state, self.root, environ=self.environ, patience=None)

    def change(self, **settings):
        """The user changes a setting."""
        old, self.session = self.session, self.made(replace(SETTINGS, **settings))
        self.session.transcript = old.transcript
        old.loop.run(old.close())
        old.loop.close()

    def ask(self, question, **options):
        """All that the server got, "" if the answer was known."""
        before = len(self.server.asked)
        self.session.ask(question, **options)
        return "".join(json.dumps(json.loads(one.body)["messages"]) for one in self.server.asked[before:])

    def close(self):
        self.session.loop.run(self.session.close())
        self.session.loop.close()


@pytest.fixture
def talk(tmp_path):
    """After a first question, which told of all."""
    with ScriptedServer([Reply(["Fine."])]) as server:
        made = Talk(tmp_path, server)
        first = made.ask("what are @merger, @shop, @plans.py and @shop.py? @cell[1]")
        assert all(word in first for word in ("plan-text", "shop-text", "merger-cell", "price", "merger: dict"))
        yield made
        made.close()


def test_nothing_is_told_twice_while_nothing_changes(talk):
    """The control: a follow-up goes on, word for word."""
    assert talk.ask("and now?").count("plan-text") == 1


@pytest.mark.parametrize(
    "settings",
    [
        {"never": ("plans.py",)},
        {"demanded": Demands(never=("plans.*",))},
        {"levels": (("plans.py", 1),)},
        {"levels": (("files", 0),)},
        {"demanded": Demands(levels=(("plans.py", 0),))},
        {"privacy": 2},
    ],
)
def test_another_setting_takes_back_what_was_told(talk, settings):
    """On the next question; the words that were said stay."""
    talk.change(**settings)
    followed = talk.ask("and now, what does the plan do?")
    assert "plan-text" not in followed
    assert "Fine." in followed


@pytest.mark.parametrize("kind", [".gitignore", ".askignore"])
def test_an_ignore_file_takes_back_what_was_told(talk, kind):
    """Its name too: it is not called changed or gone."""
    (talk.root / kind).write_text("plans.py\n")
    followed = talk.ask("and now?")
    assert "plan-text" not in followed
    assert followed.count("plans.py") == 1  # in the user's own words
    assert "shop" in followed


def test_a_wish_takes_back_what_was_told(talk):
    """A mute, or a level."""
    talk.session.wishes = Wishes(mutes=frozenset({"variables:merger"}))
    followed = talk.ask("and now?")
    assert "merger: dict" not in followed
    assert "Changed or gone" not in followed
    talk.session.wishes = Wishes(levels=(("cells", 0),))
    assert "merger-cell" not in talk.ask("and then?")


def test_an_answer_that_was_told_more_is_not_given_again(talk):
    """Nor one that was told less."""
    question = "what is the merger, all in all?"
    talk.session.settings = replace(SETTINGS)
    assert talk.ask(question, thread="a")
    assert not talk.ask(question, thread="b")
    for number, settings in enumerate(({"never": ("shop",)}, {"levels": (("shop", 0),)}, {"privacy": 1})):
        talk.change(**settings)
        assert talk.ask(question, thread=f"c{number}")
    talk.session.wishes = Wishes(mutes=frozenset({"variables:shop"}))
    assert talk.ask(question, thread="d")


def test_what_is_kept_names_nothing_that_never_leaves(talk, tmp_path):
    """Neither in the key nor in the ledger, where it was not told of."""
    talk.change(never=("zebra_plans", "shop.py"), disk_seconds=None)
    talk.session.wishes = Wishes(mutes=frozenset({"variables:shop"}))
    talk.ask("what is the merger, and how is the shop?", thread="new")
    talk.session.loop.run(talk.session.recall.cache.flush())
    (entry,) = [one.entry for one in talk.session.recall.given.all() if "how is the shop" in one.entry.question]
    kept = json.dumps(entry.ledger.to_dict())
    assert "variables:merger" in kept
    assert "variables:shop" not in kept
    assert "shop.py" not in kept
    files = [file.read_bytes() for file in (tmp_path / "cache" / "answers").rglob("*") if file.is_file()]
    assert any(b"how is the shop" in data for data in files)
    assert not [data for data in files if b"zebra_plans" in data]
