"""The folder is the registry: every layout has samples, every sample gives exactly its rows, no other layout claims
it; what is no block gives none; what lost its signs gives no change."""

from __future__ import annotations

import pytest
from samples import Sample, row_of, samples, write

from tracker.finder.find import examine
from tracker.layouts import layout
from tracker.model import Quote

LAYOUTS = {one.id: one for one in layout.load()}
PAGES = list(samples("pages"))
NEGATIVES = list(samples("negatives"))
SIGNS = list(samples("signs"))


def quotes(sample: Sample, *layouts: layout.Layout) -> list[Quote]:
    return [quote for block in examine(sample.page, layouts).blocks for quote in block.quotes]


def test_every_layout_has_a_sample_and_every_sample_a_layout() -> None:
    assert {sample.family for sample in PAGES} == set(LAYOUTS)


@pytest.mark.parametrize("one", LAYOUTS.values(), ids=list(LAYOUTS))
def test_every_layout_is_right(one: layout.Layout) -> None:
    assert one.check() is one


@pytest.mark.parametrize("sample", PAGES, ids=lambda s: s.name)
def test_a_sample_gives_exactly_its_rows(sample: Sample, request: pytest.FixtureRequest) -> None:
    found = quotes(sample, LAYOUTS[sample.family])
    if request.config.getoption("--update"):
        write(sample.csv, found)
        return
    assert [row_of(quote) for quote in found] == list(sample.rows)
    assert found, "a sample page holds a block"
    assert {block.layout for block in examine(sample.page).blocks} == {sample.family}


@pytest.mark.parametrize("sample", PAGES, ids=lambda s: s.name)
def test_no_other_layout_claims_a_sample(sample: Sample) -> None:
    others = [one for one in LAYOUTS.values() if one.id != sample.family]
    claimed = {block.layout for block in examine(sample.page, others).blocks}
    assert claimed <= {"generic"}


@pytest.mark.parametrize("sample", PAGES, ids=lambda s: s.name)
def test_the_generic_finder_never_contradicts_a_layout(sample: Sample) -> None:
    """Without its layout a page may give less, never another figure."""
    expected = {(row["symbol"], row["price"]): row for row in sample.rows}
    for quote in quotes(sample):
        row, given = expected[quote.symbol or "", str(row_of(quote)["price"])], row_of(quote)
        assert all(
            given[f] in ("", row[f]) for f in ("currency", "change_pct", "change_abs", "change_window")
        )


@pytest.mark.parametrize("sample", NEGATIVES, ids=lambda s: s.name)
def test_no_block_where_there_is_none(sample: Sample) -> None:
    assert not [quote.row_text for quote in quotes(sample, *LAYOUTS.values())]


@pytest.mark.parametrize("sample", SIGNS, ids=lambda s: s.name)
def test_no_sign_is_given_that_the_page_lost(sample: Sample) -> None:
    """A row may be missing; one that is given has the page's figures, and no change whose sign is gone."""
    expected = {row["symbol"]: row for row in sample.rows}
    found = [row_of(quote) for quote in quotes(sample, *LAYOUTS.values())]
    fields = ("currency", "price", "change_pct", "change_abs", "change_window")
    assert found
    assert [{f: row[f] for f in fields} for row in found] == [
        {f: expected[row["symbol"]][f] for f in fields} for row in found
    ]
