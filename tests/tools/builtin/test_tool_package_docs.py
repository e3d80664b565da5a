"""package_docs: imported or not, compiled or not, of the project or not; nothing is imported, nothing hostile is asked."""

import json
import sys
from types import ModuleType

import pytest
from faults.hostile_objects import CALLS
from faults.hostile_things import made
from faults.left_out import code

NOT_IMPORTED = "xml.dom.pulldom"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("json.dumps", "function json.dumps (Python 3."),
        ("json.dumps()", "dumps(obj, *, skipkeys=False, ensure_ascii=True,"),
        ("json.JSONDecoder", "JSONDecoder(self, *, object_hook=None,"),
        ("json.JSONDecoder.raw_decode", "raw_decode(self, s, idx=0)\nDecode a JSON document"),
        ("json", "in it: JSONDecodeError, JSONDecoder"),
        ("len", "built-in builtins.len"),
        ("str.split", "split($self, /, sep=None, maxsplit=-1)\nReturn a list"),
        ("functools.partial", "class functools.partial"),
        ("pathlib.Path.stem", "property pathlib.Path.stem"),
        ("os.path.join", "join(a, *p)"),
        ("asyncio.sleep", "async sleep(delay, result=None)"),
        ("numpy.mean", "mean(a, axis=None, dtype=None"),
        ("numpy.concatenate", "concatenate("),
        ("numpy.add", "Add arguments element-wise."),
        ("pandas.DataFrame.merge", "how: MergeHow='inner'"),
        ("pytest.raises", "Assert that a code block"),
    ],
)
def test_signature_and_docstring(world, name, told):
    """Of functions, methods, classes, properties, modules; in Python and compiled."""
    pytest.importorskip(name.partition(".")[0].rstrip("()")) if name[0] in "np" else None
    said = world.call("package_docs", name=name)
    assert told in said
    assert len(said) < 8200
    assert world.fingerprint("package_docs", name=name) is not None


def test_what_is_not_imported_is_read_and_not_imported(world):
    """Its source says as much; through the imports of its package, and to methods of base classes."""
    sys.modules.pop(NOT_IMPORTED, None)
    before = set(sys.modules)
    assert "parse(stream_or_string, parser=None, bufsize=None)" in world.call(
        "package_docs", name=f"{NOT_IMPORTED}.parse"
    )
    assert "function xml.dom.pulldom.DOMEventStream.getEvent" in world.call(
        "package_docs", name=f"{NOT_IMPORTED}.DOMEventStream.getEvent"
    )
    package = {
        "__init__.py": "from .core import *\nfrom .core import Base as Other\nfrom . import deep\nalias = deep.run\n",
        "core.py": "class Base:\n    def inherited(self, x: int = 3) -> str:\n        '''Of the base.'''\n\n\nclass Child(Base):\n    '''A child.'''\n\n\nraise RuntimeError('it was run')\n",
        "deep.py": "from typing import overload\n@overload\ndef run(x: int): ...\n@overload\ndef run(x: str): ...\ndef run(x, *, fast=True):\n    '''Runs.'''\n",
        "ring.py": "from .ring import nothing\nfrom .gnir import *\nclass A(A): pass\nclass B(C): pass\nclass C(B): pass\n",
        "gnir.py": "from .ring import *\n",
    }
    for file, text in package.items():
        world.write(f"unimported_kit/{file}", text)
    for name in ("Child.inherited", "Other.inherited"):
        assert "inherited(self, x: int=3) -> str\nOf the base." in world.call(
            "package_docs", name=f"unimported_kit.{name}"
        )
    for name in ("deep.run", "alias"):
        assert "run(x, *, fast=True)\nRuns." in world.call("package_docs", name=f"unimported_kit.{name}")
    for name in ("nothing", "ring.nothing", "ring.A.x", "ring.B.x", "gnir.nothing"):
        assert "Nothing is known" in world.refused("package_docs", name=f"unimported_kit.{name}")
    assert set(sys.modules) <= before


def test_near_names_are_offered(world):
    """Of what was found; else what a name looks like."""
    assert "json is known. Did you mean: dumps" in world.refused("package_docs", name="json.dupms")
    assert "given with its module" in world.refused("package_docs", name="nopackage.function")
    for name in ("", "a b", "os;x", "../x", "__main__", "__main__.df", "a..b", "json.", "\0", "x" * 300):
        assert world.refused("package_docs", name=name)


def test_the_project_itself_is_told_as_its_files_are(world):
    """Names, definitions, all of it; its fingerprint is that of what is told."""
    file = world.write("own_kitofatest.py", "def helper(key='private default'):\n    '''Private words.'''\n")
    name = "own_kitofatest.helper"
    said = [world.call("package_docs", world.ask(most=most), name=name) for most in range(4)]
    assert said[0] == f"function {name}"
    assert said[1] == said[2] == f"function {name}\nhelper(key)"
    assert said[3] == f"function {name}\nhelper(key='private default')\nPrivate words."
    assert world.reads("package_docs", name=name) == {"packages:own_kitofatest", "files:own_kitofatest.py"}
    before = world.fingerprint("package_docs", name=name)
    file.write_text("def helper(key=1):\n    pass\n")
    assert world.fingerprint("package_docs", name=name) not in (None, before)
    for ask in (world.ask(mutes=frozenset({f"files:{file.name}"})), world.ask(never=(file.name,))):
        assert "Nothing is known" in world.refused("package_docs", ask, name=name)
    assert "Nothing is known" in world.refused(
        "package_docs", world.ask(mutes=frozenset({"packages:json"})), name="json.dumps"
    )


@pytest.mark.parametrize("is_imported", [False, True])
def test_nothing_of_a_module_that_is_left_out(world, monkeypatch, is_imported):
    """Nor where another module passes on what is in it."""
    world.write(".askignore", "kestrel_kit.py\n")
    world.write("kestrel_kit.py", code("walrus").decode())
    world.write(
        "open_kit.py", "from kestrel_kit import Thing, run\nimport kestrel_kit\n\n\ndef mine():\n    '''Mine.'''\n"
    )
    if is_imported:
        monkeypatch.syspath_prepend(str(world.root))
        for name in ("kestrel_kit", "open_kit"):
            monkeypatch.delitem(sys.modules, name, raising=False)
        import open_kit  # noqa: F401  made just now
    for name in (
        "kestrel_kit",
        "kestrel_kit.run",
        "kestrel_kit.Thing",
        "kestrel_kit.walrus",
        "kestrel_kit.ru",
        "open_kit.run",
        "open_kit.Thing",
        "open_kit.Thing.walrus",
        "open_kit.kestrel_kit",
        "open_kit.kestrel_kit.run",
    ):
        assert "walrus" not in world.said("package_docs", world.ask(most=3), name=name).replace(
            "Thing.walrus", ""
        ).replace("kit.walrus", "")
    assert "Mine." in world.call("package_docs", name="open_kit.mine")
    for name in ("kestrel_kit", "open_kit"):
        sys.modules.pop(name, None)


def test_hostile_modules_are_not_asked(world, monkeypatch):
    """Objects of all kinds in an imported module, and a module that answers itself."""

    class Answering(ModuleType):
        """A module with code of its own."""

        def __getattribute__(self, name):
            CALLS.append(name)
            raise SystemExit

    hostile, answering = ModuleType("hostile_kit"), Answering("answering_kit")
    objects = made(3, 60)
    hostile.__dict__.update(objects)
    monkeypatch.setitem(sys.modules, "hostile_kit", hostile)
    monkeypatch.setitem(sys.modules, "answering_kit", answering)
    CALLS.clear()
    for name in ("hostile_kit", "answering_kit", "answering_kit.x", *(f"hostile_kit.{one}" for one in objects)):
        assert world.said("package_docs", name=name)
        world.said("package_docs", name=f"{name}.inner.more")
        world.fingerprint("package_docs", name=name)
        world.reads("package_docs", name=name)
    assert CALLS == []


def test_values_are_not_told(world, monkeypatch):
    """Of what is neither code nor a class the type alone."""
    kit = ModuleType("valued_kit")
    kit.PLACE = {"key": "private value"}
    kit.NAME = "private value"
    monkeypatch.setitem(sys.modules, "valued_kit", kit)
    said = [world.said("package_docs", world.ask(most=3), name=f"valued_kit.{name}") for name in ("PLACE", "NAME")]
    assert said == ["dict valued_kit.PLACE", "str valued_kit.NAME"]
    assert "private" not in world.call("package_docs", name="valued_kit")


def test_a_package_is_known_by_its_version(world, monkeypatch, tmp_path):
    """Installed anew under another version, it is another one; imports change nothing."""
    site = tmp_path / "site-packages"
    (site / "kitofatest").mkdir(parents=True)
    (site / "kitofatest" / "__init__.py").write_text("def f(a):\n    '''Does.'''\n")
    (site / "kitofatest-1.0.dist-info").mkdir()
    monkeypatch.syspath_prepend(str(site))
    said = world.call("package_docs", name="kitofatest.f")
    before = world.fingerprint("package_docs", name="kitofatest.f")
    assert said == "function kitofatest.f (kitofatest 1.0)\nf(a)\nDoes."
    import kitofatest

    assert world.call("package_docs", name="kitofatest.f") == said
    assert world.fingerprint("package_docs", name="kitofatest.f") == before
    del sys.modules["kitofatest"]
    (site / "kitofatest-1.0.dist-info").rename(site / "kitofatest-2.0.dist-info")
    assert world.fingerprint("package_docs", name="kitofatest.f") not in (None, before)
    assert json.dumps(kitofatest.__name__)
