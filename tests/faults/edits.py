"""A small working world, and edits of it at random: variables, values, files, branches, packages, cells.

Enters: choices (from hypothesis, or a seeded stream). Leaves: what an answer saw, what was edited, and whether the answer
came out of the cache again. Whether it may have is judged by texts rendered anew, not by fingerprints.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from askance.index.project import Project
from askance.records import Ask, Cell, Ledger
from askance.session import Session
from askance.sources.base import Source, StaticState
from askance.sources.cells import CellsSource
from askance.sources.environment import EnvironmentSource
from askance.sources.error import ErrorSource
from askance.sources.files import FilesSource
from askance.sources.git import GitSource
from askance.sources.imports import ImportsSource
from askance.sources.packages import PackagesSource
from askance.sources.tabs import TabsSource
from askance.sources.variables import VariablesSource
from askance.testing import session_for_tests

Draw = Callable[[Sequence[Any]], Any]
"""Chooses one of several."""

IDENTITY = {f"GIT_{who}_{what}": "t@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
QUESTIONS = (
    "why is the revenue negative?",
    "plot the prices by city",
    "what does shop/basket.py do?",
    "how are the orders joined with the customers?",
    "what has changed since the last commit?",
    "which tabs are open?",
    "why does @orders have missing values?",
    "@shop/money.py round the totals",
    "write a function that loads a table",
)
_CELL_NUMBER = re.compile(r"cell\[\d+\]")


@dataclass
class Edit:
    """What was edited.

    Attributes:
        kind: which edit, in words.
        ids: the items whose content it changed by itself; "git:" and the like stand for all of a source.
        of_value: whether it changed a value, which counts whatever is told of it.
        nothing: whether it changed nothing at all.
    """

    kind: str
    ids: frozenset[str] = frozenset()
    of_value: bool = False
    nothing: bool = False


@dataclass
class Outcome:
    """One edit between two asks.

    Attributes:
        edit: what was done.
        cached: whether the second answer came out of the cache.
        told: what the first answer was told and is now told otherwise, or was edited.
        unseen: whether nothing that the answer saw was edited, or told otherwise now.
    """

    edit: Edit
    cached: bool
    told: list[str]
    unseen: bool

    @property
    def stale(self) -> bool:
        """Whether an answer was given that no longer holds."""
        return self.cached and bool(self.told)


class State(StaticState):
    """A kernel's state that edits change."""

    def __init__(self) -> None:
        self.names = namespace()
        self.ran = [Cell(id=f"c{number}", number=number, source=source) for number, source in enumerate(CELLS, 1)]
        self.tabs = ["analysis.ipynb", "shop/basket.py", "shop/money.py"]
        super().__init__(self.names, self.ran, None, self.tabs, ["shop/basket.py", "notes.md"])


CELLS = (
    "import alpha, beta\nimport numpy as np",
    "orders = alpha.load('orders')\ncustomers = alpha.load('customers')",
    "revenue = orders.price.sum() - costs['fixed']",
    "by_city = orders.groupby('city').price.mean()",
    "prices = np.array(orders.price)\nrates = [0.1, 0.2]",
    "def load_table(path, sep=','):\n    return alpha.load(path, sep)",
    "for number in range(3):\n    print(number)",
    "old = orders.head()",
)


def namespace() -> dict[str, object]:
    """Some forty variables of all kinds."""
    chance = np.random.default_rng(1)
    rows = 400
    orders = pd.DataFrame({
        "price": chance.random(rows).round(2), "city": chance.choice(["Bonn", "Kiel", None], rows), "n": chance.integers(0, 9, rows),
        "day": pd.date_range("2024", periods=rows), "kind": pd.Categorical(chance.choice(["a", "b"], rows)),
    })  # fmt: skip
    found: dict[str, object] = {
        "orders": orders,
        "customers": pd.DataFrame({"id": range(9), "name": [f"Ann {number}" for number in range(9)]}),
        "prices": chance.random((2000, 5)),
        "revenue": -12.5,
        "by_city": orders.groupby("city").price.mean(),
        "rates": [0.1, 0.2],
        "costs": {"fixed": 100, "rent": [1, {"per": "month"}]},
        "load_table": _function("def load_table(path, sep=','):\n    return alpha.load(path, sep)"),
        "title": "Revenue by city",
        "old": orders.head(),
    }
    for number in range(30):
        kind = (
            number,
            f"text {number}",
            [number] * number,
            {"k": number},
            np.arange(number + 20.0),
            {number, number + 1},
        )
        found[f"{('step', 'label', 'queue', 'options', 'signal', 'seen')[number % 6]}_{number}"] = kind[number % 6]
    return found


def _function(source: str) -> object:
    space: dict[str, object] = {}
    exec(source, space)
    return next(value for name, value in space.items() if not name.startswith("__"))


def make_project(root: Path, environ: Mapping[str, str]) -> None:
    """Some thirty files that import each other, on main, and another branch."""
    files = {
        "shop/__init__.py": "", "shop/basket.py": "from . import money\n\n\ndef total(basket):\n    return money.rounded(sum(basket))\n",
        "shop/money.py": "import math\n\n\ndef rounded(amount):\n    return math.floor(amount)\n",
        "shop/customers.py": "from .money import rounded\n\n\ndef join(orders, customers):\n    return orders\n",
        "app.py": "import shop.basket\n\nprint(shop.basket.total([1]))\n", "notes.md": "# Revenue\n\nIt is negative in May.\n",
        "prices.csv": "city,price\nBonn,1\nKiel,2\n", "requirements.txt": "alpha\nbeta>=1\n", "analysis.ipynb": "{}",
    }  # fmt: skip
    for number in range(22):
        files[f"lib/part{number}.py"] = (
            f"from . import part{number // 2}\n\n\ndef run{number}(x):\n    return x + {number}\n"
        )
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    for command in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "All of it"], ["branch", "dev"]):
        subprocess.run(["git", *command], cwd=root, env=environ, check=True)


class World:
    """A project, a kernel's state, installed packages, and sessions that see them.

    Args:
        folder: an empty folder.
        template: a project as `make_project` makes it; copied.
    """

    def __init__(self, folder: Path, template: Path) -> None:
        self.root, self.site = folder / "project", folder / "site"
        shutil.copytree(template, self.root)
        self.environ = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(folder), **IDENTITY}
        self.state = State()
        for name, version in (("alpha", "1.0"), ("beta", "2.1"), ("gamma", "0.3")):
            (self.site / name).mkdir(parents=True)
            self.install(name, "", version)

    def install(self, name: str, old: str, new: str) -> None:
        """Another version of a package."""
        if old:
            (self.site / f"{name}-{old}.dist-info").rename(self.site / f"{name}-{new}.dist-info")
        else:
            (self.site / f"{name}-{new}.dist-info").mkdir()

    def git(self, *command: str) -> None:
        """Run git in the project."""
        subprocess.run(["git", *command], cwd=self.root, env=self.environ, check=True, capture_output=True)

    def sources(self, project: Project) -> list[Source]:
        """All sources, as a session in a kernel has them."""
        modules = dict.fromkeys(("alpha", "beta", "gamma"))
        return [
            VariablesSource(self.state),
            CellsSource(self.state),
            ErrorSource(self.state, str(self.root)),
            FilesSource(project, self.state),
            ImportsSource(project, self.state),
            EnvironmentSource({"Python": "3.11"}, self.environ, self.root),
            PackagesSource(self.state, modules, [str(self.site)], (), self.root),
            GitSource(self.root, self.environ, changes=project.changes, subjects=project.subjects),
            TabsSource(self.state),
        ]

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session that watches the project."""
        project = Project(self.root, environ=self.environ)
        project.refresh()
        session = session_for_tests("The answer.", sources=self.sources(project))
        try:
            yield session
        finally:
            session.loop.run(session.close())
            project.close()

    def told(self, ask: Ask, ledger: Ledger) -> dict[str, str | None]:
        """What would now be told of the items of a ledger, at their levels; None of one that is not offered.

        By sources of its own, which remember nothing.
        """
        project = Project(self.root, environ=self.environ, watch=False)
        offered = {one.id: one for source in self.sources(project) for one in asyncio.run(source.collect(ask))}
        texts = {
            item.id: _CELL_NUMBER.sub("cell", offered[item.id].render(item.level)) if item.id in offered else None
            for item in ledger.sent
        }
        project.close()
        return texts


@dataclass
class Trial:
    """One edit between two asks."""

    world: World
    draw: Draw
    undo: list[Callable[[], None]] = field(default_factory=list)

    def run(self) -> Outcome:
        """Ask, ask again, edit, ask."""
        question, privacy = self.draw(QUESTIONS), self.draw((2, 2, 3))
        with self.world.session() as session:
            ask = session.make_ask(question, privacy=privacy)
            first = session.ask(question, privacy=privacy, thread="first")
            session.loop.run(asyncio.sleep(0.02))  # the answer is kept off its path
            again = session.ask(question, privacy=privacy, thread="again")
            assert again.cached, "nothing was edited, and it is asked anew"
            before = self.world.told(ask, first.ledger)
            edit = self.edit()
            last = session.ask(question, privacy=privacy, thread="last")
            after = self.world.told(ask, first.ledger)
        levels = {item.id: item.level for item in first.ledger.sent}
        told = [id_ for id_ in before if after[id_] is not None and before[id_] != after[id_]]
        touched = [id_ for id_ in levels if any(id_ == one or id_.startswith(one) for one in edit.ids if one)]
        if edit.of_value:
            told += [id_ for id_ in touched if levels[id_] != "name"]
        return Outcome(edit, last.cached is not None, told, not told and (edit.nothing or not touched))

    def edit(self) -> Edit:
        """One edit; now and then it is undone again."""
        edit: Edit = getattr(self, self.draw(EDITS))()
        if self.draw((False,) * 7 + (True,)) and self.undo:
            for undo in reversed(self.undo):
                undo()
            return Edit(f"{edit.kind}, undone", edit.ids, nothing=True)
        return edit

    def _name(self, *kinds: type) -> str:
        names = self.world.state.names
        return str(self.draw([name for name, value in names.items() if not kinds or isinstance(value, kinds)]))

    def _set(self, name: str, value: object) -> None:
        names = self.world.state.names
        if name in names:
            old = names[name]
            self.undo.append(lambda: names.__setitem__(name, old))
        else:
            self.undo.append(lambda: names.pop(name))
        names[name] = value

    def rebind(self) -> Edit:
        """Another value under a name."""
        name = self._name()
        old, new = self.world.state.names[name], self.draw([31_337, "something else", [3, 1], {"z": 0}])
        self._set(name, new)
        return Edit(f"rebind {name}", frozenset([f"variables:{name}"]), of_value=repr(old) != repr(new))

    def rebind_equal(self) -> Edit:
        """An equal value, made anew, as when a cell runs again."""
        name = self._name()
        fresh = namespace()[name]
        self._set(name, fresh)
        return Edit(f"run {name} again", frozenset([f"variables:{name}"]), nothing=True)

    def delete_variable(self) -> Edit:
        """A name is gone."""
        name = self._name()
        names = self.world.state.names
        everything = dict(names)
        del names[name]
        self.undo.append(lambda: (names.clear(), names.update(everything)))  # in the same order
        return Edit(f"delete {name}", frozenset([f"variables:{name}"]), of_value=True)

    def add_variable(self) -> Edit:
        """A new name."""
        self._set(self.draw(("extra", "temporary", "fresh_frame")), pd.DataFrame({"q": [1, 2]}))
        return Edit("add a variable")

    def change_cell_of_frame(self) -> Edit:
        """One value of a frame."""
        name = self._name(pd.DataFrame)
        frame = self.world.state.names[name].copy()
        row, column = self.draw(range(len(frame))), self.draw(range(frame.shape[1]))
        old = frame.iloc[row, column]
        others = [value for value in frame.iloc[:, column] if pd.notna(value) and value != old]
        if not others:
            return Edit("nothing to change", nothing=True)
        frame.iloc[row, column] = self.draw(others[:5])
        self._set(name, frame)
        return Edit(f"one value of {name}", frozenset([f"variables:{name}"]), of_value=True)

    def change_in_place(self) -> Edit:
        """One value of an array, a list or a dictionary, in the object itself."""
        name = self._name(np.ndarray, list, dict)
        value: Any = self.world.state.names[name]
        if not len(value):
            return Edit("nothing to change", nothing=True)
        place: Any = self.draw(list(value) if isinstance(value, dict) else range(len(value)))
        old = value[place].copy() if isinstance(value[place], np.ndarray) else value[place]
        self.undo.append(lambda: value.__setitem__(place, old))
        value[place] = old + 1 if not isinstance(old, list | dict | str) else [old, "more"]
        return Edit(f"one value in {name}", frozenset([f"variables:{name}"]), of_value=True)

    def change_deep_inside(self) -> Edit:
        """A value in a list in a dictionary in a dictionary."""
        costs: Any = self.world.state.names["costs"]
        old = costs["rent"][1]["per"]
        self.undo.append(lambda: costs["rent"][1].__setitem__("per", old))
        costs["rent"][1]["per"] = "year"
        return Edit("deep inside costs", frozenset(["variables:costs"]), of_value=True)

    def reshape_frame(self) -> Edit:
        """A column more, less, renamed or of another type; rows or columns in another order."""
        name = self._name(pd.DataFrame)
        frame = self.world.state.names[name]
        column = self.draw(list(frame.columns))
        how = self.draw(("add", "drop", "rename", "dtype", "rows", "columns", "row"))
        new = {
            "add": lambda: frame.assign(another=1),
            "drop": lambda: frame.drop(columns=column),
            "rename": lambda: frame.rename(columns={column: f"{column}_2"}),
            "dtype": lambda: frame.astype({column: object}),
            "rows": lambda: frame.iloc[::-1],
            "columns": lambda: frame[[*frame.columns[1:], frame.columns[0]]],
            "row": lambda: frame.iloc[:-1],
        }[how]()
        self._set(name, new)
        changed = how != "dtype" or frame[column].dtype.kind != "O"
        return Edit(f"{how} in {name}", frozenset([f"variables:{name}"]), of_value=changed, nothing=not changed)

    def _file(self) -> Path:
        root = self.world.root
        return Path(
            self.draw(sorted(path for path in root.rglob("*.*") if path.is_file() and ".git" not in path.parts))
        )

    def _write(self, file: Path, text: str) -> None:
        old = file.read_text() if file.exists() else None
        self.undo.append(lambda: file.unlink() if old is None else file.write_text(old))  # type: ignore[func-returns-value]
        file.write_text(text)

    def _of_file(self, kind: str, file: Path) -> Edit:
        name = file.relative_to(self.world.root).as_posix()
        return Edit(f"{kind} {name}", frozenset([f"files:{name}", "git:changes", "imports:"]))

    def edit_file(self) -> Edit:
        """A line more."""
        file = self._file()
        self._write(
            file,
            file.read_text() + self.draw(("\n# a remark\n", "\n\ndef another():\n    return 1\n", "import shop\n")),
        )
        return self._of_file("edit", file)

    def touch_file(self) -> Edit:
        """The same text, written anew."""
        file = self._file()
        file.write_text(file.read_text())
        os.utime(file, (1, 1))
        return replace(self._of_file("touch", file), nothing=True)

    def add_file(self) -> Edit:
        """A new one."""
        file = self.world.root / self.draw(("lib/new.py", "todo.md", "shop/discount.py"))
        self._write(file, self.draw(("x = 1\n", "from shop import money\n", "# Revenue of the orders by city\n")))
        return self._of_file("add", file)

    def delete_file(self) -> Edit:
        """One less."""
        file = self._file()
        text = file.read_text()
        self.undo.append(lambda: file.write_text(text))  # type: ignore[arg-type]
        file.unlink()
        return self._of_file("delete", file)

    def rename_file(self) -> Edit:
        """Under another name."""
        file = self._file()
        new = file.with_name(f"renamed_{file.name}")
        self.undo.append(lambda: new.rename(file))  # type: ignore[arg-type]
        file.rename(new)
        return self._of_file("rename", file)

    def switch_branch(self) -> Edit:
        """The same files on another branch."""
        self.world.git("checkout", "-q", "dev")
        self.undo.append(lambda: self.world.git("checkout", "-q", "main"))
        return Edit("switch the branch", frozenset(["git:"]))

    def commit(self) -> Edit:
        """What is there, or nothing."""
        self.world.git("add", ".")
        self.world.git("commit", "-q", "--allow-empty", "-m", "More of it")
        self.undo.append(lambda: self.world.git("reset", "-q", "--soft", "HEAD~1"))
        return Edit("commit", frozenset(["git:changes", "git:commits"]))

    def other_version(self) -> Edit:
        """Of a package that is imported, or of one that is not."""
        name, old = self.draw((("alpha", "1.0"), ("beta", "2.1"), ("gamma", "0.3")))
        self.world.install(name, old, "9.9")
        self.undo.append(lambda: self.world.install(name, "9.9", old))
        return Edit(f"{name} 9.9", frozenset([] if name == "gamma" else ["packages:"]))

    def run_cell_again(self) -> Edit:
        """Unchanged; it has another number then, and is the last."""
        ran = self.world.state.ran
        place = self.draw(range(len(ran)))
        ran.append(replace(ran.pop(place), number=ran[-1].number + 1))
        return Edit("run a cell again", frozenset(["cells:"]), nothing=True)

    def edit_cell(self) -> Edit:
        """And run it."""
        ran = self.world.state.ran
        place = self.draw(range(len(ran)))
        old = ran[place]
        self.undo.append(lambda: ran.__setitem__(place, old))
        ran[place] = replace(old, source=old.source + "\n# a remark", number=ran[-1].number + 1)
        return Edit(f"edit cell {old.id}", frozenset([f"cells:{old.id}"]), of_value=True)

    def new_cell(self) -> Edit:
        """One more."""
        ran = self.world.state.ran
        ran.append(Cell(id="new", number=ran[-1].number + 1, source="print('hello')"))
        self.undo.append(ran.pop)  # type: ignore[arg-type]
        return Edit("a new cell")

    def open_tab(self) -> Edit:
        """Another file in front."""
        tabs = self.world.state.tabs
        tabs.insert(0, "app.py")
        self.undo.append(lambda: tabs.remove("app.py"))
        return Edit("open a tab", frozenset(["tabs:"]))


def outcomes(folder: Path, count: int) -> list[Outcome]:
    """What became of `count` edits, each in a world of its own, drawn by hypothesis; the same each time.

    Args:
        folder: an empty folder.
        count: how many.
    """
    from hypothesis import HealthCheck, given, settings
    from hypothesis import strategies as some

    template, found = folder / "template", list[Outcome]()
    make_project(template, {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(folder), **IDENTITY})

    @given(some.data())
    @settings(
        max_examples=count, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    def one(data: some.DataObject) -> None:
        place = folder / f"world{len(found)}"
        place.mkdir()
        found.append(Trial(World(place, template), lambda among: data.draw(some.sampled_from(among))).run())
        shutil.rmtree(place)

    one()
    return found


EDITS = (
    "rebind", "rebind", "rebind_equal", "delete_variable", "add_variable", "change_cell_of_frame", "change_cell_of_frame",
    "change_in_place", "change_in_place", "change_deep_inside", "reshape_frame", "edit_file", "edit_file", "edit_file", "touch_file",
    "add_file", "delete_file", "rename_file", "switch_branch", "commit", "other_version", "run_cell_again", "edit_cell", "new_cell",
    "open_tab",
)  # fmt: skip
