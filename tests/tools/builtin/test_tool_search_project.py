"""search_project: words, pieces of code, definitions and their calls; levels; what is left out."""

import pytest


@pytest.fixture
def project(world):
    """A few files that speak of revenue."""
    world.write("shop/revenue.py", "import os\n\n\ndef net_revenue(rows, tax=0.2):\n    return sum(rows) * (1 - tax)\n")
    world.write("shop/report.py", "from shop.revenue import net_revenue\n\nprint(net_revenue([1]))\n")
    world.write("notes.md", "# Revenue\n\nThe revenue of the north was corrected by hand.\n")
    world.write("sales.csv", "region,revenue\nnorth,12345\n")
    return world


def test_words_and_code_are_found_with_their_lines(project):
    """The file that holds the very text comes first."""
    found = project.call("search_project", query="sum(rows)")
    assert (
        found.split("\n\n")[0]
        == "shop/revenue.py\n  4: def net_revenue(rows, tax=0.2):\n  5: return sum(rows) * (1 - tax)"
    )
    assert "notes.md\n  3: The revenue of the north was corrected by hand." in project.call(
        "search_project", query="corrected by hand"
    )
    assert project.call("search_project", query="NET_REVENUE").count("net_revenue") >= 3


def test_names_are_found_where_they_are_defined_and_called(project):
    """Definitions first; also by a dotted name or with brackets."""
    for query in ("net_revenue", "shop.revenue.net_revenue", "net_revenue()"):
        found = project.call("search_project", query=query, **{"in": "names"})
        assert found == (
            "shop/revenue.py\n  4: def net_revenue(rows, tax=0.2)\n\n"
            "shop/report.py\n  3: calls it: print(net_revenue([1]))"
        )
    assert "Try in=text." in project.refused("search_project", query="revenue_of", **{"in": "names"})


def test_less_is_searched_below_level_3(project):
    """Definitions and headings: not what stands in files, nor whether it does."""
    for most in (0, 1, 2):
        ask = project.ask(most=most)
        assert "Nothing" in project.refused("search_project", ask, query="corrected hand")
        assert "sum(" not in project.said("search_project", ask, query="rows tax")
        assert "0.2" not in project.said("search_project", ask, query="net_revenue", **{"in": "names"})
    assert "\n  def net_revenue(rows, tax)" in project.call("search_project", project.ask(most=1), query="net revenue")
    assert "12345" not in project.said("search_project", query="region revenue")


def test_what_is_left_out_is_not_searched(project):
    """By an ignore file written just now, by mutes, by what never leaves."""
    project.call("search_project", query="revenue")
    asks = [project.ask(mutes=frozenset({"files:notes.md"})), project.ask(never=("*.md",))]
    for ask in asks:
        assert "notes.md" not in project.call("search_project", ask, query="revenue")
    project.write(".askignore", "*.md\n")
    assert "notes.md" not in project.call("search_project", query="revenue")


def test_results_are_bounded(project):
    """Ten files, a few lines each, and a count of the others."""
    for number in range(30):
        project.write(f"many/f{number}.py", "common = 'word'\n" * 50 + "x" * 5000)
    found = project.call("search_project", query="common word")
    assert found.count("many/f") == 10
    assert found.endswith("… 20 more files: ask for something more special")
    assert len(found) < 8000


def test_fingerprints_are_those_of_results(project):
    """Another file leaves them alone; a change of what is found does not; equal in another kernel."""
    before = [project.fingerprint("search_project", query="net_revenue", **more) for more in ({}, {"in": "names"})]
    assert None not in before
    project.write("other.py", "unrelated = 1\n")
    assert [
        project.fingerprint("search_project", query="net_revenue", **more) for more in ({}, {"in": "names"})
    ] == before
    project.write("shop/report.py", "# nothing\n")
    after = [project.fingerprint("search_project", query="net_revenue", **more) for more in ({}, {"in": "names"})]
    assert all(one != other for one, other in zip(before, after, strict=True))
    assert project.fingerprint("search_project", query="absent") is None
    assert project.reads("search_project", query="x") == {"files:*"}
