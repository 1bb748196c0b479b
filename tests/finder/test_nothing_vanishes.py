"""Whatever happens to a list, each coin that still stands there with a figure behind its name is given or refused, and each
value given is printed in its own row."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from at_length import some
from hypothesis import given, settings
from hypothesis import strategies as st
from lists import MADE, Made
from samples import Sample, samples

from tracker.coins import registry as coins
from tracker.finder.generic import Found, blocks
from tracker.printed.figures import FIGURE, figure_of, narrow

COINS = coins.load()
QUICK = settings(max_examples=40, deadline=None, derandomize=True)
APART = [made for made in MADE if not made.id.startswith("glued")]
PAGES = [sample for sample in samples("pages") if len(sample.page.text) < 20_000]


def accidents(pieces: list[str], data: st.DataObject) -> list[str]:
    """Pieces with up to four of them dropped, doubled or moved."""
    made = list(pieces)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(made) - 1))
        match data.draw(st.sampled_from(("drop", "double", "move"))):
            case "drop" if len(made) > 1:
                del made[at]
            case "double":
                made.insert(at, made[at])
            case _:
                made.insert(data.draw(st.integers(0, len(made) - 1)), made.pop(at))
    return made


def standing(made: Made, pieces: list[str]) -> set[str]:
    """The symbols whose name stands behind no other name and is directly followed by a figure of at least two digits: a
    lone one may be a rank, and two names run into each other on one line."""
    cells = ((cell.strip(" |•"), row) for row in made.rows for cell in made.cells(1, row))
    named = {cell: row.symbol for cell, row in cells if cell.startswith((row.name, row.symbol))}
    names = [None, *(named.get(piece.strip(" |•\n\t")) for piece in pieces)]
    figures = [bool(re.search(r"\d.?\d", piece)) for piece in pieces]
    return {
        two
        for (one, two), own, next_ in zip(pairwise(names), figures, [*figures[1:], False], strict=True)
        if two and not one and not own and next_
    }


def said(found: list[Found], made: Made) -> set[str]:
    """The symbols of which something was said."""
    refused = [refusal.row_text for block in found for refusal in block.refused]
    given_ = {quote.symbol for block in found for quote in block.quotes if quote.symbol}
    return given_ | {
        r.symbol for r in made.rows if any(r.name in text or r.symbol in text for text in refused)
    }


def unprinted(found: list[Found]) -> list[str]:
    """Rows whose price no figure of their own text has."""
    wrong = []
    for quote in (quote for block in found for quote in block.quotes):
        figures = [figure_of(m) for m in re.finditer(FIGURE, narrow(quote.row_text))]
        values = {f.value(mark) for f in figures for mark in (".", ",")}
        if quote.price not in values or (
            quote.change_pct is not None and abs(quote.change_pct) not in values
        ):
            wrong.append(quote.row_text)
    return wrong


@pytest.mark.parametrize("made", some(APART, 3), ids=lambda made: made.id)
@QUICK
@given(st.data())
def test_a_coin_with_a_figure_is_given_or_refused(made: Made, data: st.DataObject) -> None:
    pieces = accidents(made.pieces(), data)
    found = blocks(made.page(pieces), COINS)
    assert not standing(made, pieces) - said(found, made)
    assert not unprinted(found)


@pytest.mark.parametrize("sample", PAGES, ids=lambda sample: sample.name)
@settings(max_examples=3, deadline=None, derandomize=True)
@given(st.data())
def test_a_page_in_disorder_gives_no_value_that_its_row_does_not_print(
    sample: Sample, data: st.DataObject
) -> None:
    lines = accidents(sample.page.text.split("\n"), data)
    assert not unprinted(blocks("\n".join(lines), COINS))
