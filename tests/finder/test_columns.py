"""Which column is the price, which the change: told by heads, labels, signs and arithmetic, or not told at all."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tracker.coins import registry as coins
from tracker.finder.cells import page_parts
from tracker.finder.columns import Columns, Group, assign, number_format, quotes
from tracker.finder.naming import naming
from tracker.finder.rows import rows
from tracker.model import Quote, Refusal
from tracker.printed.heads import run_of_heads

COINS = coins.load()


def group(text: str, heads: str = "") -> Group:
    """The rows of a text as one group, under these heads."""
    found = rows(page_parts(text), naming(text, COINS), COINS)
    return Group(found, heads=run_of_heads(heads) or [], above=heads, text=text)


Roles = tuple[int, int | None, int | None, str | None, str | None, bool]
# heads, rows -> (price, percent, change, window, currency, named); columns are counted from 0.
ASSIGNED: list[tuple[str, str, Roles]] = [
    ("", "Bitcoin $67,123 -1.2%\nEthereum $3,512 +0.4%", (0, 1, None, None, None, False)),
    ("", "Bitcoin -1.2% $67,123\nEthereum +0.4% $3,512", (1, 0, None, None, None, False)),
    ("", "Bitcoin 67,123.45 -815.26 -1.20%\nEthereum 3,512.20 +13.99 +0.40%", (0, 2, 1, None, None, False)),
    # unsigned: the arithmetic finds the change
    ("", "BTC 100,703,000 1,134,000(1.14%)\nBCH 810,700 39,800(5.16%)", (0, 2, 1, None, None, False)),
    # market cap before the price
    ("", "Bitcoin $1.3T $67,123.45 -1.20%\nEthereum $420B $3,512.20 +0.40%", (1, 2, None, None, None, False)),
    ("종목 현재가(원) 변동률", "비트코인 8,692,000 -1.52%\n이더리움 173,900 -1.53%", (0, 1, None, None, "KRW", True)),
    ("종목 현재가 전일대비", "비트코인 8,692,000 -1.52%\n이더리움 173,900 -1.53%", (0, 1, None, "1d", None, True)),
    ("코인 거래량 현재가 변동률", "비트코인 1,234 92,150,000 -1.52%\n이더리움 20,333 4,812,000 +0.73%",
    (1, 2, None, None, None, True)),
    ("# Name Price 1h % 24h % 7d %", "Bitcoin $67,123 0.1% -1.2% 3.4%\nEthereum $3,512 -0.1% 0.4% 2.2%",
     (0, 2, None, "24h", None, True)),
    ("Name Price 7d %", "Bitcoin $67,123 3.4%\nEthereum $3,512 -2.2%", (0, 1, None, "7d", None, True)),
    ("Name High Low Last Price", "Bitcoin 68,000 66,000 67,123\nEthereum 3,600 3,400 3,512",
    (2, None, None, None, None, True)),
    ("", "Bitcoin $62,100 €57,300 1.2%\nEthereum $3,105 €2,865 -0.4%",
    (0, 2, None, None, None, False)),  # two currencies
]  # fmt: skip

# heads, rows -> a word of the reason.
REFUSED = [
    ("", "Bitcoin 67,123 68,000 66,000 -1.2%\nEthereum 3,512 3,600 3,400 +0.4%", "plainly"),  # high and low
    ("Name Market Cap 24h", "Bitcoin $1,300,000,000,000 +1.2%\nEthereum $420,000,000,000 -0.4%", "no price"),
    ("Name Volume Change", "Bitcoin $130,000 +1.2%\nEthereum $420,000 -0.4%", "no price"),
    ("", "BTC $1.3T +1.2%\nETH $420B -0.3%", "no price"),
    ("", "비트코인 1,300조 +1.2%\n이더리움 420조 -0.3%", "no price"),
]

# heads, rows -> what one row of them is refused for.
ROWS_REFUSED = [
    ("", "USDT 1 +0.1%\nBitcoin 67,123 -1.2%", "exactly 1"),
    ("", "Bitcoin $0 -1.2%\nEthereum $3,512 +0.4%", "above zero"),
    ("", "BTC/KRW $67,123 -1.2%\nETH/KRW $3,512 +0.4%", "currency"),
    ("", "Bitcoin $67,123 -815 +1.20%\nEthereum $3,512 +14 +0.40%\nSolana $172.44 -4.10 -2.32%", "opposite signs"),
    ("", "Bitcoin $67,123 -9,815 -1.20%\nEthereum $3,512 +14 +0.40%\nSolana $172.44 -4.10 -2.32%", "contradict"),
    ("", "Bitcoin $67,123 -120%\nEthereum $3,512 +0.4%", "hundred percent"),
]  # fmt: skip

# rows -> the changes of each: what is printed, the column's habit, or nothing.
SIGNED = [
    ("Bitcoin $67,123 1.2%\nEthereum $3,512 0.4%", [None, None]),  # all signs lost
    ("Bitcoin $67,123 1.2%\nEthereum $3,512 -0.4%", ["1.2", "-0.4"]),  # minus alone is printed
    ("Bitcoin $67,123 1.2%\nEthereum $3,512 +0.4%", [None, "0.4"]),  # plus is printed, so nothing is no plus
    ("Bitcoin $67,123 1.2%\nEthereum $3,512 +0.4%\nSolana $172 -2.2%", [None, "0.4", "-2.2"]),
    ("Bitcoin $67,123 0.0%\nEthereum $3,512 +0.4%", ["0.0", "0.4"]),
    (
        "Bitcoin $67,123 0.0%\nEthereum $3,512 0.4%",
        [None, None],
    ),  # a rounded zero whose sign is lost with the others
    ("Bitcoin $67,123 0.00%\nEthereum $3,512 0.00%", ["0.00", "0.00"]),
    ("Bitcoin $67,123 - 1.2%\nEthereum $3,512 - 0.4%", [None, None]),  # a bullet or a minus
    ("Bitcoin $67,123 +-1.2%\nEthereum $3,512 -0.4%", [None, "-0.4"]),  # two marks that exclude each other
    ("Bitcoin $67,123 ▲1.2%\nEthereum $3,512 ▼0.4%", ["1.2", "-0.4"]),
    ("비트코인 67,123 1.2% 상승\n이더리움 3,512 0.4% 하락", ["1.2", "-0.4"]),
    (
        "비트코인 67,123 -1.2% 상승\n이더리움 3,512 -0.4% 하락",
        [None, "-0.4"],
    ),  # the word contradicts the mark
    (
        "ビットコイン 67,123 ▲1.2%\nイーサリアム 3,512 0.4%",
        [None, None],
    ),  # in Japanese tables ▲ may be a minus
    ("ビットコイン 67,123 ▲1.2%\nイーサリアム 3,512 ▼0.4%", ["1.2", "-0.4"]),
]


@pytest.mark.parametrize(("heads", "text", "columns"), ASSIGNED)
def test_roles(heads: str, text: str, columns: Roles) -> None:
    one = group(text, heads)
    mark = number_format(one)
    found = assign(one, mark) if mark else None
    assert isinstance(found, Columns) and replace(found, told=False) == Columns(*columns)


# heads, rows -> whether heads tell that it is the price, and over what time the change is, if there is one.
TOLD = [
    ("종목 현재가 전일대비", "비트코인 8,692,000 -1.52%\n이더리움 173,900 -1.53%", True),
    (
        "종목 현재가 수익률",
        "비트코인 8,692,000 -1.52%\n이더리움 173,900 -1.53%",
        True,
    ),  # a profit is no change
    ("Name Last Price Change", "Bitcoin 67,123 -1.2%\nEthereum 3,512 +0.4%", False),
    ("Name Last Price", "Bitcoin 67,123\nEthereum 3,512", True),
    ("Name Price 24h %", "Bitcoin 67,123 -1.2%\nEthereum 3,512 +0.4%", True),
    ("Name Value 24h %", "Bitcoin 67,123 -1.2%\nEthereum 3,512 +0.4%", False),
]


@pytest.mark.parametrize(("heads", "text", "told"), TOLD)
def test_where_heads_tell_price_and_window(heads: str, text: str, told: bool) -> None:
    found = assign(group(text, heads), ".")
    assert isinstance(found, Columns) and found.told is told


@pytest.mark.parametrize(("heads", "text", "reason"), REFUSED)
def test_what_cannot_be_told_is_refused_with_a_reason(heads: str, text: str, reason: str) -> None:
    one = group(text, heads)
    assert reason in str(assign(one, "."))


def results(text: str, heads: str = "") -> list[Quote | Refusal]:
    one = group(text, heads)
    mark = number_format(one)
    columns = assign(one, mark) if mark else "no mark"
    assert mark and isinstance(columns, Columns)
    return [
        result for _, result in quotes(one, columns, mark, {row.first: row.name.printed for row in one.rows})
    ]


@pytest.mark.parametrize(("heads", "text", "reason"), ROWS_REFUSED)
def test_impossible_rows_are_refused_alone(heads: str, text: str, reason: str) -> None:
    refused = [result.reason for result in results(text, heads) if isinstance(result, Refusal)]
    assert refused and all(reason in said for said in refused)


@pytest.mark.parametrize(("text", "changes"), SIGNED)
def test_no_sign_that_was_not_seen(text: str, changes: list[str | None]) -> None:
    found = results(text)
    assert [q.change_pct if isinstance(q, Quote) else q for q in found] == [c and Decimal(c) for c in changes]
    for quote in found:
        assert isinstance(quote, Quote) and (quote.change_pct is None) == ("sign-lost" in quote.flags)


# A price in won has as many digits as a market value in dollars.
WON_AND_VOLUME = [
    "비트코인 92,150,000 1,234.5 -1.52%\n이더리움 4,812,000 20,333.1 +0.73%",
    "비트코인 92,150,000원 -1.52% 3.1\n이더리움 4,812,000원 +0.73% 2.9",
    "비트코인 92,150,000원 1,234 -1.52%\n이더리움 4,812,000원 20,333 +0.73%\n비트코인 캐시 1,512,000원 3,333 +0.73%",
]


@pytest.mark.parametrize("text", WON_AND_VOLUME)
def test_a_price_in_won_is_no_market_value(text: str) -> None:
    one = group(text)
    columns = assign(one, ".")
    assert isinstance(columns, str) or columns.price == 0
