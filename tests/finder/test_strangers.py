"""Rows of a list's shape whose name nobody knows: quotes without a symbol between coins, refused at an end, and never
made of what is known by its name."""

from __future__ import annotations

from itertools import product

import pytest
from at_length import some
from lists import BY_ID, Made
from test_neighbours import EXCHANGE, beside

from tracker.coins import registry as coins
from tracker.finder.generic import Found, blocks
from tracker.finder.strangers import is_known

COINS = coins.load()
LISTS = [
    BY_ID[name]
    for name in ("stacked", "row-a-line", "tabs", "pipe", "pipe-head", "bullets", "change-first", "euro")
]

OTHERS = [
    "KOSPI", "코스피", "S&P 500", "Dow Jones", "나스닥 지수", "WTI", "Gold", "금", "EUR€", "엔", "원/달러", "USD/KRW",
    "JPY(100)", "BTC.D", "Market cap", "24h Volume", "Total", "Acme Bitcoin ETF", "Acme Corp", "김치프리미엄",
    "日経平均", "국채 3년",
]  # fmt: skip
STRANGERS = ["Zephyrium", "ZPHR", "제피리움", "Zeph Protocol", "1zeph", "ゼフィ"]


def cells(made: Made, name: str) -> list[str]:
    """The cells of the list's fourth row under another name."""
    row = made.rows[3]
    return [cell.replace(row.name, name).replace(row.symbol, name) for cell in made.cells(4, row)]


def nameless(found: list[Found]) -> list[str | None]:
    quotes = [quote for block in found for quote in block.quotes if quote.symbol is None]
    assert all("symbol-unknown" in quote.flags for quote in quotes)
    return [quote.name for quote in quotes]


@pytest.mark.parametrize("name", OTHERS)
def test_known_by_their_names(name: str) -> None:
    assert is_known(name)


@pytest.mark.parametrize("name", STRANGERS)
def test_names_that_nobody_knows(name: str) -> None:
    assert not is_known(name)


@pytest.mark.parametrize("made", LISTS, ids=lambda made: made.id)
def test_an_unknown_name_between_coins_is_a_row_without_a_symbol(made: Made) -> None:
    for name, place in product(STRANGERS, range(1, len(made.rows))):
        found = blocks(beside(made, cells(made, name), place), COINS)
        assert nameless(found) == [name]
        assert [q.symbol for b in found for q in b.quotes if q.symbol] == [row.symbol for row in made.rows]


@pytest.mark.parametrize("made", LISTS, ids=lambda made: made.id)
def test_an_unknown_name_at_an_end_is_refused(made: Made) -> None:
    for place in (0, len(made.rows)):
        found = blocks(beside(made, cells(made, "Zephyrium"), place), COINS)
        assert not nameless(found)
        assert [r for b in found for r in b.refused if "Zephyrium" in r.row_text]


@pytest.mark.parametrize("made", some(LISTS, 3), ids=lambda made: made.id)
def test_what_is_known_is_no_quote(made: Made) -> None:
    rows = [cells(made, name) for name in OTHERS] + EXCHANGE
    for row, place in product(rows, range(len(made.rows) + 1)):
        assert not nameless(blocks(beside(made, row, place), COINS))


def test_two_coins_vouch_for_no_third() -> None:
    assert not nameless(
        blocks("Crypto prices\nBitcoin $67,350 -1.2%\nZephyrium $12.3 +1.2%\nXRP $0.5 +0.1%\n", COINS)
    )
