"""What speaks for a variable: its past in the cells, and where words of the question are met."""

from askance.sources.lives import NEVER, lives
from askance.sources.variable_signals import newest_first, signals

CELLS = (
    "import pandas as pd\nraw = pd.read_csv('sales.csv')",
    "clean = raw.dropna()\nfor row in clean: print(row)",
    "model = fit(clean)  # revenue by region\nmodel",
    "fig, ax = plt.subplots()",
)


def of(question, *names, cells=CELLS):
    return signals(question, dict.fromkeys(names, ""), cells)


def test_the_life_of_a_name():
    """Made, needed, consumed, by the numbers of the cells."""
    life = lives(CELLS)
    assert (life["raw"].made, life["raw"].needed, life["raw"].consumed) == (0, [1], 1)
    assert (life["clean"].own_reads, life["clean"].consumed) == (1, 2)
    assert (life["row"].kind, life["fig"].made, life["model"].consumed) == ("loop", 3, NEVER)


def test_deleted_names_have_no_life_and_remade_ones_a_new_one():
    """`del` ends it; a new value is not consumed."""
    assert "x" not in lives(("x = 1", "del x"))
    assert lives(("x = 1", "y = x", "x = 2"))["x"].consumed == NEVER


def test_the_past_speaks():
    """Later use counts more; used up, loop and canvas are told; at the end of the last cell is best."""
    found = of("?", "raw", "clean", "row", "model", "fig", "unknown")
    assert found["fig"]["recency"] > found["model"]["recency"] > found["row"]["recency"] > found["raw"]["recency"] / 2
    assert found["raw"]["spent"] == 1.0
    assert "spent" not in found["model"]
    assert found["row"]["loop"] == found["fig"]["canvas"] == found["fig"]["latest"] == found["fig"]["open"] == 1.0
    assert found["model"].keys().isdisjoint(("latest", "old", "waiting"))
    assert found["unknown"]["recency"] < found["raw"]["recency"]
    assert found["unknown"]["waiting"] == 1.0


def test_after_ten_cells_a_name_is_old():
    """Not before."""
    for more, old in ((9, False), (10, True)):
        assert ("old" in of("?", "x", cells=("x = 1", *["y = 2"] * more))["x"]) is old


def test_words_of_the_question_are_met():
    """In names as they stand, in parts of names, in statements, in cells that needed the name."""
    found = of("plot the sales, by Region, of clean", "raw", "clean", "fig", "sales_by_region")
    assert (found["clean"]["named"], "named" in found["raw"]) == (1.0, False)
    assert found["sales_by_region"]["rare"] > found["clean"]["rare"] > 0
    assert found["raw"]["similarity"] > 0  # its file is called sales.csv
    assert found["fig"]["similarity"] == 0
    assert found["clean"]["alike"] == 1.0  # the cell about revenue by region needed it


def test_short_english_words_are_no_names():
    """The "I", "a" and "is" of a sentence name no variable; "X" and "df" do."""
    found = of("I want a plot: is X in df", "I", "a", "X", "df", "Plot")
    assert {name: told.get("named") for name, told in found.items()} == {
        "I": None,
        "a": None,
        "X": 1.0,
        "df": 1.0,
        "Plot": 0.8,
    }


def test_used_together_is_near():
    """What stands in a cell with what the question names is near; what never does is not."""
    found = of("?", "raw", "clean", "fig", "other")
    assert found["fig"]["near"] == 1.0
    assert "near" not in found["other"]
    assert of("show model", "clean", "model", "fig", "raw")["clean"]["near"] > 0


def test_newest_first():
    """By last use, within a cell by place; what no cell speaks of last, the last assigned first."""
    assert newest_first(["u", "w", "raw", "model", "fig", "clean"], CELLS) == ["fig", "model", "clean", "raw", "w", "u"]


def test_nothing_to_go_by():
    """No cells, no words, no variables: no error."""
    assert signals("", {}, ()) == {}
    assert of("?", "x", cells=())["x"]["recency"] == 1.0
