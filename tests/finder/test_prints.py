"""Ways in which pages, programs and interfaces print a list of prices: each gives the same three coins."""

from __future__ import annotations

import json

import pytest

from tracker.finder import examine
from tracker.model import Page, plain
from tracker.pages.document import page as page_of

Row = tuple[str | None, str | None, str | None, str | None]  # symbol, currency, price, change
BARE = [("BTC", "67123.45", "-1.2"), ("ETH", "3512.2", "0.4"), ("SOL", "172.44", "2.1")]

CHEAP = [
    ("BTC", "67123.45", "-1.2"),
    ("ETH", "3512.2", "0.4"),
    ("DOGE", "0.1634", "3.05"),
]  # 3.05 can be no money


def rows(currency: str | None, changes: bool = True) -> list[Row]:
    return [(symbol, currency, price, change if changes else None) for symbol, price, change in BARE]


def each(line: str) -> str:
    """A line for each coin, with {s} its ticker, {n} its name, {p} its price, {c} its signed change."""
    shown = (
        ("BTC", "Bitcoin", "67,123.45", "-1.2"),
        ("ETH", "Ethereum", "3,512.20", "+0.4"),
        ("SOL", "Solana", "172.44", "+2.1"),
    )
    more = ({"sign": c[0], "size": c[1:], "q": p.replace(",", ""), "t": s.lower()} for s, _, p, c in shown)
    return "".join(
        line.format(s=s, n=n, p=p, c=c, **one) for (s, n, p, c), one in zip(shown, more, strict=True)
    )


INTERFACE = json.dumps(
    [{"symbol": f"{s}USDT", "lastPrice": p, "priceChangePercent": c, "volume": "23123.1"} for s, p, c in BARE]
)
PRINTS: dict[str, tuple[str, list[Row]]] = {
    "a coin's sign before its name": (each("₿ {n} – ${p} ({c}%)\n"), rows("USD")),
    "Brazilian reals": (
        "Bitcoin – R$ 350.000,00 (+2,1%)\nEthereum – R$ 18.500,10 (-0,4%)\nSolana – R$ 910,20 (+1,1%)\n",
        [("BTC", "BRL", "350000", "2.1"), ("ETH", "BRL", "18500.1", "-0.4"), ("SOL", "BRL", "910.2", "1.1")],
    ),
    "keys and values": (each("{s}={q};"), rows(None, False)),
    "counted up": (each("{s} ${p}, "), rows("USD", False)),
    "small letters": (each("{t} {q} {c}%\n"), rows(None)),
    "labels before the names": (each("- coin: {s}\n  price: {q}\n  change: {c}%\n"), rows(None)),
    "figures torn over lines": (each("{s}\n$\n{p}\n{sign}\n{size}\n%\n"), rows("USD")),
    "signs that stand apart, with an escape": (each("{s} $ {p} \\{sign} {size} % "), rows("USD")),
    "changes over several windows, none of them marked": (
        "| Coin | Price | 1 hour | 24 hour | 7 days |\n|---|---|---|---|---|\n"
        + each("| {s} | ${p} | 0.1 | {c} | -3.2 |\n"),
        rows("USD"),
    ),
    "changes of less than so much": (
        "| Coin | Price | 24h |\n|---|---|---|\n" + each("| {s} | ${p} | <0.1% |\n"),
        rows("USD", False),
    ),
    "in bitcoin too": (
        "| Coin | Price (USD) | Price (BTC) | 24h |\n|---|---|---|---|\n| BTC | $67,123.45 | 1.0001 | -1.2% |\n"
        "| ETH | $3,512.20 | 0.052324 | +0.4% |\n| SOL | $172.44 | 0.002569 | +2.1% |\n",
        rows("USD"),
    ),
    "an icon font": (each("\ue801{n} {s}\n{p} USD\n{c}%\n"), rows("USD")),
    "ten thousands": (
        "ビットコイン 1,012万5,678円 +1.2%\nイーサリアム 53万2,100円 -0.4%\nリップル 81.2円 +2.1%\n",
        [("BTC", "JPY", "10125678", "1.2"), ("ETH", "JPY", "532100", "-0.4"), ("XRP", "JPY", "81.2", "2.1")],
    ),
    "heads that name an exchange and money": (
        "| 코인 | 업비트(원) | 바이낸스($) | 김프 |\n|---|---|---|---|\n| BTC | 94,786,000 | 67,123.45 | 2.1% |\n"
        "| ETH | 4,795,000 | 3,512.20 | 2.0% |\n| XRP | 712 | 0.5212 | 2.2% |\n",
        [("BTC", "KRW", "94786000", None), ("ETH", "KRW", "4795000", None), ("XRP", "KRW", "712", None)],
    ),
    "what an interface answers": (INTERFACE, rows("USDT")),
    "prices by coin in data": (
        json.dumps({n: {"usd": float(p)} for n, (_, p, _) in zip(("bitcoin", "ethereum", "solana"), BARE, strict=True)}),
        rows("USD", False),
    ),
    "what a program prints": (
        "Tonight's figures:\n\n    {"
        + ", ".join(f"'{s}': {{'price': {p}, 'change_24h': {c}}}" for s, p, c in CHEAP)
        + "}\n",
        [(s, None, p, c) for s, p, c in CHEAP],
    ),
    "a list in a program": (
        "<html><body><p>Loading</p><script>const coins = ["
        + ", // one a coin\n".join(f"{{ id: '{s}', price: {p}, icon: Icon, changePercent: '{c}%', }}" for s, p, c in BARE)
        + "];\nrender(coins);</script></body></html>",
        rows(None),
    ),
    "commas between cells, under heads": (
        "symbol,price_usd,change_24h\n" + "".join(f"{s},{p},{c}\n" for s, p, c in CHEAP),
        [(s, "USD", p, c) for s, p, c in CHEAP],
    ),
    "a log": (
        "".join(f"2024-05-21 12:00:01 INFO {s}USD: {p} ({c}%)\n" for s, p, c in BARE),
        rows("USD"),
    ),
    "one coin is": (
        "<html><body><ul>" + each("<li>1 {s} = <b>{q}</b> USD <i>{c}%</i></li>") + "</ul></body></html>",
        rows("USD"),
    ),
    "digits left out": (each("{n}\n{q}81234... USD\n{c}%\n"), [
        (s, "USD", f"{p}{'0' if s == 'ETH' else ''}81234", c) for s, p, c in BARE]),
    "nothing between the cells": (
        "<html><body><ul>"
        + each("<li><b>{s}</b><b>/USDT</b><i>Vol </i><i>9,100,000</i><span>{q}</span><span>{c}%</span></li>")
        + "</ul></body></html>",
        rows("USDT"),
    ),
    "one object a line": (
        "".join(json.dumps({"symbol": s, "price": float(p), "changePercent": float(c)}) + "\n" for s, p, c in BARE),
        rows(None),
    ),
    "cashtags": (each("${s}: {p} ({c}%)\n"), rows(None)),
    "a plus and a minus over the changes": (
        "| Name | Kurs | +/- |\n|---|---|---|\n" + each("| {n} | {p} € | {c} % |\n"),
        rows("EUR"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", PRINTS)
def test_each_print_is_read(kind: str) -> None:
    text, expected = PRINTS[kind]
    blocks = examine(page_of(text.encode(), Page("", "made")), []).blocks
    told = [(q.symbol, q.currency, plain(q.price), plain(q.change_pct)) for b in blocks for q in b.quotes]
    assert told == expected


# The same prints with figures that are no prices.
NONE = {
    "holdings counted up": "In the wallet: BTC 2, ETH 30, SOL 100, ",
    "holdings as keys": "BTC=2;ETH=30;SOL=100;",
    "highs and lows": each("{n} high ${p} low ${p} volume 1,204 {s}\n"),
    "spans of prices": "| Coin | Usual |\n|---|---|\n| BTC | $60,000 - $70,000 |\n| ETH | $3,000 - $4,000 |\n"
    "| SOL | $150 - $190 |\n",
    "transactions": "| Date | Coin | Amount | Price | Total |\n|---|---|---|---|---|\n"
    "| 2023-11-16 | BTC | 0.2 | $36,000 | $7,200 |\n| 2023-11-18 | ETH | 2 | $1,960 | $3,920 |\n"
    "| 2023-12-02 | SOL | 9 | $61.50 | $553.50 |\n",
    "words that are coins too": "near 12.5 +1.2%\nlink 40.1 -0.4%\ndot 7.5 +2.1%\n",
    "a manual's example": "Response of the endpoint:\n  ["
    + ", ".join(f'{{"symbol": "{s}", "price": {p}}}' for s, p, _ in BARE)
    + "]\n",
    "a program's calls": "<html><body><script>var coins = [{id: 'BTC', price: of(67123)}, {id: 'ETH', price: of(3512)}];"
    "</script></body></html>",
    "prices of other years": "| Coin | 2025 | 2026 | 2030 |\n|---|---|---|---|\n"
    + each("| {n} | ${p} | ${p} | ${p} |\n"),
    "prices to wait for": "| Coin | Alert price | Direction |\n|---|---|---|\n"
    + each("| {n} | ${p} | above |\n"),
    "what somebody holds": "| Coin | Holdings | Value |\n|---|---|---|\n" + each("| {n} | 2.5 | ${p} |\n"),
    "alerts in data": json.dumps({"alerts": [{"symbol": s, "price": float(p)} for s, p, _ in BARE]}),
    "volumes of an interface": json.dumps([{"symbol": f"{s}USDT", "volume": p} for s, p, _ in BARE]),
}


@pytest.mark.parametrize("kind", NONE)
def test_what_is_no_price_is_not_taken(kind: str) -> None:
    blocks = examine(page_of(NONE[kind].encode(), Page("", "made")), []).blocks
    assert not [q for b in blocks for q in b.quotes]


def test_a_price_of_the_wrong_decimal_mark_is_refused_where_the_others_tell() -> None:
    text = "Bitcoin $43.250\nEthereum $2.280\nDogecoin $0.081\nSolana $98.40\n"
    blocks = examine(page_of(text.encode(), Page("", "made")), []).blocks
    assert {q.symbol for b in blocks for q in b.quotes} <= {"DOGE", "SOL"}
    assert {"BTC", "ETH"} <= {
        s
        for b in blocks
        for r in b.refused
        for s, n in (("BTC", "Bitcoin"), ("ETH", "Ethereum"))
        if n in r.row_text
    }


def test_one_coin_among_indices_has_both_changes() -> None:
    text = "코스피 2,687.44 +12.50 (0.47%)\n코스닥 862.96 -3.21 (0.37%)\n환율 1,347.50 +2.50 (0.19%)\n"
    text += "Bitcoin GBP 50,299.20 +493.87 (+0.99%)\n"
    (quote,) = (q for b in examine(page_of(text.encode(), Page("", "made")), []).blocks for q in b.quotes)
    assert (quote.currency, plain(quote.change_pct), plain(quote.change_abs)) == ("GBP", "0.99", "493.87")
