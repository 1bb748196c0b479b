"""Pages that no layout knows: every row given is a row of the page. A row may be lost; a wrong value is the sin."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lists import BY_ID, MADE, Made, edits, untrue

from tracker import coins
from tracker.generic import blocks
from tracker.model import Quote

COINS = coins.load()
QUICK = settings(max_examples=40, deadline=None, derandomize=True)


def quotes(text: str) -> list[Quote]:
    return [quote for block in blocks(text, COINS) for quote in block.quotes]


def symbols(text: str) -> list[str | None]:
    return [quote.symbol for quote in quotes(text)]


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
@pytest.mark.parametrize("size", [2, 3, 5])
def test_no_accident_moves_a_figure(made: Made, size: int) -> None:
    wrong = {
        accident: rows
        for accident, pieces in edits(made.pieces(size))
        if honest(made, accident) and (rows := untrue(quotes(made.page(pieces)), made.rows))
    }
    assert not wrong


@each
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


# Sentences, captions and lists of other things, as on the pages of facts.
NO_BLOCKS = [
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
