"""What a project tells other parts: that something changed, and a file's imports."""

import pytest

from askance.index.project import Project


@pytest.fixture
def project(tmp_path):
    """Two files, of which one imports the other."""
    (tmp_path / "a.py").write_text("import b\n")
    (tmp_path / "b.py").write_text("")
    made = Project(tmp_path)
    yield made
    made.close()


def test_changes_are_counted_while_somebody_watches(project, tmp_path):
    """Every change makes another number, of files that are no text too; unwatched there is none."""
    assert project.changes() is None
    project.refresh()
    seen = [project.changes(), project.changes()]
    assert seen[0] == seen[1] is not None
    for name in ("a.py", "picture.png", "new.py"):
        (tmp_path / name).write_bytes(b"1")
        seen.append(project.changes())
    assert len(set(seen)) == 4
    project.close()
    assert project.changes() is None


def test_edges_go_both_ways(project):
    """What a file imports, and what imports it."""
    project.refresh()
    assert project.edges("a.py") == (("b.py",), ())
    assert project.edges("b.py") == ((), ("a.py",))
    assert project.edges("gone.py") == ((), ())
