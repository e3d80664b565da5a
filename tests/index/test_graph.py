"""Modules find their files, edges go both ways, and one changed file changes one file's edges."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askance.index.graph import Graph
from askance.index.modules import Modules

FILES = """
src/pkg/__init__.py src/pkg/core.py src/pkg/sub/__init__.py src/pkg/sub/deep.py src/pkg/stub.pyi src/pkg/fast.pyx
tests/test_core.py tests/helpers.py examples/a/run.py examples/a/utils.py examples/b/run.py examples/b/utils.py
plugins/space/one.py plugins/space/two.py test/tool.py scripts/random.py notebooks/n.ipynb setup.py
web/index.ts web/a.ts web/b.tsx web/util/index.js web/style.css web/types.d.ts
""".split()


@pytest.mark.parametrize(
    ("importer", "module", "files"),
    [
        ("tests/test_core.py", "pkg", ["src/pkg/__init__.py"]),
        ("tests/test_core.py", "pkg.core:f,g", ["src/pkg/core.py"]),
        ("tests/test_core.py", "src.pkg.core", ["src/pkg/core.py"]),
        ("tests/test_core.py", "pkg:core,sub", ["src/pkg/core.py", "src/pkg/sub/__init__.py"]),
        ("tests/test_core.py", "pkg:core,f", ["src/pkg/__init__.py", "src/pkg/core.py"]),
        ("tests/test_core.py", "pkg.stub", ["src/pkg/stub.pyi"]),
        ("tests/test_core.py", "pkg.fast:f", ["src/pkg/fast.pyx"]),
        ("tests/test_core.py", "helpers", ["tests/helpers.py"]),
        ("tests/test_core.py", "tests.helpers:f", ["tests/helpers.py"]),
        ("notebooks/n.ipynb", "pkg.sub.deep", ["src/pkg/sub/deep.py"]),
        ("src/pkg/core.py", "core", []),
        ("src/pkg/core.py", "numpy:array", []),
        ("src/pkg/core.py", ".:sub", ["src/pkg/sub/__init__.py"]),
        ("src/pkg/core.py", ".sub.deep:f", ["src/pkg/sub/deep.py"]),
        ("src/pkg/sub/deep.py", "..core:f", ["src/pkg/core.py"]),
        ("src/pkg/sub/deep.py", "..", ["src/pkg/__init__.py"]),
        ("src/pkg/sub/__init__.py", ".deep", ["src/pkg/sub/deep.py"]),
        ("src/pkg/core.py", ".....x:y", []),
        ("examples/a/run.py", "utils:f", ["examples/a/utils.py"]),
        ("examples/b/run.py", "utils:f", ["examples/b/utils.py"]),
        ("plugins/space/one.py", "space.two:f", ["plugins/space/two.py"]),
        ("src/pkg/core.py", "random", []),
        ("scripts/other.py", "random", ["scripts/random.py"]),
        ("setup.py", "test.tool", ["test/tool.py"]),
        ("web/a.ts", "./b", ["web/b.tsx"]),
        ("web/a.ts", "./b.js", ["web/b.tsx"]),
        ("web/a.ts", "./b.tsx", ["web/b.tsx"]),
        ("web/a.ts", "./util", ["web/util/index.js"]),
        ("web/a.ts", "./types", ["web/types.d.ts"]),
        ("web/a.ts", "./style.css", ["web/style.css"]),
        ("web/util/index.js", "..", ["web/index.ts"]),
        ("web/a.ts", "../../outside", []),
        ("web/a.ts", "react", []),
        ("web/a.ts", "pkg", []),
    ],
)  # fmt: skip
def test_what_a_module_means(importer, module, files):
    """Src layouts, scripts beside each other, name spaces, relative imports, suffixes that are left out or wrong."""
    assert sorted(Modules(FILES).find([module], importer)) == files


CHAIN = {"a.py": ["b"], "b.py": ["c"], "c.py": ["d"], "d.py": [], "e.py": ["b", "numpy"], "f.py": ["f"], "g.md": []}


def test_edges_go_both_ways():
    """What a file imports and what imports it; a file that imports itself, or is unknown, has no edge."""
    graph = Graph(CHAIN)
    assert graph.imports("e.py") == ("b.py",)
    assert graph.imported_by("b.py") == ("a.py", "e.py")
    assert graph.imports("f.py") == graph.imported_by("f.py") == graph.imports("new.py") == ()


def test_neighbours_breadth_first():
    """Distance 1 before 2, both directions, by name within a distance, and never further than asked."""
    graph = Graph(CHAIN)
    assert list(graph.neighbours(["b.py"]).items()) == [("a.py", 1), ("c.py", 1), ("e.py", 1), ("d.py", 2)]
    assert graph.neighbours(["b.py"], depth=1) == {"a.py": 1, "c.py": 1, "e.py": 1}
    assert graph.neighbours(["a.py", "d.py"]) == {"b.py": 1, "c.py": 1, "e.py": 2}
    assert graph.neighbours(["g.md", "gone.py"]) == {}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a.py", "p/__init__.py", "p/b.py", "p/c.py", "q/b.py"]),
            st.none() | st.lists(st.sampled_from(["a", "p", "p:b", ".b", ".:c", "b", "q.b:x"]), max_size=3),
            st.booleans(),
        ),
        max_size=12,
    )
)
def test_a_changed_graph_equals_a_new_one(changes):
    """After any edits, new files and deletions, looked at in between or not, every edge is as if built anew."""
    written, graph = {}, Graph({})
    for path, modules, look in changes:
        if modules is None:
            written.pop(path, None)
            graph.remove(path)
        else:
            written[path] = modules
            graph.replace(path, modules)
        if look:
            graph.imported_by(path)
    fresh = Graph(written)
    for path in written:
        assert graph.imports(path) == fresh.imports(path)
        assert graph.imported_by(path) == fresh.imported_by(path)
        assert list(graph.neighbours([path]).items()) == list(fresh.neighbours([path]).items())


def test_an_edit_resolves_one_file_again(monkeypatch):
    """Two hundred files are resolved once, an edited one once more."""
    graph = Graph({f"m{number}.py": ["m0"] for number in range(200)})
    asked = []
    find = Modules.find
    monkeypatch.setattr(Modules, "find", lambda self, modules, path: asked.append(path) or find(self, modules, path))
    assert len(graph.imported_by("m0.py")) == 199
    assert len(asked) == 200
    graph.replace("m7.py", ["m8"])
    assert len(graph.imported_by("m0.py")) == 198
    assert graph.imported_by("m8.py") == ("m7.py",)
    assert asked[200:] == ["m7.py"]
