"""Names and the rows they lead: what is a coin's name from end to end, which figures are its own, what is a sentence."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lists import MADE, Made, edits

from tracker.coins import registry as coins
from tracker.coins.names import name_of
from tracker.finder.cells import page_parts
from tracker.finder.naming import naming
from tracker.finder.rows import Row, rows

COINS = coins.load()

# name -> symbol, currency of the pair, weak.
NAMES = [
    ("BTC_USDT", ("BTC", "USDT", False)), ("USDT_BTC", ("BTC", "USDT", False)), ("BTC_ETH", ("ETH", "BTC", False)),
    ("[2024-05-01 10:00:01] [KRW-BTC]", ("BTC", "KRW", False)), ("btc-usd", ("BTC", "USD", False)),
    ("INFO:root:ETHUSDT", ("ETH", "USDT", False)), ("BTC_PRICE", ("BTC", None, False)),
    ("Kurs Bitcoin", ("BTC", None, False)),
    ("Bitcoin", ("BTC", None, False)), ("비트코인", ("BTC", None, False)), ("Bitcoin (BTC)", ("BTC", None, False)),
    ("BTC/KRW", ("BTC", "KRW", False)), ("KRW-BTC", ("BTC", "KRW", False)), ("BTC-USD", ("BTC", "USD", False)),
    ("Bitcoin GBP", ("BTC", "GBP", False)), ("BTCUSDT", ("BTC", "USDT", False)), ("ETH/BTC", ("ETH", "BTC", False)),
    ("BitcoinBTC", ("BTC", None, False)), ("#1 Bitcoin", ("BTC", None, False)), ("1. Bitcoin", ("BTC", None, False)),
    ("이더리움 클래식", ("ETC", None, False)), ("이더리움클래식", ("ETC", None, False)), ("Bitcoin price:",
    ("BTC", None, False)),
    ("btc", ("BTC", None, True)), ("Dash", ("DASH", None, True)), ("대시", ("DASH", None, True)), ("META",
    ("META", None, True)),
    ("LINK", ("LINK", None, True)), ("GAS", ("GAS", None, True)), ("Dash (DASH)", ("DASH", None, False)),
    ("LINK/USDT", ("LINK", "USDT", False)),
]  # fmt: skip

# Words that name no coin, or a coin among other things.
NO_NAMES = [
    "", "Bitcoin ETF", "비트코인은", "비트코인이", "CMC Crypto 200", "Acme Holdings (META)", "HIGH",
    "Bitcoin miners fell", "리플(XRP)은",
    "Bitcoin, Ethereum", "코스피", "Gold", "Bitcoin and ether prices", "ETH (BTC)", "Bitcoin " * 12,
]  # fmt: skip

# text -> each row's symbol and figures; Q is a quantity of the coin itself.
READ = [
    ("Bitcoin\n$67,123.45\n-1.20%\nEthereum\n$3,512.20\n+0.40%", ["BTC NP", "ETH NP"]),
    ("1 BTC = 5 USD", ["BTC N"]),
    ("BTC 5 BTC", ["BTC Q"]),
    ("$60,209.73 BTC +6.76%\n$3,209.73 ETH +1.76%", ["BTC NP", "ETH NP"]),  # the price stands before the name
    ("Bitcoin\nBuy\n$5\n1%\nEthereum\nBuy\n$4\n2%", ["BTC NP", "ETH NP"]),  # the page's own furniture
    ("Bitcoin\nMarket cap\n$1.3T\nPrice\n$5\n1%", ["BTC NNP"]),
    ("Bitcoin\nBTC\n$5\nNasdaq\n16,349", ["BTC N"]),
    ("Nasdaq 16,349 +1.2%\nBitcoin $5 +1.2%", ["BTC NP"]),
    ("Bitcoin is a currency\n5", []),
    ("### [BTC](https://example.org/price/bitcoin)\n\n$5\n\n1%", ["BTC NP"]),
    (" • tetherTether(USDT)$1.00 0.02%\n • bitcoinBitcoin(BTC)$5 1%", ["USDT NP", "BTC NP"]),
    ("Bitcoin\n5\nUSD\n1%\nEthereum\n4\nUSD\n2%", ["BTC NP", "ETH NP"]),  # each row's own
    ("Bitcoin\n5\n1%\nEthereum\n4\n2%\nUSD\n1,350\n3%", ["BTC NP", "ETH NP"]),  # a row of its own
    ("비트코인\n\n\n\n기사 더보기\n5", []),
]

RANKED = [
    ("1\nBitcoin\n$5\n-1.2%\n2\nEthereum\n$4\n+1.2%\n3\nSolana\n$3\n1%", ["NP", "NP", "NP"]),
    ("1 Bitcoin $5 -1.2%\n2 Ethereum $4 +1.2%\n3 Solana $3 1%", ["NP", "NP", "NP"]),
    ("Bitcoin\n5\nEthereum\n4\nSolana\n3", ["N", "N", "N"]),  # prices that fall are no ranks
]

# Sentences that begin like rows.
PROSE = [
    "이더리움(255만9000원·-7.58%)",
    "Bitcoin $67,123.45 was the day's high and nothing else happened",
    "Bitcoin $5 each",
]


def read(text: str) -> list[Row]:
    """The rows that have figures."""
    return [row for row in rows(page_parts(text), naming(text, COINS), COINS) if row.items]


@pytest.mark.parametrize(("words", "meaning"), NAMES)
def test_names(words: str, meaning: tuple[str, str | None, bool]) -> None:
    name = name_of(words, COINS)
    assert name and (name.symbol, name.currency, name.weak) == meaning
    assert name.printed in words


@pytest.mark.parametrize("words", NO_NAMES)
def test_what_names_no_coin(words: str) -> None:
    assert name_of(words, COINS) is None


@pytest.mark.parametrize(("text", "found"), READ)
def test_rows_and_their_figures(text: str, found: list[str]) -> None:
    assert [f"{row.name.symbol} {row.kinds}" for row in read(text)] == found


@pytest.mark.parametrize(("text", "kinds"), RANKED)
def test_ranks_are_no_figures(text: str, kinds: list[str]) -> None:
    assert [row.kinds for row in read(text)] == kinds


@pytest.mark.parametrize("text", PROSE)
def test_sentences_say_why_they_are_none(text: str) -> None:
    assert [bool(row.prose) for row in read(text)] == [True]


@pytest.mark.parametrize("made", MADE, ids=lambda made: made.id)
def test_every_way_to_print_a_list_gives_rows_of_one_shape(made: Made) -> None:
    found = read(made.page())
    assert [row.name.symbol for row in found] == [row.symbol for row in made.rows]
    assert len({row.kinds for row in found}) == 1 and not any(row.prose for row in found)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.data())
def test_rows_never_share_a_figure(data: st.DataObject) -> None:
    made = data.draw(st.sampled_from(MADE))
    _, pieces = data.draw(st.sampled_from(list(edits(made.pieces()))))
    found = read(made.page(pieces))
    assert all(one.last < two.first for one, two in pairwise(found))
    for row in found:
        at = [item.at for item in row.items]
        assert at == sorted(set(at)) and row.first <= at[0] and at[-1] <= row.last
        assert len(row.kinds) == len(row.items)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.one_of(st.text(max_size=70), st.text("BTCETHbitcon대시비트코인 ()/-.#1", max_size=30)))
def test_any_words_are_a_name_or_none(words: str) -> None:
    name = name_of(words, COINS)
    assert name is None or (name.symbol and name.mentions >= 1 and name.printed in words)
