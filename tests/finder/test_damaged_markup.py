"""Markup in disorder: whatever is lost of a list, no coin gets a neighbour's figure, and none vanishes that still stands
there with its price."""

from __future__ import annotations

import re

import pytest
from at_length import some
from builds import BUILDS, CHANGES, PRICES, SYMBOLS
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.finder import examine
from tracker.model import Page, Quote, plain
from tracker.pages.document import page as page_of

PIECE = re.compile(r"<[^>]*>|[^<]+")
NAMES = {symbol: name for name, symbol in SYMBOLS.items()}


def damaged(body: str, data: st.DataObject) -> str:
    """A body that lost one piece (a tag, a text), and perhaps all from some place on."""
    pieces = PIECE.findall(body)
    del pieces[data.draw(st.integers(0, len(pieces) - 1))]
    end = data.draw(st.one_of(st.none(), st.integers(len(pieces) // 2, len(pieces))))
    return "".join(pieces[:end])


def own(quote: Quote) -> bool:
    """Whether a quote's figures are those that were printed for its coin."""
    name = NAMES[quote.symbol or ""]
    change = plain(quote.change_pct)
    price = PRICES[name].replace(",", "").rstrip("0").rstrip(".")
    printed = 9.1 if quote.change_window == "7d" else float(CHANGES[name])
    return plain(quote.price) == price and (change is None or float(change) == printed)


@pytest.mark.parametrize("build", some(BUILDS, 3))
@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.data())
def test_no_coin_gets_a_neighbours_figure_and_none_vanishes(build: str, data: st.DataObject) -> None:
    body = damaged(BUILDS[build], data)
    blocks = examine(page_of(f"<html><body>{body}</body></html>".encode(), Page("", "made")), []).blocks
    quotes = [quote for block in blocks for quote in block.quotes]
    assert [quote for quote in quotes if quote.symbol and not own(quote)] == []
    refused = sum(len(block.refused) for block in blocks)
    standing = [n for n, price in PRICES.items() if re.search(rf">{n}(?:<[^>]*>|\s)*\$?{price}", body)]
    lost = {SYMBOLS[name] for name in standing} - {quote.symbol for quote in quotes}
    assert not quotes or len(lost) <= refused
