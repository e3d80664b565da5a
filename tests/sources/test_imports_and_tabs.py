"""How files hang together, and what is open."""

import asyncio
import json
from pathlib import Path

import pytest

from askance.index.project import Project
from askance.rank import FLOOR, rank, table
from askance.records import Ask
from askance.sources.base import StaticState
from askance.sources.imports import MOST, ImportsSource
from askance.sources.tabs import TabsSource

FILES = {
    "app.py": "import shop\nfrom shop import money\n",
    "shop/__init__.py": "",
    "shop/money.py": "from . import rates\n",
    "shop/rates.py": "import json\n",
    "far.py": "import app\n",
    "alone.py": "import os\n",
}


@pytest.fixture
def project(tmp_path):
    """A small project."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    made = Project(tmp_path, watch=False)
    yield made
    made.close()


def collect(source, question="?", mentions=()):
    return asyncio.run(source.collect(Ask(question=question, model="m", mentions=mentions)))


def test_what_is_around_an_open_file(project):
    """The open file first, then what lies one and two imports away, each with both directions in words."""
    found = collect(ImportsSource(project, StaticState(open_files=["shop/money.py", "alone.py", "gone.py"])))
    assert {candidate.name: candidate.signals["near"] for candidate in found} == {
        "shop/money.py": 1.0,
        "app.py": 0.5,
        "shop/rates.py": 0.5,
        "far.py": pytest.approx(1 / 3),
        "shop/__init__.py": pytest.approx(1 / 3),
    }
    texts = {candidate.name: candidate.render("outline") for candidate in found}
    assert texts["shop/rates.py"] == "shop/rates.py is imported by shop/money.py"
    assert texts["app.py"].startswith("app.py imports shop/")
    assert texts["app.py"].endswith("; is imported by far.py")


def test_mentioned_and_recent_files_count(project):
    """Either brings its neighbours; nothing at hand brings nothing."""
    assert (
        next(c.name for c in collect(ImportsSource(project, StaticState()), mentions=("money.py",))) == "shop/money.py"
    )
    assert next(c.name for c in collect(ImportsSource(project, StaticState(recent_files=["far.py"])))) == "far.py"
    assert collect(ImportsSource(project, StaticState())) == []
    assert collect(ImportsSource(project, StaticState(open_files=["alone.py"]))) == []


def test_only_new_edges_make_an_answer_stale(project, tmp_path):
    """Other edits do not; an import that goes does, and a file without any is gone."""
    source = ImportsSource(project, StaticState(open_files=["shop/rates.py"]))
    (rates, *_) = collect(source)
    assert source.fingerprint("shop/rates.py") == rates.fingerprint()
    (tmp_path / "shop" / "rates.py").write_text("import json\n\n\ndef rate(): ...\n")
    project.refresh()
    assert source.fingerprint("shop/rates.py") == rates.fingerprint()
    (tmp_path / "shop" / "money.py").write_text("")
    project.refresh()
    assert source.fingerprint("shop/rates.py") is None


class Star:
    """A project in which one file is imported by many."""

    paths_ = tuple(f"user{number:03}.py" for number in range(200))

    def refresh(self):
        """Nothing to do."""

    def paths(self):
        return ["hub.py", *self.paths_]

    def allows(self, path):
        return path in self.paths()

    def edges(self, path):
        return ((), self.paths_) if path == "hub.py" else (("hub.py",), ())

    def neighbours(self, paths, depth):
        return dict.fromkeys(self.paths_, 1)


def test_a_file_that_many_import_stays_small():
    """So many candidates, so many names, and the number of the rest."""
    found = collect(ImportsSource(Star(), StaticState(open_files=["hub.py"])))
    assert len(found) == MOST
    assert found[0].render("outline").endswith(", user019.py and 180 more")


OF_TABS = Ask(question="which tabs are open?", model="m")


def test_tabs_say_what_is_active_open_and_recent():
    """The active one first; nothing without a front end."""
    state = StaticState(open_files=["b.py", "n.ipynb", "a.py"], recent_files=["b.py", "c.py"])
    (found,) = asyncio.run(TabsSource(state).collect(OF_TABS))
    assert found.render("outline") == "active tab: b.py\nother open tabs: a.py, n.ipynb\nlately worked on: c.py"
    assert TabsSource(state).fingerprint("tabs") == found.fingerprint()
    assert asyncio.run(TabsSource(StaticState()).collect(OF_TABS)) == []
    assert TabsSource(StaticState()).fingerprint("tabs") is None


def test_what_was_told_of_tabs_counts():
    """Another tab in front is news to an answer that was told which one is; the order of the others is none."""
    prints = [
        TabsSource(StaticState(open_files=opened)).fingerprint("tabs")
        for opened in (["a", "b", "c"], ["a", "c", "b"], ["c", "a", "b"], ["a", "b"], ["a", "b", "c", "d"])
    ]
    assert prints[0] == prints[1]
    assert len(set(prints)) == 4


def test_tabs_are_only_offered_where_the_question_speaks_of_them():
    """Otherwise looking around would make every answer stale."""
    source = TabsSource(StaticState(open_files=["shop/basket.py"]))

    def scores(**ask):
        ask = Ask(model="m", **ask)
        return [one.score for one in rank(asyncio.run(source.collect(ask)), ask)]

    assert scores(question="what does basket do?") == []
    (asked,) = scores(question="which tabs are open?")
    (mentioned,) = scores(question="why?", mentions=("tabs",))
    (pinned,) = scores(question="why?", pins=frozenset(["tabs:tabs"]))
    assert min(asked, mentioned, pinned) > FLOOR


def test_the_weights_of_every_source_can_be_read():
    """Each table is complete and says where it is from."""
    folder = Path(__file__).parents[2] / "ipython_ext" / "askance" / "weights"
    for file in folder.glob("*.json"):
        assert set(json.loads(file.read_text())) >= {"about", "bias", "weights"}
        assert table(file.stem, "default").weights["mention"] > 0
