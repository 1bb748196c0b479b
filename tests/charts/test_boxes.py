"""No two texts of a chart touch, and none leaves the picture: a sample here, all in `make gallery`."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest
from at_length import some

from bench import gallery
from tracker import charts
from tracker.errors import TrackerError

EVERY = list(gallery.cases())
SAMPLE = EVERY[::47]  # 47 and the lengths of the lists have no factor in common


@cache
def quotes(coins: int, sites: int, span: str) -> pd.DataFrame:
    return gallery.quotes(coins, sites, span)


def test_the_sample_has_all_of_each() -> None:
    for field in ("kind", "size", "coins", "sites", "span", "lang"):
        assert {getattr(case, field) for case in SAMPLE} == {getattr(case, field) for case in EVERY}


@pytest.mark.parametrize("case", some(SAMPLE, 8), ids=str)
def test_no_two_texts_touch(case: gallery.Case) -> None:
    assert gallery.fault(gallery.drawn(case, quotes(case.coins, case.sites, case.span))) is None


@pytest.mark.parametrize(
    ("kind", "coins"), some([("history", 8), ("change", 8), ("indexed", 20), ("heatmap", 20)], 2)
)
def test_a_size_that_is_refused_names_the_smallest_that_works(kind: str, coins: int) -> None:
    table = quotes(24, 1, "year")
    named = list(dict.fromkeys(table.symbol))[:coins]
    more = {"panels": "each"} if kind == "history" else {}
    try:
        charts.plot(table, kind, size=(3, 2), coins=named, **more)
    except TrackerError as error:
        least = error.remedy.split(", ")[1].split()[0]
        size = tuple(map(float, least.split("x")))
        chart = charts.plot(table, kind, size=size, coins=named, **more)
        assert gallery.fault(chart.figure.figure) is None
    else:
        pytest.fail("a sheet of 3x2 inches holds eight coins")
