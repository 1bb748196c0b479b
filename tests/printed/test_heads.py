"""The words of tables: heads, windows, signs, in the languages whose pages have been met."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.printed.heads import (
    Head,
    head,
    is_link,
    label_sign,
    run_of_heads,
    sign_word,
    speaks_of_markets,
    vetoes,
    window,
)

# Column heads and labels as printed.
HEADS: list[tuple[str, Head | None]] = [
    ("종목", Head("name")),
    ("Giá VND", Head("price", None, "VND")),
    ("Giá trị", Head("price", hint="weak")),
    ("Thay đổi theo %", Head("change", None, None, True)),
    ("Market-cap-USD", Head("other", None, "USD")),
    ("Chg vs. prior close", Head("change", "1d")),
    ("현재가(원)", Head("price", None, "KRW", hint="present")),
    ("24h Gain/Loss", Head("change", "24h")),
    ("24h Change (CoinGecko)", Head("change", "24h")),
    ("价格￥", Head("price")),
    ("변동률", Head("change", None, None, True)),
    ("전일대비", Head("change", "1d")),
    ("거래량", Head("other")),
    ("시가총액", Head("other")),
    ("Name", Head("name")),
    ("#", Head("rank")),
    ("Price (USD)", Head("price", None, "USD")),
    ("24h %", Head("change", "24h", None, True)),
    ("24h", Head("change", "24h")),
    ("7 วัน", Head("change", "7d")),
    ("24-hour gain:", Head("change", "24h")),
    ("Market Cap", Head("other")),
    ("Volume (24H)", Head("other", "24h")),
    ("Last Price", Head("price", hint="present")),
    ("High", Head("other", hint="past")),
    ("Kurs", Head("price")),
    ("前日比", Head("change", "1d")),
    ("Variação %", Head("change", None, None, True)),
    ("日內變化", Head("change", "1d")),
    ("Variación diaria", Head("change", "1d")),
    ("Günlük değişim", Head("change", "1d")),
    ("Delta", Head("change")),
    ("Intraday volume", Head("other", "1d")),
    ("Bitcoin", None),
    ("read more", None),
    ("", None),
    ("price " * 20, None),
]

WINDOWS = [
    ("24h", "24h"), ("24H", "24h"), ("24 Stunden", "24h"), ("24시간", "24h"), ("24小时", "24h"), ("전일대비", "1d"),
    ("today", "1d"), ("1D", "1d"), ("前日比", "1d"), ("7d %", "7d"), ("일주일", "7d"), ("5d", "5d"), ("30d",
    "long"), ("1h", "1h"),
    ("1년", "long"), ("YTD", "long"), ("Price", None), ("시가총액", None), ("247", None),
]  # fmt: skip

SIGN_WORDS = [
    ("gain", 1), ("Gained", 1), ("상승", 1), ("上昇", 1), ("drop", -1), ("하락", -1), ("下落", -1), ("Flat",
    0), ("보합", 0), ("yükseldi", 1), ("düştü", -1), ("subió", 1), ("steigt", 1), ("выросла", 1), ("spadek", -1),
    ("değişmedi", 0),
    ("price", None), ("비트코인", None), ("", None), ("상승장", None), ("dropbox", None),
]  # fmt: skip

LABEL_SIGNS = [
    ("24-hour drop:", -1),
    ("24-hour gain:", 1),
    ("24-hour change:", None),
    ("7d loss", -1),
    ("Price:", None),
]

LINKS = [
    ("to", True),
    (":", True),
    ("", True),
    ("Buy", True),
    ("Buy Now", True),
    ("USD", True),
    ("and fell", False),
    ("거래량", False),
]

VETOED = [
    "Price predictions for 2030",
    "수수료 안내",
    "Staking yields (APY)",
    "목표가",
    "My portfolio",
    "Historical data",
    "手数料",
]
NOT_VETOED = ["실시간 암호화폐 시세", "Top coins today", "Cryptocurrency prices", "マーケット", "Kurse"]

MARKETS = [
    ("Crypto prices", True),
    ("시세", True),
    ("Nasdaq", True),
    ("行情", True),
    ("Our authors", False),
    ("오늘의 운세", False),
]

RUNS: list[tuple[str, list[str] | None]] = [
    (
        "Name Ticker Market Cap Price Volume (24H) Change (24H)",
        ["name", "name", "other", "price", "other", "change"],
    ),
    ("종목 현재가(원) 변동률", ["name", "price", "change"]),
    ("# Name Price 24h % 7d %", ["rank", "name", "price", "change", "change"]),
    ("Name Price and more", None),
    ("Bitcoin", None),
    ("", []),
]


@pytest.mark.parametrize(("words", "meaning"), HEADS)
def test_heads(words: str, meaning: Head | None) -> None:
    assert head(words) == meaning


@pytest.mark.parametrize(("words", "over"), WINDOWS)
def test_windows(words: str, over: str | None) -> None:
    assert window(words) == over


@pytest.mark.parametrize(("words", "sign"), SIGN_WORDS)
def test_words_that_are_signs(words: str, sign: int | None) -> None:
    assert sign_word(words) == sign


@pytest.mark.parametrize(("words", "sign"), LABEL_SIGNS)
def test_signs_inside_labels(words: str, sign: int | None) -> None:
    assert label_sign(words) == sign


@pytest.mark.parametrize(("words", "link"), LINKS)
def test_words_that_carry_nothing(words: str, link: bool) -> None:
    assert is_link(words) is link


@pytest.mark.parametrize("words", VETOED)
def test_lists_of_something_else_say_so(words: str) -> None:
    assert vetoes(words)


@pytest.mark.parametrize("words", NOT_VETOED)
def test_lists_of_prices_are_not_vetoed(words: str) -> None:
    assert not vetoes(words)


@pytest.mark.parametrize(("words", "market"), MARKETS)
def test_words_of_a_market(words: str, market: bool) -> None:
    assert speaks_of_markets(words) is market


@pytest.mark.parametrize(("words", "roles"), RUNS)
def test_runs_of_heads(words: str, roles: list[str] | None) -> None:
    found = run_of_heads(words)
    assert (found if found is None else [one.role for one in found]) == roles


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.one_of(st.text(max_size=80), st.text("24hd%()[]$ 시간전일대비price", max_size=40)))
def test_any_words_have_a_reading(words: str) -> None:
    for one in [head(words), *(run_of_heads(words) or [])]:
        assert one is None or one.window in (None, "24h", "1h", "7d", "5d", "1d", "long")
    assert sign_word(words) in (None, -1, 0, 1) and label_sign(words) in (None, -1, 0, 1)
    assert isinstance(is_link(words), bool)
