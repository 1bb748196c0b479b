"""The fit of the finder's weights: what an example is, what shrinks where, and how the threshold is chosen."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.fitting import fit, lists, prints
from bench.fitting.examples import Example, Way, examples
from bench.fitting.fit import Decision, Fitted
from bench.fitting.logistic import data
from bench.fitting.logistic import fit as regress
from bench.fitting.pages import built, made
from tracker.coins import load
from tracker.finder import weights

PRIOR = {"for": 1.0, "against": -1.0, "unseen": 3.0, "empty": 0.5}


def seen(family: str, *ways: tuple[str, bool]) -> Example:
    return Example(
        family, "lines", "p", tuple(Way(frozenset(names.split()), 4 * ok, 4 * (not ok)) for names, ok in ways)
    )


PAGES = [seen(f"f{n}", ("for empty", True), ("against empty", False)) for n in range(40)]


def test_evidence_moves_as_far_as_pages_say_and_what_is_never_seen_stays() -> None:
    found = regress(data(PAGES, list(PRIOR)), PRIOR, 1.0)
    assert found["for"] > 1.5 and found["against"] < -1.5
    assert found["unseen"] == pytest.approx(3.0)


def test_no_weight_changes_its_sign() -> None:
    turned = [seen(f"f{n}", ("against", True), ("for", False)) for n in range(400)]
    found = regress(data(turned, list(PRIOR)), PRIOR, 1.0)
    assert found["for"] == 0 and found["against"] == 0


def test_a_family_of_many_pages_counts_as_one_of_few() -> None:
    few = regress(data(PAGES, list(PRIOR)), PRIOR, 1.0)
    many = regress(data(PAGES + PAGES[:1] * 90, list(PRIOR)), PRIOR, 1.0)
    assert few == pytest.approx(many)


def test_a_family_left_out_does_not_count() -> None:
    other = [*PAGES, seen("out", ("for", False), ("against", True))]
    left = regress(data(other, list(PRIOR)), PRIOR, 1.0, without="out")
    assert left == pytest.approx(regress(data(PAGES, list(PRIOR)), PRIOR, 1.0))


def test_the_threshold_lies_between_what_is_right_and_what_is_false() -> None:
    good = [Decision("a", weight, 100, 0, 100) for weight in (9.0, 7.0, 5.0)]
    assert fit.threshold([*good, Decision("b", 2.0, 0, 90, 0)]) == 3.5
    # two false values of three hundred and two are less than one of a hundred
    assert fit.threshold([*good, Decision("b", 6.0, 0, 2, 0)]) == 5.0
    assert fit.threshold([*good, Decision("b", 6.0, 0, 9, 0)]) == 6.5


def test_the_builds_of_the_tests_are_labelled_right() -> None:
    """Each has a hypothesis that is right, and of every run that has one it weighs the most."""
    for sample in built():
        found = [*examples(sample, load())]
        assert found and any(way.label for one in found for way in one.ways), sample.name
        assert all(way.evidence <= weights.WEIGHTS.keys() for one in found for way in one.ways)


@pytest.mark.parametrize("habit", [*lists.PRICED, *lists.OTHERWISE])
def test_made_lists_are_the_same_at_each_run_and_print_what_they_hold(habit: str) -> None:
    one = lists.made(habit, 3)
    assert one == lists.made(habit, 3)
    for way in (*prints.MARKUP, *prints.TEXT):
        text = prints.page(one, way)
        for coin in one.coins if way not in ("list with icons", "data") else ():
            assert all(one.cell(column, coin) in text for column in one.columns)


def test_no_row_is_right_on_a_page_without_prices() -> None:
    assert all(not s.rows for s in made(1) if s.family.removeprefix("habit: ") in lists.OTHERWISE)


def test_the_weights_are_written_beside_what_they_mean() -> None:
    path = Path(weights.__file__)
    text = path.read_text("utf-8")
    kept = Fitted(weights.WEIGHTS, weights.TAKEN, ())
    assert fit.written(text, kept) == text
    other = fit.written(text, Fitted(dict.fromkeys(weights.WEIGHTS, 7.25), 6.5, ()))
    assert other.count("7.25,") == len(weights.WEIGHTS) and "TAKEN = 6.5" in other
    assert other.count("#") == text.count("#")
