"""Pages that no layout knows: every row given is a row of the page. A row may be lost; a wrong value is the sin."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import at_length
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lists import BY_ID, MADE, Made, edits, untrue

from tracker.coins import registry as coins
from tracker.finder.generic import blocks
from tracker.model import Quote, plain

COINS = coins.load()
QUICK = settings(max_examples=40, deadline=None, derandomize=True)


def quotes(text: str) -> list[Quote]:
    return [quote for block in blocks(text, COINS) for quote in block.quotes]


def symbols(text: str) -> list[str | None]:
    return [quote.symbol for quote in quotes(text)]


def spelled(q: Quote) -> str:
    cells = (q.symbol, plain(q.price), q.currency, plain(q.change_pct), plain(q.change_abs), q.change_window)
    return "/".join(cell or "" for cell in cells)


def some(which: Callable[[Made], bool] = lambda made: True) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("made", [made for made in MADE if which(made)], ids=lambda made: made.id)


def apart(made: Made) -> bool:
    """Its cells are set apart by more than their signs."""
    return not made.id.startswith("glued")


def lined(made: Made) -> bool:
    """Each row ends its line."""
    return made.after == "\n"


each = some()


@each
def test_a_list_gives_its_rows(made: Made) -> None:
    found = quotes(made.page())
    assert [quote.symbol for quote in found] == [row.symbol for row in made.rows]
    assert not untrue(found, made.rows) and all(quote.change_pct is not None for quote in found)


@each
@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_a_shorter_list_gives_true_rows_or_none(made: Made, size: int) -> None:
    assert not untrue(quotes(made.page(made.pieces(size))), made.rows)


def honest(made: Made, accident: str) -> bool:
    """Whether the page with this accident still says what it said."""
    return not (made.id.startswith("glued") and accident.startswith("doubled"))  # `731` twice is 731731


@each
@pytest.mark.parametrize("size", at_length.some([3, 2, 5], 3))
def test_no_accident_moves_a_figure(made: Made, size: int) -> None:
    wrong = {
        accident: rows
        for accident, pieces in edits(made.pieces(size))
        if honest(made, accident) and (rows := untrue(quotes(made.page(pieces)), made.rows))
    }
    assert not wrong


@pytest.mark.parametrize("made", at_length.some(MADE, 3), ids=lambda made: made.id)
@QUICK
@given(st.data())
def test_two_accidents_in_two_rows_move_no_figure(made: Made, data: st.DataObject) -> None:
    """A row may then be another row's only in name: where a name and the row above it are lost together."""
    one = list(edits(made.pieces()[: len(made.pieces()) // 2]))
    two = list(edits(made.pieces()[len(made.pieces()) // 2 :]))
    (first, head), (second, tail) = data.draw(st.sampled_from(one)), data.draw(st.sampled_from(two))
    if (
        honest(made, first)
        and honest(made, second)
        and not first.startswith("cut")
        and not second.startswith("cut")
    ):
        wrong = untrue(quotes(made.page([*head, *tail])), made.rows)
        assert not [row for row in wrong if row[0] is not None]


@some(lined)
def test_rows_in_another_order_are_the_same_rows(made: Made) -> None:
    width = len(made.pieces(1))
    turned = [
        piece for at in range(len(made.rows), 0, -1) for piece in made.pieces()[(at - 1) * width : at * width]
    ]
    assert not untrue(quotes(made.page(turned)), made.rows)


@some(apart)
def test_signs_that_were_all_lost_are_lost(made: Made) -> None:
    found = quotes(made.page([re.sub("[-+▲▼]", "", piece) for piece in made.pieces()]))
    assert found and not untrue(found, made.rows)
    for quote in found:  # nothing but the arithmetic can tell
        assert (quote.change_pct is None) == ("sign-lost" in quote.flags)
        assert quote.change_pct is None or ("sign-inferred" in quote.flags and quote.change_abs is not None)


@some(apart)
def test_without_plus_the_habit_tells_and_without_minus_nothing_does(made: Made) -> None:
    falls = quotes(made.page([re.sub(r"\+|▲", "", piece) for piece in made.pieces()]))
    rises = quotes(made.page([re.sub("-|▼", "", piece) for piece in made.pieces()]))
    assert falls and not untrue(falls, made.rows) and all(quote.change_pct is not None for quote in falls)
    assert rises and not untrue(rises, made.rows)


# How a list looks whose names stand behind their figures.
BEHIND = [
    ("stacked", "\n", "\n"),
    ("row a line", " ", "\n"),
    ("one line", " ", " "),
    ("glued", "", ""),
    ("pipe", " | ", "\n"),
]


@pytest.mark.parametrize("size", [2, 3, 5])
@pytest.mark.parametrize(
    ("between", "after"), [pair for _, *pair in BEHIND], ids=[name for name, *_ in BEHIND]
)
def test_names_behind_their_figures_take_no_others(between: str, after: str, size: int) -> None:
    made = BY_ID["stacked"]
    rows = [between.join((f"${row.price}", f"{row.pct}%", row.name)) for row in made.rows[:size]]
    assert not untrue(quotes(f"Morning edition\n\n{after.join(rows)}\n\nAll rights reserved\n"), made.rows)


# Rows of a market that are no coins, with the tickers and names that coins share with them.
NO_COINS = [
    "Apple $182.20 +0.40%", "META $512.30 +1.20%", "GAS $2.50 +0.10%", "LINK $14.30 -0.20%", "Gold $2,345.20 +0.31%",
    "S&P 500 $5,212.30 -0.21%", "KOSPI $2,745.82 -0.34%", "USD/KRW $1,350.00 -1.05%", "대시 $60.10 -1.15%",
    "삼성전자 $82.00 +1.20%",
]  # fmt: skip


@settings(max_examples=120, deadline=None, derandomize=True)
@given(before=st.permutations(NO_COINS), behind=st.permutations(NO_COINS), size=st.integers(1, 4))
def test_shares_metals_and_indices_beside_one_coin_are_no_quotes(
    before: list[str], behind: list[str], size: int
) -> None:
    text = "\n".join(["Markets", *before[:size], "Bitcoin $67,123.45 -1.20%", *behind[:size]])
    assert symbols(text) in (["BTC"], [])


SUPPORTED = [
    "Apple $182.20 +0.40%\nBitcoin $67,123.45 -1.20%\nGold $2,345.20 +0.31%",
    "코스피 2,745.82 -0.34%\nBTC 92,150,000 -1.52%\n코스닥 910.05 -0.13%",
]


@pytest.mark.parametrize("text", SUPPORTED)
def test_a_single_coin_inside_a_market_table_is_found(text: str) -> None:
    assert symbols(text) == ["BTC"]


# Lists as sites of many kinds print them -> symbol/price/currency/change_pct/change_abs/window of each row.
LISTS = {
    "french-stock-page": (
        "Palmarès cryptomonnaies\nLibellé Dernier Var. Ouv. + Haut + Bas\n"
        "BTC/EUR - Bitcoin 51 234,10 € -1,25 % 51 880,00 52 010,40 50 900,00\n"
        "ETH/EUR - Ethereum 2 310,55 € +0,50 % 2 299,05 2 330,10 2 280,00\n"
        "XRP/EUR - Ripple 0,5012 € -0,75 % 0,5050 0,5066 0,4990",
        "BTC/51234.1/EUR/-1.25// ETH/2310.55/EUR/0.5// XRP/0.5012/EUR/-0.75//",
    ),
    "korean-exchange": (
        "거래소 입출금 투자내역\n원화 BTC USDT 보유 관심\n한글명 현재가 전일대비 거래대금\n"
        "비트코인\nBTC/KRW\n91,200,000\n-1.25%\n-1,154,430\n210,311백만\n이더리움\nETH/KRW\n"
        "4,512,000\n+0.50%\n22,450\n98,120백만\n리플\nXRP/KRW\n701.5\n-2.04%\n-14.6\n45,331백만",
        "BTC/91200000/KRW/-1.25/-1154430/1d ETH/4512000/KRW/0.5/22450/1d XRP/701.5/KRW/-2.04/-14.6/1d",
    ),
    "about-in-yuan": (
        "币种 最新价 24H涨幅\nBTC $48,211.5 ≈￥345,102.12 -2.35%\n"
        "ETH $2,511.8 ≈￥17,988.40 +0.95%\nLTC $71.5 ≈￥511.99 +0.05%",
        "BTC/48211.5/USD/-2.35//24h ETH/2511.8/USD/0.95//24h LTC/71.5/USD/0.05//24h",
    ),
    "bracketed-pesos": (
        "Las cotizaciones de hoy\n• Bitcoin (BTC): US$61.250,10 (ARS $ 89.425.146)\n"
        "• Solana (SOL): US$83,04 (ARS $ 121.238)\n• Litecoin (LTC): US$53,30 (ARS $ 77.818)",
        "BTC/61250.1/USD/// SOL/83.04/USD/// LTC/53.3/USD///",
    ),
    "percent-as-a-word": (
        "Bitcoin\n\nPrice: $61,250.10\n24-hour gain: 1.25 percent\n\nChiliz (CHZ)\n\n"
        "Price: $0.1866\n24-hour loss: 8.75 percent",
        "BTC/61250.1/USD/1.25//24h CHZ/0.1866/USD/-8.75//24h",
    ),
    "mil": (
        "Criptos às 9h:\nBitcoin: R$ 351,2 mil (-1,5%)\nEthereum: R$ 12,6 mil (+0,3%)\n"
        "Solana: R$ 846,20 (-2,0%)\nXRP: R$ 13,76 (-1,1%)",
        "BTC/351200/BRL/-1.5// ETH/12600/BRL/0.3// SOL/846.2/BRL/-2// XRP/13.76/BRL/-1.1//",
    ),
    "blanks-between-thousands": (
        "Рынок за сутки:\nБиткоин — $61 250 (−1,5%)\nЭфир — $2 148 (+0,3%)\n"
        "Солана — $143,9 (−2,0%)\nТонкоин — $3,02 (−0,9%)",
        "BTC/61250/USD/-1.5// ETH/2148/USD/0.3// SOL/143.9/USD/-2// TON/3.02/USD/-0.9//",
    ),
    "time-first": (
        "Time  Instrument  Price  Change\n14:32 BTC/USD 61,250.10 -1.25%\n"
        "14:32 ETH/USD 2,456.00 +0.40%\n14:31 LTC/USD 82.10 +0.24%",
        "BTC/61250.1/USD/-1.25// ETH/2456/USD/0.4// LTC/82.1/USD/0.24//",
    ),
    "window-behind": (
        "Litecoin LTC\nRank #20\n$82.15\n+3.62% 24h\nMarket Cap$6.2B\n24h Volume$415.4M\n7d-19.94%",
        "LTC/82.15/USD/3.62//24h",
    ),
    "heavy-box": (
        "┃ Symbol ┃ Bid ┃ Ask ┃ Last ┃ 24h Change ┃ 24h Volume ┃\n"
        "│ BTC/USDT │ 61250.00 │ 61251.00 │ 61250.50 │ +2.50% │ 1234.56 │\n"
        "│ ETH/USDT │ 2456.00 │ 2456.10 │ 2456.05 │ -1.20% │ 12345.67 │",
        "BTC/61250.5/USDT/2.5//24h ETH/2456.05/USDT/-1.2//24h",
    ),
    "mcap": (
        "| Coin | Price | MCap | 24h | 7d | Vol |\n|---|---|---|---|---|---|\n"
        "| Bitcoin (BTC) | $61,250 | $1,210.2B | +2.1% | +5.3% | $28,400M |\n"
        "| Solana (SOL) | $178.5 | $78.4B | -4.3% | +12.1% | $3,800M |",
        "BTC/61250/USD/2.1//24h SOL/178.5/USD/-4.3//24h",
    ),
    "toman": (
        "قیمت لحظه ای ارزهای دیجیتال\n• بیت کوین\nBTC\n2,077,200,000\nتومان\n-6.41\n• تتر\n"
        "USDT\n50,490\nتومان\n-0.32\n• اتریوم\nETH\n111,690,000\nتومان\n-6.71\n• ریپل\nXRP\n"
        "31,170\nتومان\n-7.32",
        "BTC/2077200000/IRT/// USDT/50490/IRT/// ETH/111690000/IRT/// XRP/31170/IRT///",
    ),
    "ticker-that-is-a-label": (
        "# | Name | Symbol | Rank | Price (USD) | 24h %\n"
        "1 | Avantis | AVNT | #812 | $0.2663 | -29.11%\n"
        "2 | Worldcoin | WLD | #47 | $1.8844 | +28.91%\n"
        "3 | OpenLedger | OPEN | #298 | $1.1322 | -26.33%",
        "AVNT/0.2663/USD/-29.11//24h WLD/1.8844/USD/28.91//24h OPEN/1.1322/USD/-26.33//24h",
    ),
    "tags": (
        "Some thoughts.\n\n#Marketcap #crypto\n\nBTC\nBTC\n91,017.54\n-2.18%",
        "BTC/91017.54//-2.18//",
    ),
    "a-change-of-nothing": (
        "#crypto\n\nBTC\nBTC\n95,300.42\n0.00%",
        "BTC/95300.42//0//",
    ),
    "indonesian": (
        "Aset Harga Terakhir Perubahan 24 Jam Volume\nBTC/IDR Rp 1.043.215.000 -0,92% 58,2 M\n"
        "ETH/IDR Rp 50.128.000 1,37% 21,9 M\nXRP/IDR Rp 8.412 -2,20% 12,4 M",
        "BTC/1043215000/IDR/-0.92//24h ETH/50128000/IDR/1.37//24h XRP/8412/IDR/-2.2//24h",
    ),
    "turkish": (
        "Çift Son Fiyat Değişim (24s) Hacim\nBTC/TRY 2.345.678 ₺ -%1,23 812.345.678\n"
        "ETH/TRY 81.234 ₺ +%0,45 321.456.789\nXRP/TRY 18,92 ₺ -%3,10 98.765.432",
        "BTC/2345678/TRY/-1.23//24h ETH/81234/TRY/0.45//24h XRP/18.92/TRY/-3.1//24h",
    ),
    "apy-beside": (
        "Asset | Price | 24h | APY\nEthereum | $2,456.00 | -1.2% | 3.2%\n"
        "Solana | $145.20 | +0.4% | 6.9%\nCardano | $0.45 | -0.3% | 2.8%",
        "ETH/2456/USD/-1.2//24h SOL/145.2/USD/0.4//24h ADA/0.45/USD/-0.3//24h",
    ),
    "ether": (
        "SMI 13'004.56 +0.65%\nBitcoin CHF 76'912.50 -8.23%\nEther CHF 1'921.30 -14.01%",
        "BTC/76912.5/CHF/-8.23// ETH/1921.3/CHF/-14.01//",
    ),
}


@pytest.mark.parametrize("name", LISTS)
def test_lists_of_many_kinds(name: str) -> None:
    text, rows = LISTS[name]
    assert " ".join(map(spelled, quotes(text))) == rows


# Pages made to mislead, each with what is true of it: why a reading of it was once false, its text, its rows as above.
TRAPS = [json.loads(line) for line in Path(__file__).with_name("traps.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap["id"])
def test_traps(trap: dict[str, Any]) -> None:
    assert [spelled(quote) for quote in quotes(trap["text"])] == trap["rows"], trap["why"]


# Sentences, captions and lists of other things, as on the pages of facts.
NO_BLOCKS = [
    "Exchange rates\nName | Unit | Value | Type\nBitcoin | BTC | 1.00 | crypto\n"
    "Ether | ETH | 14.25 | crypto\nLitecoin | LTC | 337.10 | crypto\n"
    "Bitcoin Cash | BCH | 130.55 | crypto",  # what one bitcoin is worth
    "| # | Exchange | Pair | Price (USD) | Volume 24h |\n|---|---|---|---|---|\n"
    "| 1 | BTC/USDT | $0.9914 | $8.9B |\n| 2 | BTC/USDT | $0.9924 | $8.8B |\n"
    "| 3 | BTC/USDT | $0.9934 | $8.7B |\n| 4 | BTC/USDT | $0.9944 | $8.6B |\n"
    "| 5 | BTC/USDT | $0.9954 | $8.5B |\n| 6 | BTC/USDT | $0.9964 | $8.4B |\n"
    "| 7 | BTC/USDT | $0.9974 | $8.3B |\n| 8 | BTC/USDT | $0.9984 | $8.2B |\n"
    "| 9 | ETH/USDT | $0.9989 | $1.0B |",  # markets of one coin
    "| Trade | Symbol | Side | Action | Time | Realized P&L ($) |\n"
    "|---|---|---|---|---|---|\n| a1 | ETH/USDT | LONG | OPEN | 2026-09-06 15:00:00 | - |\n"
    "| a2 | BTC/USDT | LONG | OPEN | 2026-09-06 15:00:00 | - |\n"
    "| a2 | BTC/USDT | LONG | CLOSE | 2026-09-07 08:48:11 | $+87.75 |\n"
    "| a1 | ETH/USDT | LONG | CLOSE | 2026-09-07 08:48:13 | $+124.25 |",  # closed trades
    "비트코인은 92,150,000원으로 1.52% 하락했고 이더리움은 4,812,000원으로 0.73% 올랐다.",
    "Bitcoin rose 1.2% to $67,123.45 while Ethereum fell 0.4% to $3,512.20 and Solana gained 2.3% to $172.44.",
    "Prices today: bitcoin $65,000, ether $3,000, solana $150, dogecoin $0.15.",
    "비트코인 9215만원, 이더리움 481만원, 리플 731원에 거래됐다.",
    "이더리움(255만9000원·-7.58%)",
    "리플(XRP)은 0.46% 상승한 413.2원",
    "비트코인(9215만원·-1.52%) 이더리움(481만원·+0.73%) 리플(731원·-2.23%)",
    "A year ago Bitcoin $30,000 and Ethereum $1,800 were",
    "Bitcoin: $67,123.45\nWhy it fell: rates.\n\nEthereum: $3,512.20\nWhy it rose: hope.",
    "• BTC • ETH • XRP bithumb제공",
    "BTC {{data.price}} {{data.change}}%\nETH {{data.price}} {{data.change}}%",
    "BTC $-- --%\nETH $-- --%",
    "종목 현재가 변동률",
    "Bitcoin 52% Ethereum 17% Solana 3%",
    "BTC 0.5 $33,561\nETH 2 $7,024\nSOL 10 $1,724",
    "BTC $1.3T +1.2%\nETH $420B -0.3%\nSOL $80B +2.2%",
    "Bitcoin 2020 $29,000\nBitcoin 2021 $47,000\nEthereum 2020 $730\nEthereum 2021 $3,700",
    "Name | Market Cap | 24h\nBitcoin | $1,300,000,000,000 | +1.2%\nEthereum | $420,000,000,000 | -0.4%",
    "Name | Volume | 24h\nBitcoin | $130,000 | +1.2%\nEthereum | $420,000 | -0.4%",
    "Bitcoin 67,123.45 68,000.1 66,000.5 -1.20%\nEthereum 3,512.2 3,600.1 3,400.5 +0.40%",
    "이날 시세는 비트코인 92,150,000원(-1.52%), 이더리움 4,812,000원(+0.73%), 리플 731원(-2.23%)이다.",
    "Name Volume (24h)\nBitcoin $130,000 +1.2%\nEthereum $420,000 -0.4%",
    "24시간 거래량\n비트코인 1,234 -1.52%\n이더리움 20,333 +0.73%\n리플 1,020,333 +0.73%",
    "Coin | Open Interest | 24h\nBitcoin | $130,000 | +1.2%\nEthereum | $420,000 | -0.4%\nSolana | $80,000 | -0.4%",
    "Market Cap\nBitcoin $130,000 +1.2%\nEthereum $420,000 -0.4%\nSolana $80,000 -0.4%",
]


@pytest.mark.parametrize("text", NO_BLOCKS)
def test_what_is_no_list_of_prices(text: str) -> None:
    for page in (text, f"Morning edition\n\n{text}\n\nAll rights reserved\n"):
        assert symbols(page) == []


PROSE = (
    "The harbour was quiet that morning, and the fishermen mended their nets while gulls walked along the old stone pier. "
    * 2
)


def test_two_blocks_give_two() -> None:
    one, two = BY_ID["row-a-line"], BY_ID["row-a-line-won"]
    found = blocks(f"{one.page()}\n{PROSE}\n{two.page()}", COINS)
    assert [len(block.quotes) for block in found] == [5, 5]
    assert not untrue(found[0].quotes, one.rows) and not untrue(found[1].quotes, two.rows)
    assert found[0].start <= found[0].first < found[0].end <= found[1].start <= found[1].first


def test_rows_far_apart_are_no_one_list() -> None:
    """Short lines of a menu in between, no sentence: what stands 1,500 characters away belongs to something else."""
    one, two = BY_ID["stacked"], BY_ID["stacked-won"]
    found = blocks(one.page() + "Menu entry\n" * 200 + two.page(), COINS)
    assert [len(block.quotes) for block in found] == [5, 5]
    assert symbols("Bitcoin $67,123.45 -1.20%\n" + "Menu entry\n" * 200 + "Ethereum $3,512.20 +0.40%\n") == []


def test_the_same_list_twice_is_one() -> None:
    made = BY_ID["row-a-line"]
    assert symbols(made.page(made.pieces() * 2)) == [row.symbol for row in made.rows]


@some(lined)
def test_a_coin_with_two_prices_is_refused(made: Made) -> None:
    """Markets, history or amounts: nobody can say which is the price."""
    width = len(made.pieces(1))
    other = [piece.replace(made.rows[0].price[:2], "31") for piece in made.pieces(1)]
    found = quotes(made.page([*made.pieces(), *other, *made.pieces()[width:]]))
    assert not untrue(found, made.rows)
    proven = made.id in ("amount", "bracket")  # there the arithmetic says which of the two is none
    assert ("BTC" in {quote.symbol for quote in found}) is proven


# Lists without changes: words around them must say what they are.
BARE = "Bitcoin\n$67,123.45\nEthereum\n$3,512.20\nSolana\n$172.44\nDogecoin\n$0.1587"


@pytest.mark.parametrize(
    ("above", "found"),
    [("Crypto prices", 4), ("Name\nPrice", 4), ("Entry fees", 0), ("Our prize draw", 0), ("", 0)],
)
def test_bare_prices_need_words_of_a_market(above: str, found: int) -> None:
    assert len(quotes(f"{above}\n{BARE}\n")) == found


@pytest.mark.parametrize(
    ("above", "fifth", "found"),
    [("", "$0.4612", 5), ("", "0.4612", 0), ("Our prize draw", "$0.4612", 0), ("", "Read on\n$0.4612", 0)],
)
def test_five_coins_in_regular_rows_with_their_money_need_none(above: str, fifth: str, found: int) -> None:
    assert len(quotes(f"{above}\n{BARE}\nCardano\n{fifth}\n")) == found


@each
def test_figures_of_the_list_vote_and_not_those_of_the_page(made: Made) -> None:
    """An article full of figures in the other format changes nothing."""
    article = (
        "Umsatz 1.234.567,89 Euro, dazu 2.345,6 Prozent"
        if made.id not in ("euro", "french")
        else "1,234,567.89 and 2,345.67 more"
    )
    assert not untrue(quotes(f"{article}\n{PROSE}\n{made.page()}\n{PROSE}\n{article}"), made.rows)


@pytest.mark.parametrize(
    "title",
    [
        "오늘의 코인",
        "실시간 암호화폐 시세",
        "주요 암호화폐",
        "Cryptocurrencies",
        "Crypto prices",
        "코인 시세 (단위: 원)",
        # heads of a price, every one, over two columns
        "실시간 시세",
        "시세",
        "코인 가격",
        "Live price",
        "Quote",
    ],
)
def test_a_title_takes_nothing_away(title: str) -> None:
    made = BY_ID["stacked-won"]
    for listed_ in (made.page(), "".join(made.pieces())):
        found = quotes(f"{title}\n{listed_}")
        assert [quote.change_pct for quote in found] == [row.truth[2] for row in made.rows]


@st.composite
def listed(draw: st.DrawFn) -> list[tuple[str, str, int, Decimal]]:
    """Five coins at prices in won that stood beside each other between 2017 and 2025, with any change of a day."""
    bitcoin = draw(st.integers(20_000_000, 160_000_000))
    prices = (
        bitcoin,
        draw(st.integers(bitcoin // 60, bitcoin // 10)),
        draw(st.integers(300, 2000)),
        draw(st.integers(200, 2000)),
        draw(st.integers(20, 400)),
    )
    names = (("비트코인", "BTC"), ("이더리움", "ETH"), ("리플", "XRP"), ("에이다", "ADA"), ("트론", "TRX"))
    moves = st.decimals(min_value=-25, max_value=25, places=2, allow_nan=False, allow_infinity=False).filter(
        bool
    )
    return [(*name, price, draw(moves)) for name, price in zip(names, prices, strict=True)]


@settings(max_examples=30, deadline=None, derandomize=True)
@given(listed())
def test_any_day_s_prices_come_out_as_they_stand(rows: list[tuple[str, str, int, Decimal]]) -> None:
    text = "\n".join(f"{name} {price:,}원 {pct:+}%" for name, _, price, pct in rows)
    found = [
        (quote.symbol, quote.price, quote.change_pct, quote.currency)
        for quote in quotes(f"Morning edition\n{text}\n")
    ]
    assert found == [(symbol, Decimal(price), pct, "KRW") for _, symbol, price, pct in rows]
