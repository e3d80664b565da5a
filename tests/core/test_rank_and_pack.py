"""What matters comes first, and never more than fits."""

from askance import rank
from askance.mentions import parse
from askance.pack import Packer
from askance.records import Ask, Candidate
from askance.tokens import estimate


def candidate(name, text="", source="things", size=40, **signals):
    """Of a source without weights of its own, so that fitting those of others changes nothing here."""
    bodies = {
        "name": name,
        "outline": f"{name} " * size,
        "excerpt": f"{name} " * size * 3,
        "full": f"{name} " * size * 9,
    }
    return Candidate(
        source=source, name=name, render=bodies.__getitem__, fingerprint=lambda: name, text=text, signals=signals
    )


def cost(name, text):
    return estimate(f"{name}\n{text}")


def pack(candidates, request, room, preset="default"):
    """The items, and the notes on what failed."""
    packer = Packer(cost, lambda text, name, level: (text, []))
    return packer.pack(rank.rank(candidates, request, preset), request, room), packer.notes


def ask(question, **options):
    return Ask(question=question, model="local", mentions=parse(question), **options)


def test_a_mention_wins():
    """Even over a perfect match."""
    ranked = rank.rank([candidate("sales", "sales revenue"), candidate("other")], ask("sales revenue of @other"))
    assert ranked[0].candidate.name == "other"
    assert "you mentioned it" in ranked[0].why


def test_names_match_in_parts():
    """A question about revenue finds `totalRevenue` and `net_revenue`."""
    ranked = rank.rank(
        [candidate("unrelated"), candidate("totalRevenue"), candidate("net_revenue")], ask("the revenue")
    )
    assert {one.candidate.name for one in ranked[:2]} == {"totalRevenue", "net_revenue"}


def test_the_classic_recipe_weighs_as_described():
    """Recency 40, similarity 30, nearness 20, open tabs 10; they add up to the score."""
    one = rank.rank([candidate("x", recency=1.0, similarity=1.0, near=1.0, open=1.0)], ask("?"), "classic")[0]
    assert one.parts == {"recency": 0.4, "similarity": 0.3, "near": 0.2, "open": 0.1}
    assert round(one.score, 9) == 1.0


def test_the_order_does_not_depend_on_the_order_of_arrival():
    """Sources finish in any order."""
    several = [candidate(name) for name in "abcdef"]
    assert rank.rank(several, ask("q")) != []
    forth = [one.candidate.id for one in rank.rank(several, ask("q"))]
    back = [one.candidate.id for one in rank.rank(several[::-1], ask("q"))]
    assert forth == back


def test_a_level_is_lowered_before_an_item_is_left_out():
    """In a small room the best item is still there, in fewer words."""
    items, _ = pack([candidate("sales", size=50)], ask("what is @sales"), 250)
    assert items[0].status == "lowered"
    assert items[0].level in ("outline", "excerpt")


def test_excerpts_of_several_come_before_the_whole_of_one():
    """The best file whole and three outlines would fill the room; all five excerpts do too."""
    files = [candidate(f"file{i}", source="papers", size=60, similarity=1.0) for i in range(5)]
    items, _ = pack(files, ask("sales"), 2700)
    assert [item.level for item in items] == ["excerpt"] * 5


def test_no_source_fills_the_request_alone():
    """Forty equally good files leave room for the one variable that is half as good."""
    files = [candidate(f"file{i:02}", source="papers", size=60, similarity=1.0) for i in range(40)]
    items, _ = pack([*files, candidate("df", similarity=0.7)], ask("?"), 2600)
    assert next(item for item in items if item.name == "df").sent


def test_beside_a_strong_file_a_weak_one_counts_less():
    """Where nothing says much the little counts; a mention takes nothing from the others, and the order stays."""
    weak, strong = (
        candidate(name, source="files", title=value, similarity=0.0) for name, value in (("weak", 0.3), ("strong", 1.0))
    )
    alone = rank.rank([weak], ask("?"))[0].score
    beside = {one.candidate.name: one.score for one in rank.rank([weak, strong], ask("?"))}
    mentioned = {one.candidate.name: one.score for one in rank.rank([weak, strong], ask("@strong"))}
    assert beside["weak"] < alone < beside["strong"]
    assert mentioned["weak"] == beside["weak"]


def test_a_cell_is_worth_what_it_defines():
    """Through the variable that the question names; a cell of other variables stays below."""
    cells = [
        Candidate(source="cells", name=name, render=str, fingerprint=str, defines=(f"things:{made}",))
        for name, made in (("a", "other"), ("b", "sales"))
    ]
    ranked = rank.rank([*cells, candidate("sales"), candidate("other")], ask("plot @sales"))
    assert [one.candidate.name for one in ranked if one.candidate.source == "cells"] == ["b", "a"]


def test_what_is_muted_or_unrelated_stays_here():
    """And the ledger says so."""
    candidates = [candidate("sales"), candidate("noise", source="papers"), candidate("secretish")]
    request = ask("sales", mutes=frozenset({"things:secretish"}))
    items, _ = pack(candidates, request, 4000)
    assert {item.name: item.status for item in items} == {"sales": "sent", "noise": "cut", "secretish": "muted"}
    assert all(not item.text for item in items if not item.sent)


def test_a_broken_candidate_costs_its_own_place_only():
    """It becomes a note."""

    def explode(level):
        raise ValueError(level)

    broken = Candidate(source="papers", name="sales.py", render=explode, fingerprint=str, signals={"similarity": 1.0})
    items, notes = pack([broken, candidate("sales")], ask("sales"), 4000)
    assert {item.name: item.status for item in items} == {"sales": "sent", "sales.py": "cut"}
    assert {item.why for item in items if not item.sent} == {"could not be read (ValueError)"}
    assert "sales.py" in notes[0].message


def test_mentions_are_found_and_punctuation_is_not():
    """E-mail addresses are no mentions."""
    assert parse("see @df, @utils.py. and @cell[12]! not me@example.org") == ("df", "utils.py", "cell[12]")
