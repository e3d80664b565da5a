"""Stems and bags: short texts whose words are to meet in other forms."""

from math import sqrt

import pytest

from askance.words import bag, matches, stem


@pytest.mark.parametrize(
    ("word", "stemmed"),
    [("plots", "plot"), ("plotting", "plott"), ("fitted", "fitt"), ("boxes", "box"), ("is", "is"), ("ring", "ring")],
)
def test_stem(word, stemmed):
    """English endings go where three letters remain."""
    assert stem(word) == stemmed


def test_a_bag_holds_stems_of_parts():
    """Names in camelCase and snake_case are cut, fillers left out, counts and size kept."""
    found = bag("the plotSales of sales_by_Regions2")
    assert found.counts == {"plot": 1, "sal": 2, "region": 1, "2": 1}
    assert (found.size, found.length) == (5, sqrt(7))


def test_matches_prefer_rare_words_and_short_texts():
    """BM25: none without a word in common, more for the rarer word and the shorter text."""
    bags = [bag(text) for text in ("model data", "data", "data frame with long words behind", "nothing")]
    scores = matches(bag("data model").counts, bags)
    assert scores[0] > scores[1] > scores[2] > scores[3] == 0
    assert matches(bag("data").counts, []) == []
