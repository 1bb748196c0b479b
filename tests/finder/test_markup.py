"""Lists that a page's markup tells: what each build gives. Pages of our own making, each after a build met on the web."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from builds import BUILDS, CHANGES, PRICES, SYMBOLS, each
from hypothesis import given
from hypothesis import strategies as st

from tracker.finder import examine, tree
from tracker.finder.direction import direction, tokens
from tracker.model import Page, Quote, plain
from tracker.pages.document import page as page_of


def read(body: str) -> list[tuple[str | None, str | None, str | None, str | None]]:
    """(symbol, currency, price, change) of every quote of a page with this body."""
    html = f"<!doctype html><html><head><title>Evening</title></head><body><p>Rain is expected.</p>{body}</body></html>"
    verdict = examine(page_of(html.encode(), Page("", "made")), [])
    return [
        (q.symbol, q.currency, plain(q.price), plain(q.change_pct)) for b in verdict.blocks for q in b.quotes
    ]


def quotes(body: str) -> list[Quote]:
    html = f"<!doctype html><html><body>{body}</body></html>"
    return [q for b in examine(page_of(html.encode(), Page("", "made")), []).blocks for q in b.quotes]


def flags(body: str) -> set[str]:
    return {flag for quote in quotes(body) for flag in quote.flags}


WHOLE = [
    (SYMBOLS[n], "USD", PRICES[n].replace(",", "").rstrip("0").rstrip("."), str(float(CHANGES[n])))
    for n in PRICES
]
WHOLE = [(s, c, p, ch.rstrip("0").rstrip(".")) for s, c, p, ch in WHOLE]


@pytest.mark.parametrize("build", BUILDS)
def test_each_build_is_read(build: str) -> None:
    assert sorted(read(BUILDS[build])) == sorted(WHOLE)


def test_a_sign_of_the_markup_is_flagged_and_a_printed_one_is_not() -> None:
    assert "sign-from-markup" in flags(BUILDS["sign in a class"])
    assert "sign-from-markup" not in flags(BUILDS["boxes"])


# markup that says nothing of the direction, or two things: the change is null, the price stands
SILENT = {
    "a colour": '<li><b>{name}</b> <span>${price}</span> <em class="red">{size}%</em></li>',
    "both": '<li><b>{name}</b> <span>${price}</span> <em><i class="up"></i><i class="down"></i>{size}%</em></li>',
    "a word in a word": '<li class="dropdown"><b>{name}</b> <span>${price}</span> <em class="popup">{size}%</em></li>',
}


@pytest.mark.parametrize("kind", SILENT)
def test_a_lost_sign_stays_lost(kind: str) -> None:
    rows = read("<ul>" + each(SILENT[kind]) + "</ul>")
    assert len(rows) == 4 and {change for *_, change in rows} == {None}


COLOURED = '<li><b>{name}</b> <span>${price}</span> <em class="{colour}">{size}%</em></li>'
INDEX = '<p>KOSPI <em class="{}">{}1.25%</em></p><p>KOSDAQ <em class="{}">{}0.31%</em></p>'
SHOWN = {n: "red" if CHANGES[n].startswith("-") else "blue" for n in CHANGES}


@pytest.mark.parametrize(
    ("index", "told"),
    [
        (INDEX.format("red", "-", "red", "-") + INDEX.format("blue", "+", "blue", "+"), 4),
        (INDEX.format("red", "-", "red", "-"), 4 - sum(colour == "blue" for colour in SHOWN.values())),
        (INDEX.format("red", "-", "blue", "+"), 0),  # one of each proves nothing
        (INDEX.format("red", "-", "red", "+") + INDEX.format("red", "-", "red", "+"), 0),
        ("", 0),
    ],
)
def test_a_colour_is_a_sign_where_the_page_itself_proves_it(index: str, told: int) -> None:
    rows = "".join(
        COLOURED.format(name=n, price=PRICES[n], colour=SHOWN[n], size=CHANGES[n].lstrip("+-"))
        for n in PRICES
    )
    given = read(f"<div>{index}</div><ul>{rows}</ul>")
    known = {symbol: change for symbol, _, _, change in given if change is not None}
    assert len(given) == 4 and len(known) == told
    assert known.items() <= {(symbol, change) for symbol, _, _, change in WHOLE}


# lists that are none of present prices
NONE = {
    "market values": "<table><tr><th>Coin<th>Market Cap<th>Volume (24h)</tr>" + each("<tr><td>{name}<td>{cap}<td>{cap}</tr>") + "</table>",
    "holdings": "<h2>My portfolio</h2><table><tr><th>Asset<th>Amount<th>Value</tr>" + each("<tr><td>{name}<td>2.5<td>$1,000.00</tr>") + "</table>",
    "fees": "<h2>Withdrawal fees</h2><table><tr><th>Coin<th>Fee</tr>" + each("<tr><td>{name}<td>$2</tr>") + "</table>",
    "a menu": "<ul>" + each('<li><a href="/{symbol}">{name}</a></li>') + "</ul>",
    "prices tenfold": "<table><tr><td>Bitcoin<td>$671,234<tr><td>Ethereum<td>$35.12<tr><td>Solana<td>$9,172<tr><td>Litecoin<td>$0.02</table>",
}  # fmt: skip


@pytest.mark.parametrize("kind", NONE)
def test_what_is_no_list_of_prices_is_not_taken(kind: str) -> None:
    assert read(NONE[kind]) == []


DATA = [
    {"symbol": s, "name": n, "price": float(PRICES[n].replace(",", "")), "percentChange24h": float(CHANGES[n]), "marketCap": 1e9}
    for n, s in SYMBOLS.items()
]  # fmt: skip
SCRIPTS = {
    "next": '<script id="__NEXT_DATA__" type="application/json">{}</script>',
    "assigned": "<script>var a = 1; window.__STATE__ = {}; go(a)</script>",
    "a text": '<script type="application/json">{{"body": {text}}}</script>',
}


@pytest.mark.parametrize("kind", SCRIPTS)
def test_embedded_lists_are_read(kind: str) -> None:
    state = json.dumps({"props": {"list": DATA}})
    body = SCRIPTS[kind].format(state, text=json.dumps(state))
    rows = read(body)
    assert [(s, p, c) for s, _, p, c in rows] == [(s, p, c) for s, _, p, c in WHOLE]
    assert "embedded" in flags(body)


def test_what_is_printed_too_is_one_block_the_printed_one() -> None:
    body = BUILDS["boxes"] + SCRIPTS["next"].format(json.dumps(DATA))
    assert sorted(read(body)) == sorted(WHOLE) and "embedded" not in flags(body)


def test_data_keeps_its_digits_until_the_table_cuts_them() -> None:
    exact = [{**row, "percentChange24h": row["percentChange24h"] + 0.000012345} for row in DATA]  # type: ignore[operator]
    first, *_ = quotes(SCRIPTS["next"].format(json.dumps(exact)))
    assert first.flags == ("embedded", "rounded") and str(first.change_pct) == "-1.199987655"
    assert str(first.held.change_pct) == "-1.2000" and first.held.price == first.price


def test_a_picture_names_its_row_by_its_title_too() -> None:
    rows = read("<div>" + each('<p><img title="{name}"> <b>${price}</b> <i>{change}%</i></p>') + "</div>")
    assert sorted(rows) == sorted(WHOLE)


BARE = (
    "<table><tr><th>Coin<th>Price{}<th>24h</tr>"
    + each("<tr><td>{name}<td>{price}<td>{change}%</tr>")
    + "</table>"
)


@pytest.mark.parametrize(
    ("above", "money"),
    [("<h2>Prices in US dollars, USD</h2>", {"USD"}), ("<h2>Kurse in CHF</h2>", {"CHF", None})],
)
def test_words_above_decide_which_of_the_fitting_currencies_is_meant(
    above: str, money: set[str | None]
) -> None:
    rows = read(above + BARE.format(""))
    assert len(rows) == 4 and {currency for _, currency, *_ in rows} <= money


def test_rows_that_leave_cells_to_a_script_do_not_hide_the_whole_ones() -> None:
    """A page draws its first rows, and leaves the cells behind the price of all others to a script."""
    heads = "<table><tr><th>#<th>Name<th>Price<th>24h %<th>7d %</tr>"
    later = "".join(f"<tr><td>9<td>{n}<td>$1.0{i}<td colspan=9></tr>" for i, n in enumerate(LATER))
    rows = read(heads + each("<tr><td>1<td>{name}<td>${price}<td>{change}%<td>+1%</tr>") + later + "</table>")
    assert sorted(row for row in rows if row[0] in SYMBOLS.values()) == sorted(WHOLE)


def test_a_head_over_two_figures_says_what_each_is() -> None:
    rows = read(
        "<table><tr><th>Symbol<th>Price & Change<th>Market Cap</tr>"
        + each("<tr><td>{name}<td>${price} <span>{change}%</span><td>{cap}</tr>")
        + "</table>"
    )
    assert sorted(rows) == sorted(WHOLE)


BAR = "<div class=bar>{}</div>"
QUOTED = (
    "<div class=quote><div class=name>{}</div><div class=icon><i></i></div><div class=value>{}</div></div>"
)
ALONE = BAR.format(
    "".join(
        f"<p><span>{name}</span> <b>{price}</b> <em class='{way}'>{size}%</em></p>"
        for name, price, size, way in (
            ("코스피", "2,687.44", "0.47", "up"), ("코스닥", "862.96", "0.37", "down"), ("비트코인", "94,786,000", "1.23", "down"),
        )
    )
)  # fmt: skip


def test_one_coin_among_indices_has_the_sign_of_its_markup() -> None:
    assert [(symbol, price, change) for symbol, _, price, change in read(ALONE)] == [
        ("BTC", "94786000", "-1.23")
    ]


RATES = (("Dolar", "37.99"), ("Euro", "41.62"), ("Altın", "3,037.42"), ("BIST 100", "9,379.83"))


@pytest.mark.parametrize(
    ("pairs", "rows"),
    [
        ((("ETH/USDT", "1,801.40"), ("BTC/USDT", "83,300.00")), 2),
        ((("ETH", "1,801.40"), ("BTC", "83,300.00")), 0),  # nothing says in what
        ((("ETH/USDT", "83,300.00"), ("BTC/USDT", "1,801.40")), 0),  # no week has such prices
    ],
)
def test_two_pairs_among_indices_and_currencies_are_prices_if_they_cost_that(
    pairs: tuple[tuple[str, str], ...], rows: int
) -> None:
    told = read(BAR.format("".join(QUOTED.format(*one) for one in (*RATES[:3], *pairs, RATES[3]))))
    assert len(told) == rows and {money for _, money, *_ in told} <= {"USDT"}


LATER = ("Litecoin", "Monero", "Stellar", "Tezos", "Algorand", "Cosmos", "Chainlink", "Polkadot")
TICKERS = (
    "<table><tr><th>Name<th>Price<th>24h</tr>"
    + each("<tr><td><b>{name}</b> <i>{symbol}</i><td>${price}<td>{change}%</tr>")
    + "<tr><td><b>Zephyrium</b> <i>{}</i><td>$12.34<td>+3.20%</tr></table>"
)


@pytest.mark.parametrize(
    ("printed", "symbol"), [("ZPHR", "ZPHR"), ("stZPH", "stZPH"), ("Zephyriumzephyrium", None)]
)
def test_a_ticker_that_no_list_knows_is_given_as_printed_where_the_others_print_theirs(
    printed: str, symbol: str | None
) -> None:
    rows = read(TICKERS.replace("{}", printed))
    assert (symbol, "USD", "12.34", "3.2") in rows or symbol is None
    assert ("symbol-printed" in flags(TICKERS.replace("{}", printed))) == (symbol is not None)


def test_a_dollar_price_of_millions_is_a_market_value() -> None:
    rows = "".join(f"<tr><td>{n}<td>$1,{i}21,000,000<td>+1.{i}%</tr>" for i, n in enumerate(LATER))
    assert read(f"<table><tr><th>Name<th>Price<th>24h</tr>{rows}</table>") == []


def test_a_coin_that_nobody_knows_is_refused_or_has_no_symbol() -> None:
    html = '<div class="board">' + each("<div><div>{name}</div><div>${price}</div><div>{change}%</div></div>")
    html += "<div><div>Zephyrium</div><div>$12.34</div><div>+3.20%</div></div></div>"
    assert (None, "USD", "12.34", "3.2") in read(html)


DIRECTIONS = {
    "icon-CaretDown": -1, "positive_change": 1, "price-up": 1, "dropdown": 0, "markup": 0, "is-falling": -1,
    "artanKur": 1, "degisim azalan": -1, "up down": 0, "상승": 1, "arrow_fall.png": -1, "": 0,
}  # fmt: skip


@pytest.mark.parametrize("words", DIRECTIONS)
def test_what_the_words_of_markup_say(words: str) -> None:
    assert direction(tokens(words)) == DIRECTIONS[words]


@given(st.text(st.sampled_from("<>/ab \"'=-!divtr&;\n")))
def test_any_markup_makes_a_tree(html: str) -> None:
    """Whatever stands there: no text of it is lost, and nothing hangs."""
    top = tree.read(html)
    assert all(node.parent is not None for node in top.walk() if node is not top)


def test_a_deep_tree_is_read() -> None:
    deep = "<div>" * 5000 + "Bitcoin $67,123.45" + "</div>" * 5000
    assert "Bitcoin" in tree.read(deep).text


def test_seeds_are_text_and_stay_so() -> None:
    seed = next(Path(__file__).parents[2].joinpath("seeds").glob("ebn-*.txt"))
    assert page_of(seed.read_bytes(), Page("", "seed")).html is None


def test_an_icon_before_a_bare_text_says_its_sign() -> None:
    body = "<marquee>" + "".join(
        f"<b>{s}</b>: ${p} <i class='fa fa-arrow-{way}'></i> {c}% | "
        for s, p, way, c in (
            ("BTC", "67,123.45", "down", "1.2"),
            ("ETH", "3,512.20", "up", "0.4"),
            ("SOL", "172.44", "up", "2.1"),
        )
    )
    assert [row[3] for row in read(body + "</marquee>")] == ["-1.2", "0.4", "2.1"]


@pytest.mark.parametrize(
    ("rate", "expected"), [("0.92", {"USD", "EUR"}), ("spread", {"USD"})], ids=["one rate", "no rate"]
)
def test_a_second_money_is_given_where_one_rate_leads_to_it(rate: str, expected: set[str]) -> None:
    prices = {"Bitcoin": 67123.45, "Ethereum": 3512.2, "Solana": 172.44}
    other = {n: p * (0.92 if rate != "spread" else 0.4 + 0.5 * i) for i, (n, p) in enumerate(prices.items())}
    body = "<table><tr><th>Coin</th><th>Price ($)</th><th>Price (€)</th><th>24h</th></tr>" + "".join(
        f"<tr><td>{n}</td><td>{p:,.2f}</td><td>{other[n]:,.2f}</td><td>+1.2%</td></tr>"
        for n, p in prices.items()
    )
    assert {row[1] for row in read(body + "</table>")} == expected


def test_coins_side_by_side_are_rows() -> None:
    cells = {
        "Coin": ("BTC", "ETH", "SOL"),
        "Price": ("$67,123.45", "$3,512.20", "$172.44"),
        "24h": ("-1.2%", "+0.4%", "+2.1%"),
    }
    body = "".join(
        f"<tr><th>{h}</th>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for h, row in cells.items()
    )
    assert read(f"<table>{body}</table>") == [
        ("BTC", "USD", "67123.45", "-1.2"), ("ETH", "USD", "3512.2", "0.4"), ("SOL", "USD", "172.44", "2.1")
    ]  # fmt: skip


def test_the_same_price_in_a_coin_too_is_no_second_row() -> None:
    body = "<table><tr><th>Coin</th><th>Price</th><th>Price (BTC)</th></tr>" + "".join(
        f"<tr><td>{n}</td><td>${p}</td><td>{b}</td></tr>"
        for n, p, b in (
            ("Ethereum", "3,512.20", "0.05232"),
            ("Solana", "172.44", "0.002569"),
            ("XRP", "0.5212", "0.00000776"),
        )
    )
    told = read(body + "</table>")
    assert [row[:2] for row in told] == [("ETH", "USD"), ("SOL", "USD"), ("XRP", "USD")]
