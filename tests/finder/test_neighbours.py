"""Lists with rows of something else before, between and behind the coins: a coin's row keeps its own figures and its own
currency, and none vanishes without a word."""

from __future__ import annotations

from itertools import product

import pytest
from at_length import some
from lists import BY_ID, Made, untrue

from tracker.coins import registry as coins
from tracker.finder.generic import Found, blocks
from tracker.model import Quote

COINS = coins.load()

# A way to print a list -> the currency that it prints, if any. How a neighbour's cells are set apart goes with it.
PRINTED = {
    "stacked": "USD", "stacked-won": "KRW", "row-a-line": "USD", "row-a-line-won": None, "tabs": None, "pipe": "USD",
    "one-line-pipes": "USD", "triangles": None, "bullets": None, "amount": None, "change-first": "USD",
}  # fmt: skip

# Rows of something else, cell by cell.
EXCHANGE = [
    ["EUR€", "1458.3", "-0.31%"], ["EUR€", "1458.3"], ["엔", "912"], ["달러", "1,350원", "+0.2%"], ["달러", "1,350원"],
    ["유로", "1,480원", "+0.1%"], ["USD$", "1350.0", "-1.0"], ["JPY(100)", "917.3"], ["USD", "1,350.0", "-0.07%"],
    ["JPY¥", "917.3", "-0.08%"], ["위안", "185.4원"], ["KRW", "1,350"], ["원/달러", "1,350.0", "-0.1%"],
    ["GBP", "1,712.2", "+0.2%"], ["円", "912", "+0.4%"],
]  # fmt: skip
OTHERS = [
    ["금", "98,000원", "+0.4%"], ["KOSPI", "2,500", "1.2%"], ["WTI", "68.4", "-0.2%"], ["+0.3%"], ["Markets today"],
    ["Gold", "$2,345.10", "+0.4%"], ["김치프리미엄", "2.31%"], ["BTC.D", "51.2%"], ["Zephyrium", "12.34", "+3.20%"],
]  # fmt: skip


def beside(made: Made, cells: list[str], place: int) -> str:
    """The page with one row of something else before the row of that number."""
    width = len(made.pieces(1))
    pieces = made.pieces()
    ends = [made.between] * (len(cells) - 1) + [made.after]
    other = [cell + end for cell, end in zip(cells, ends, strict=True)]
    return made.page([*pieces[: place * width], *other, *pieces[place * width :]])


def taken(found: list[Found]) -> list[Quote]:
    return [quote for block in found for quote in block.quotes if quote.symbol]


@pytest.mark.parametrize("made", some([BY_ID[name] for name in PRINTED], 3), ids=lambda made: made.id)
def test_a_row_takes_neither_figure_nor_currency_of_its_neighbours(made: Made) -> None:
    wrong = {}
    for cells, place in product(EXCHANGE + OTHERS, range(len(made.rows) + 1)):
        found = taken(blocks(beside(made, cells, place), COINS))
        moved = [(q.symbol, q.currency) for q in found if q.currency != PRINTED[made.id]]
        if moved or untrue(found, made.rows):
            wrong[" ".join(cells), place] = moved or untrue(found, made.rows)
    assert not wrong


@pytest.mark.parametrize("made", some([BY_ID[name] for name in PRINTED], 3), ids=lambda made: made.id)
def test_no_row_vanishes_beside_a_row_of_something_else(made: Made) -> None:
    silent = {}
    for cells, place in product(EXCHANGE + OTHERS, range(len(made.rows) + 1)):
        found = blocks(beside(made, cells, place), COINS)
        said = len(taken(found)) + sum(len(block.refused) for block in found)
        if said < len(made.rows):
            silent[" ".join(cells), place] = said
    assert not silent
