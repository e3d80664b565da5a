"""What connects files with a question: each signal by itself, and which files are looked at at all."""

import subprocess

import pytest
from index.trees import write

from askance.index.kinds import is_support, kinds
from askance.index.pathwords import indexed, match_paths, named, stem
from askance.index.project import Project
from askance.index.question import parse
from askance.index.relevance import relevance

FILES = {
    "shop/cart.py": "from shop import tax\n\n\nclass ShoppingCart:\n    def add_item(self, item):\n        return tax.rate(item)\n",
    "shop/tax.py": "def rate(item):\n    return 19\n",
    "shop/__init__.py": "",
    "shop/db/schema.py": "def migrate(tables):\n    return sorted(tables)\n",
    "tests/test_cart.py": "from shop.cart import ShoppingCart\n\n\ndef test_add_item():\n    ShoppingCart().add_item(3)\n",
    "docs/guide.md": "# The shopping cart\n\nAn item is added to the cart.\n",
    "setup.py": "name = 'shop'\n",
}


@pytest.fixture
def project(tmp_path):
    """A small shop with tests, documents and a history of three commits."""
    write(tmp_path, FILES)
    environ = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path.parent), "GIT_CONFIG_NOSYSTEM": "1"}
    names = ["-c", "user.name=a", "-c", "user.email=a@b"]
    for paths, message in ((["."], "Begin"), (["shop/tax.py"], "Reduced percentage"), (["shop/cart.py"], "Tidy")):
        for path in paths:
            if path != ".":
                (tmp_path / path).write_text(FILES[path] + f"# {message}\n")
        for command in (["init", "-q", "-b", "main"], ["add", *paths], [*names, "commit", "-q", "-m", message]):
            subprocess.run(["git", *command], cwd=tmp_path, env=environ, check=True)
    project = Project(tmp_path, watch=False, environ=environ)
    project.refresh()
    yield project
    project.close()


def test_a_question_is_taken_apart():
    """The first line, names with parts, modules and paths are told apart; addresses, issue numbers, hashes are no words."""
    asked = parse(
        '\nFix add_item (#123)\nsee https://example.org/cart and `rate` in shop.tax, File "/usr/lib/shop/cart.py", '
        "since 0123456789abcdef\nSigned-off-by: A <a@b>"
    )
    assert list(asked.title) == ["fix", "add_item", "add", "item"]
    assert asked.compounds == ("add_item",)
    assert asked.phrases == ("fix_add", "add_item")
    assert asked.names == ("add_item", "rate", "shop", "tax")
    assert asked.modules == ("shop.tax",)
    assert asked.paths == ("usr/lib/shop/cart.py",)
    assert {"https", "123", "0123456789abcdef", "signed"}.isdisjoint(asked.words)


@pytest.mark.parametrize(
    ("words", "same"),
    [("list lists listing listed", "list"), ("category categories", "categor"), ("tax", "tax"), ("es", "es")],
)
def test_endings_make_no_difference(words, same):
    """Inflected words of a question meet those of a path; short words stay whole."""
    assert {stem(word) for word in words.split()} == {same}


def test_paths_answer_by_their_words():
    """A rare word in a short path counts most; one that no path has counts nothing."""
    paths = indexed(("shop/carts.py", "shop/tax/rates/local.py", "shop/tax/__init__.py"))
    scores = match_paths(parse("the shop's cart rate"), paths)
    assert scores["shop/carts.py"] == 1.0 > scores["shop/tax/rates/local.py"] > scores["shop/tax/__init__.py"] > 0
    assert match_paths(parse("weather"), paths) == {}


def test_files_named_by_path_or_module():
    """The longest agreeing end decides; several that agree share; of many named each counts less."""
    paths = indexed(("a/schema.py", "b/schema.py", "b/base/__init__.py", "cart.py"))
    assert named(parse('File "/x/site-packages/b/schema.py", line 3'), paths) == {"b/schema.py": 1.0}
    assert named(parse("broken in schema.py"), paths) == {"a/schema.py": 0.5, "b/schema.py": 0.5}
    assert named(parse("b.base.Thing.method fails"), paths) == {"b/base/__init__.py": 1.0}
    assert named(parse("a base of carts"), paths) == {}
    several = named(parse("cart.py, b/base/__init__.py or a/schema.py; cart.py again"), paths)
    assert several == dict.fromkeys(("cart.py", "b/base/__init__.py", "a/schema.py"), pytest.approx(3**-0.5))


def test_kinds_of_files():
    """Told by the name alone; tests and documents do not stand back when the question is about them."""
    assert kinds("a/b.py", ()) == {}
    assert kinds("a/b.md", ()) == {"other": 1.0}
    assert kinds("nbs/a.ipynb", ()) == {"notebook": 1.0}
    assert kinds("setup.py", ()) == {"housekeeping": 1.0}
    assert kinds("app/migrations/0001_initial.py", ()) == {"housekeeping": 1.0}
    assert kinds("db/migrations/autodetector.py", ()) == {}
    assert kinds("tests/a.py", ()) == {"support": 1.0}
    assert kinds("tests/a.py", ("failing", "test")) == {}
    supporting = "docs/a.md a/test_b.py src/a.spec.ts conftest.py examples/x.ipynb"
    assert all(map(is_support, supporting.split()))
    assert not any(map(is_support, "attest.py contest/a.py testament.md".split()))


def test_each_signal_says_what_it_says(project):
    """Text, definitions, names, history and session speak for the files they should, and for those alone."""
    found = relevance(
        project, "add_item of ShoppingCart ignores the percentage", ["shop/db/schema.py"], ["setup.py", "shop/tax.py"]
    )
    brief = 0.5**0.5  # eight different words, the parts of names among them
    cart, tax = found["shop/cart.py"], found["shop/tax.py"]
    assert cart["similarity"] == cart["symbols"] == cart["names"] == 1.0
    assert cart["definition"] == brief
    assert "definition" not in found["docs/guide.md"]
    assert 0 < found["tests/test_cart.py"]["names"] <= 1.0
    assert [path for path in found if "phrases" in found[path]] == ["shop/cart.py", "tests/test_cart.py"]
    assert tax["history"] == 1.0
    assert "history" not in cart
    assert (cart["lately"], found["setup.py"]["lately"]) == (brief, brief)
    assert found["docs/guide.md"]["lately"] < tax["lately"] < brief
    assert cart["often"] == tax["often"] > found["setup.py"]["often"]
    assert (found["setup.py"]["recency"], tax["recency"]) == (1.0, 0.9)
    assert [path for path in found if "beside" in found[path]] == ["shop/db/schema.py"]
    assert found["shop/db/schema.py"]["open"] == 1.0
    assert all(0 < value <= 1 for signals in found.values() for value in signals.values())


def test_long_questions_speak_for_themselves(project):
    """The more different words a question has, the less what is lately worked on and what defines a name count."""
    asked = [
        "ShoppingCart",
        "ShoppingCart at a rate and a rate",
        "ShoppingCart has rounded one discount twice since yesterday",
    ]
    short, same, long = (relevance(project, question)["shop/cart.py"] for question in asked)
    assert (short["lately"], short["definition"]) == (same["lately"], same["definition"]) == (1.0, 1.0)
    assert long["lately"] == long["definition"] < 0.8


def test_neighbours_of_open_files(project):
    """Files that import an open one, or are imported by it, are near: one step more than two."""
    near = {path: signals.get("near") for path, signals in relevance(project, "?", ["shop/tax.py"]).items()}
    assert near["shop/cart.py"] == 1.0
    assert near["tests/test_cart.py"] == 0.5
    assert near["shop/db/schema.py"] is None


def test_at_most_so_many_and_the_same_every_time(project):
    """The strongest are kept; a question of nothing finds what was worked on."""
    everything = relevance(project, "shopping cart")
    assert list(relevance(project, "shopping cart", most=2)) == list(everything)[:2]
    assert relevance(project, "shopping cart") == everything
    assert set(relevance(project, "?!")) == set(FILES)


def test_files_that_are_gone_or_unknown_are_not_offered(project):
    """Tabs of files outside the project, and files of old commits, are no candidates."""
    (project.root / "shop/tax.py").unlink()
    project.refresh()
    assert {"shop/tax.py", "/etc/hosts"}.isdisjoint(relevance(project, "rate", ["/etc/hosts"], ["shop/tax.py"]))
