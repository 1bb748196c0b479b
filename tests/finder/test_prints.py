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


LATER = [
    ("Bitcoin", "84134"), ("Ethereum", "3900.2"), ("XRP", "0.68"), ("BNB", "319.66"), ("Solana", "55.61"),
    ("Dogecoin", "0.212"),
]  # fmt: skip


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
    "blanks between thousands, a point before decimals": (
        "Bitcoin\t16 832.59 $\t+0.45 %\nEthereum\t1 214.33 $\t-0.12 %\nBNB\t246.55 $\t+1.05 %\n",
        [("BTC", "USD", "16832.59", "0.45"), ("ETH", "USD", "1214.33", "-0.12"), ("BNB", "USD", "246.55", "1.05")],
    ),
    "an exchange's codes in a log": (
        "[2024-05-01 10:00:01] [KRW-BTC] price=86,123,000 change=-1.21%\n"
        "[2024-05-01 10:00:01] [KRW-ETH] price=4,312,000 change=+0.33%\n"
        "[2024-05-01 10:00:01] [KRW-XRP] price=712 change=-0.56%\n",
        [("BTC", "KRW", "86123000", "-1.21"), ("ETH", "KRW", "4312000", "0.33"), ("XRP", "KRW", "712", "-0.56")],
    ),
    "a logger's lines": (each("INFO:root:{s}USDT last={q} 24h={c}%\n"), rows("USDT")),
    "settings": (each("{s}_PRICE={q}\n"), rows(None, False)),
    "joined by underscores": (each("{t}_usd {q} {c}%\n"), rows("USD")),
    "at": (each("{s} @ ${p} ({c}%)\n"), rows("USD")),
    "the price of": (each("Kurs {n} ${p} {c}%\n"), rows("USD")),
    "pictures of charts, by their codes": (
        "**BTC** `$67,123.45` :chart_with_downwards_trend: `1.2%`\n**ETH** `$3,512.20` :chart_with_upwards_trend: `0.4%`\n"
        "**SOL** `$172.44` :chart_with_upwards_trend: `2.1%`\n",
        rows("USD"),
    ),
    "coins side by side": (
        "|  | BTC | ETH | SOL |\n|---|---|---|---|\n| Price | $67,123.45 | $3,512.20 | $172.44 |\n"
        "| 24h change | -1.2% | +0.4% | +2.1% |\n",
        rows("USD"),
    ),
    "coins side by side, set apart by blanks": (
        "           BTC       ETH     SOL\nprice  67123.45   3512.20  172.44\nchange    -1.2%     +0.4%   +2.1%\n",
        rows(None),
    ),
    "as a program prints its table": (
        "    symbol      price  percent_change_24h\n0      BTC   67123.45               -1.2\n"
        "1      ETH    3512.20                0.4\n2      SOL     172.44                2.1\n",
        rows(None),
    ),
    "a mark of two moneys, in Japanese": (
        "仮想通貨の価格\nビットコイン ¥9,512,300 -1.2%\nイーサリアム ¥512,400 +0.4%\nリップル ¥78.12 +2.1%\n",
        [("BTC", "JPY", "9512300", "-1.2"), ("ETH", "JPY", "512400", "0.4"), ("XRP", "JPY", "78.12", "2.1")],
    ),
    "a mark of two moneys, in Chinese": (
        "币种 最新价 涨跌幅\n比特币 ¥285,123.45 -1.2%\n以太坊 ¥18,712.30 +0.4%\n柚子币 EOS ¥38.11 +2.1%\n",
        [("BTC", "CNY", "285123.45", "-1.2"), ("ETH", "CNY", "18712.3", "0.4"), ("EOS", "CNY", "38.11", "2.1")],
    ),
    "a mark of three moneys, and nothing says which": (
        "幣種 最新價\n比特幣 1,912,345 元\n以太坊 95,123 元\n",
        [("BTC", None, "1912345", None), ("ETH", None, "95123", None)],
    ),
    "the same in other money, in brackets": (each("{n} ${p} (₩4,312,000) {c}%\n"), rows("USD")),
    "the same in other money, about": (
        "<table><tr><th>名称</th><th>最新价</th><th>24H涨幅</th></tr>"
        + each("<tr><td>{s}</td><td>${q} ≈¥486,123.12</td><td>{c}%</td></tr>") + "</table>",
        rows("USD"),
    ),
    "one coin, and not a word more": (
        "<html><body><a>Bitcoin <b>$67,123.45</b> <i>-1.2%</i></a></body></html>",
        rows("USD")[:1],
    ),
    "one coin whose figures prove each other": (
        "Bitcoin USD (BTC-USD)\nCurrency in USD\n67,123.45 -815.26 (-1.20%)\n",
        rows("USD")[:1],
    ),
    "names in titles alone": (
        "<ul>" + each('<li><a title="{n}"><i class="ic {t}"></i></a><b>${p}</b><b>{c}%</b></li>') + "</ul>",
        rows("USD"),
    ),
    "classes that no one knows": (
        "<div><p><b>BTC</b><b>$67,123.45</b></p><p class='x1'>-1.2%</p></div><div><p><b>ETH</b><b>$3,512.20</b></p>"
        "<p class='y2'>+0.4%</p></div><div><p><b>SOL</b><b>$172.44</b></p><p class='y2'>+2.1%</p></div>",
        rows("USD"),
    ),
    "one coin among indices, in a table": (
        "<table><tr><th>名称</th><th>値</th><th>前日比</th></tr><tr><td>日経平均</td><td>70,474.96</td><td>+0.59%</td></tr>"
        "<tr><td>NYダウ</td><td>52,900.07</td><td>+1.14%</td></tr><tr><td>ビットコイン</td><td>67,123.45</td><td>-1.2%</td></tr>"
        "</table>",
        rows(None)[:1],
    ),
    "two coins among indices": (
        "<ul><li>코스피 2,101.31 +0.50%</li><li>코스닥 712.18 -2.18%</li><li>비트코인 7,349,000 +2.38%</li>"
        "<li>이더리움 231,000 +1.38%</li></ul>",
        [("BTC", None, "7349000", "2.38"), ("ETH", None, "231000", "1.38")],
    ),
    "names as addresses write them": (
        json.dumps({n: {"usd": p, "usd_24h_change": c} for n, p, c in (
            ("bitcoin", 67123.45, -1.2), ("ripple", 0.5212, 0.4), ("avalanche-2", 38.11, 2.1))}),
        [("BTC", "USD", "67123.45", "-1.2"), ("XRP", "USD", "0.5212", "0.4"), ("AVAX", "USD", "38.11", "2.1")],
    ),
    "keys in capitals": (
        json.dumps({"RAW": {s: {"USD": {"PRICE": float(p), "CHANGEPCT24HOUR": float(c)}} for s, p, c in BARE}}),
        rows("USD"),
    ),
    "keys of data as heads, no change signed": (
        "| name | symbol | current_price | price_change_percentage_24h |\n|:--|:--|--:|--:|\n"
        + "".join(f"| {s} | {s.lower()} | {p} | {c.lstrip('-')} |\n" for s, p, c in BARE),
        [(s, None, p, c.lstrip("-")) for s, p, c in BARE],
    ),
    "data that breaks off": (
        '{"rows": [' + ", ".join(f'{{"symbol": "{s}", "usd": {p}, "changePct24h": {c}}}' for s, p, c in BARE)
        + ', {"symbol": "ADA", "us',
        rows("USD"),
    ),
    "one coin's market, as an interface answers": (
        '{"symbol": "BTCUSDT", "priceChangePercent": "-1.2", "lastPrice": "67123.45", "volume": "70240.19"}',
        rows("USDT")[:1],
    ),
    "one coin by its name in data": ('{"bitcoin": {"usd": 67123.45, "usd_24h_change": -1.2}}', rows("USD")[:1]),
    "codes of a terminal in data": (
        json.dumps([{"name": s, "price_usd": p, "change 24h": f"\x1b[32m{c}%\x1b[39m"} for s, p, c in BARE]),
        rows("USD"),
    ),
    "a pair alone": ("BTC/JPY 10,125,678 +2.27%\n", [("BTC", "JPY", "10125678", "2.27")]),
    "heads that name two moneys": (
        "| Tên | Giá VND | Giá USD | 24 giờ |\n|---|--:|--:|--:|\n| Bitcoin | 1,677,549,251 | 67,123.45 | -1.2% |\n"
        "| Ethereum | 87,777,000 | 3,512.20 | +0.4% |\n| Solana | 4,309,611 | 172.44 | +2.1% |\n",
        [*rows("USD"), ("BTC", "VND", "1677549251", None), ("ETH", "VND", "87777000", None),
         ("SOL", "VND", "4309611", None)],
    ),
    "money whose rates nobody knows": (
        "<table><tr><td>BTC</td><td>521.191.339,53</td><td>-5,18%</td></tr><tr><td>ETH</td><td>35.701.944,36</td>"
        "<td>-4,63%</td></tr><tr><td>BNB</td><td>5.990.685,93</td><td>-4,80%</td></tr><tr><td>XRP</td><td>8.293,08</td>"
        "<td>-2,85%</td></tr></table>",
        [("BTC", None, "521191339.53", "-5.18"), ("ETH", None, "35701944.36", "-4.63"),
         ("BNB", None, "5990685.93", "-4.8"), ("XRP", None, "8293.08", "-2.85")],
    ),
    "weeks after those that are known": (
        "".join(f"{n}: {p}\n" for n, p in LATER),
        [(s, None, p, None) for (_, p), s in zip(LATER, ("BTC", "ETH", "XRP", "BNB", "SOL", "DOGE"), strict=True)],
    ),
    "values with commas between": (
        "Name,Symbol,Price (USD),Market Cap,24h Change %\n"
        + "".join(f'{n},{s},"{p}",1504021482449,{c}\n' for n, s, p, c in (
            ("Bitcoin", "BTC", "67,123.45", "-1.20"), ("Ethereum", "ETH", "3,512.20", "0.4"),
            ("Solana", "SOL", "172.44", "2.1"))),
        rows("USD"),
    ),
    "values with semicolons between, named as addresses have it": (
        "timestamp;coin;price_eur\n2024-03-18 10:00:00;bitcoin;61799.26\n2024-03-18 10:00:00;ripple;0.5571\n"
        "2024-03-18 10:00:00;tether;0.9207\n",
        [("BTC", "EUR", "61799.26", None), ("XRP", "EUR", "0.5571", None), ("USDT", "EUR", "0.9207", None)],
    ),
    "an exchange's answer by market": (
        json.dumps({f"{s}_TL": {"last": round(float(p) * 32, 2), "percentChange": float(c), "lowestAsk": 1.5}
                    for s, p, c in BARE}),
        [("BTC", "TRY", "2147950.4", "-1.2"), ("ETH", "TRY", "112390.4", "0.4"), ("SOL", "TRY", "5518.08", "2.1")],
    ),
    "an exchange's answer with keys of its own": (
        json.dumps([{"marketSymbol": f"{s}-USD", "high24": float(p) + 9, "price": float(p)} for s, p, _ in BARE]),
        rows("USD", False),
    ),
    "Canadian dollars, a blank in their mark": (
        each("{n} CA ${p} {c}%\n"), [(s, "CAD", p, c) for s, p, c in BARE]
    ),
    "signs that other spans print": (
        "| Coin | USD | 1h | 24h | 7d |\n|---|---|---|---|---|\n| BTC | 67123.45 | 0.67 | 8.01 | -24.79 |\n"
        "| ETH | 3512.20 | 0.27 | 17.70 | 0.62 |\n| SOL | 172.44 | 0.10 | 5.66 | -17.17 |\n",
        [("BTC", "USD", "67123.45", "8.01"), ("ETH", "USD", "3512.2", "17.7"), ("SOL", "USD", "172.44", "5.66")],
    ),
    "pictures before the names": (each("- 🟢 {n} ({s}): ${p} ({c}%)\n"), rows("USD")),
    "digits' keys before the names": (each("1️⃣ {n} ({s}) – {c}% | ${p} | Volume 24h : $25B\n"), rows("USD")),
    "a heading behind the last row": (
        "Prices\n" + each("- {n} ({s}): ${p}\n") + "#### 5.1\n", rows("USD", False)
    ),
    "a piece of a table": (
        "<!doctype html><tr><th>Name</th><th>Price</th><th>24h %</th></tr>"
        + each("<tr><td>{n}<span>{s}</span></td><td>${p}</td><td>{c}%</td></tr>"),
        rows("USD"),
    ),
    "one coin under heads": (
        "| Rank | Symbol | Coin | EUR price | 24h volume | 1 hour | 24 hour |\n|---|---|---|---|---|---|---|\n"
        "| 1 | BTC | Bitcoin | €11,518.51 | €10,707,270,051.50 | 1.07 | -10.75 |\n",
        [("BTC", "EUR", "11518.51", "-10.75")],
    ),
    "words that are coins too, under a head of coins": (
        "| Coin | Price | 24h |\n|---|---|---|\n| Bitcoin | $67,123.45 | -1.2% |\n| HNT | $35.66 | +7.20% |\n"
        "| ACH | $0.0611 | -7.22% |\n",
        [("BTC", "USD", "67123.45", "-1.2"), ("HNT", "USD", "35.66", "7.2"), ("ACH", "USD", "0.0611", "-7.22")],
    ),
    "a change against the last close": (
        "| Asset | Price | Chg vs. prior close |\n|---|---:|---:|\n" + each("| {s} | ${p} | **{c}%** |\n"),
        rows("USD"),
    ),
    "one coin among indices whose figures tell the decimal mark": (
        "<html><body><div>"
        + "".join(
            f'<a class="cell"><span>{n}</span><span><b>{v}</b> <i>%{c}</i></span></a>'
            for n, v, c in (("BİST 100", "14.396,54", "0,43"), ("DOLAR", "47,9601", "0,08"),
                            ("BITCOIN", "72.474", "-5,37")))
        + "</div></body></html>",
        [("BTC", None, "72474", "-5.37")],
    ),
    "the last line a word that is a coin too": (
        "".join(f"{s} ${p} {c}%\n" for s, p, c in (
            ("BTC", "62,700", "-0.9"), ("ETH", "1,800", "-0.7"), ("SOL", "80.95", "-1.0"), ("BNB", "589.36", "+2.5"),
            ("XRP", "1.13", "-2.8"), ("ADA", "0.19", "-2.2"), ("AVAX", "6.91", "-1.4"), ("LTC", "44.1", "+0.1"),
            ("DOT", "0.88", "-1.2"))),
        [("BTC", "USD", "62700", "-0.9"), ("ETH", "USD", "1800", "-0.7"), ("SOL", "USD", "80.95", "-1"),
         ("BNB", "USD", "589.36", "2.5"), ("XRP", "USD", "1.13", "-2.8"), ("ADA", "USD", "0.19", "-2.2"),
         ("AVAX", "USD", "6.91", "-1.4"), ("LTC", "USD", "44.1", "0.1"), ("DOT", "USD", "0.88", "-1.2")],
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
    "prices of before, beside those of now": "| Coin | W-Start | W-End | W-o-W |\n|---|---|---|---|\n"
    + each("| {n} | ${p} | ${p} | {c}% |\n"),
    "a sentence that counts up": "알트코인도 이더리움(512만3,000원·+0.41%)은 보합, 리플(713원·-1.14%),"
    " 솔라나(24만1,300원·+2.38%)는 방향이 엇갈렸다.",
    "one coin in a sentence's bracket": "이더리움(255만9000원·-7.58%)",
    "allocations": each("- {n} ({s}) $50 - Crypto\n"),
    "orders": "| Pair | Side | Type | Size | Price |\n|---|---|---|---|---|\n"
    + each("| {s}USDT | Sell | Limit | 0.5 | ${p} |\n"),
    "one order": '{"symbol": "BTCUSDT", "side": "BUY", "price": "67123.45", "origQty": "0.5"}',
    "a sentence of what it was once": "Investors speak of a firm whose value went from 236 million to 85 billion in a year,"
    " and whose coin from 0.006 dollars for 1 XRP to 2.7 USD.\n",
    "orders in lines": each("{s}USDT Sell Limit 0.5 ${p} 100%\n"),
    "orders of both sides, in boxes": "<html><body><table><tr><td>BTCUSDT</td><td>Buy</td><td>67,000.00</td></tr><tr>"
    "<td>ETHUSDT</td><td>Sell</td><td>3,500.00</td></tr><tr><td>SOLUSDT</td><td>Buy</td><td>172.00</td></tr></table>"
    "</body></html>",
    "positions": "| Pair | Side | Entry | Mark | PnL |\n|---|---|---|---|---|\n"
    + each("| {s}USDT | LONG | ${p} | ${p} | {c}% |\n"),
    "returns of a strategy": "| Symbol | Return | MDD | Win Rate | Trades | PF |\n|---|---|---|---|---|---|\n"
    + each("| KRW-{s} | {c}% | 1.70% | 56.2% | 32 | 1.57 |\n"),
    "alerts in data": json.dumps({"alerts": [{"symbol": s, "price": float(p)} for s, p, _ in BARE]}),
    "volumes of an interface": json.dumps([{"symbol": f"{s}USDT", "volume": p} for s, p, _ in BARE]),
}


@pytest.mark.parametrize("kind", NONE)
def test_what_is_no_price_is_not_taken(kind: str) -> None:
    blocks = examine(page_of(NONE[kind].encode(), Page("", "made")), []).blocks
    assert not [q for b in blocks for q in b.quotes]


@pytest.mark.parametrize("arrow", ["→", "->", "=>", " ➜ "])
def test_what_stands_before_an_arrow_is_a_price_of_before(arrow: str) -> None:
    was = {"BTC": "$68,000.00", "ETH": "$3,500.10", "SOL": "$169.00"}
    text = "".join(f"{s} {c}% ({was[s]} {arrow} ${p})\n" for s, p, c in BARE)
    blocks = examine(page_of(text.encode(), Page("", "made")), []).blocks
    given = {(q.symbol, plain(q.price)) for b in blocks for q in b.quotes}
    assert given <= {(s, p) for s, p, _ in BARE}
    assert len(given) + sum(len(b.refused) for b in blocks) >= len(BARE)


def test_what_an_amount_counts_is_no_name_of_a_row() -> None:
    named = [("BTC", "8,545,751"), ("ETH", "490,562"), ("VSTC", "100"), ("XRP", "613")]
    text = "<table><tr><th>#</th><th>이름</th><th>가격</th><th>유통량</th></tr>" + "".join(
        f"<tr><td>{i}</td><td>{n}</td><td>{p}원</td><td>3,470,483,788.0{'SNT' if n == 'VSTC' else n}</td></tr>"
        for i, (n, p) in enumerate(named, 1)
    )
    blocks = examine(
        page_of(f"<html><body>{text}</table></body></html>".encode(), Page("", "made")), []
    ).blocks
    assert "SNT" not in {q.symbol for b in blocks for q in b.quotes}


def test_both_changes_that_data_tells_are_given() -> None:
    told = [
        ("BTCUSDT", "9387.14", "-424.99", "-4.331"),
        ("ETHUSDT", "234.48", "-12.34", "-5.000"),
        ("BNBUSDT", "16.5", "-0.25", "-1.49"),
    ]
    keys = ("symbol", "lastPrice", "priceChange", "priceChangePercent")
    text = json.dumps([dict(zip(keys, one, strict=True)) for one in told])
    quotes = [q for b in examine(page_of(text.encode(), Page("", "made")), []).blocks for q in b.quotes]
    assert [(plain(q.change_abs), plain(q.change_pct)) for q in quotes] == [
        ("-424.99", "-4.331"), ("-12.34", "-5"), ("-0.25", "-1.49")
    ]  # fmt: skip


def test_markets_of_unknown_coins_in_data_are_refused_and_not_passed_over() -> None:
    text = json.dumps(
        [
            {"market": f"{s}-INR", "price": p}
            for s, p in (("BTC", 5571246), ("QZX", 2.42), ("ETH", 291512), ("SOL", 14312))
        ]
    )
    (block,) = examine(page_of(text.encode(), Page("", "made")), []).blocks
    assert len(block.quotes) + len(block.refused) == 4


def test_a_row_of_an_unknown_name_that_lacks_a_cell_is_refused() -> None:
    text = "<table><tr><th>Coin</th><th>Price (USD)</th><th>Cap</th><th>24h Change</th></tr>"
    text += each("<tr><td>{n}</td><td>${p}</td><td>$1.39T</td><td>{c}%</td></tr>")
    text += "<tr><td>BlockDAG</td><td>$0.00123</td><td>-8.75%</td></tr></table>"
    page = page_of(f"<html><body>{text}</body></html>".encode(), Page("", "made"))
    (block,) = examine(page, []).blocks
    assert len(block.quotes) == 3 and [r.row_text[:8] for r in block.refused] == ["BlockDAG"]


def test_unknown_names_beside_two_coins_are_refused_and_not_passed_over() -> None:
    shown = [
        ("Bitcoin", "70,954.30"),
        ("Ethereum", "3,804.56"),
        ("Beercoin", "0.0004067"),
        ("Hippop", "0.03841"),
    ]
    text = "<table><tr><th>币种</th><th>价格</th><th>日涨跌</th></tr>" + "".join(
        f"<tr><td>{n}</td><td>${p}</td><td>+3.16%</td></tr>" for n, p in shown
    )
    (block,) = examine(
        page_of(f"<html><body>{text}</table></body></html>".encode(), Page("", "made")), []
    ).blocks
    assert [q.symbol for q in block.quotes] == ["BTC", "ETH"]
    assert [r.row_text.split()[0] for r in block.refused] == ["Beercoin", "Hippop"]


def test_a_name_in_capitals_is_no_ticker() -> None:
    shown = [
        ("Bitcoin", "BTC", "50,000"),
        ("Ethereum", "ETH", "3,000"),
        ("Tether", "TETHER", "1.00"),
        ("Ripple", "XRP", "0.50"),
    ]
    text = "".join(f'<div><img alt="{n}"><h1>{t}</h1><p>${p}</p></div>' for n, t, p in shown)
    blocks = examine(
        page_of(f"<html><body><div>{text}</div></body></html>".encode(), Page("", "made")), []
    ).blocks
    assert [q.symbol for b in blocks for q in b.quotes] == ["BTC", "ETH", "USDT", "XRP"]


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


def test_a_change_that_may_be_percents_is_no_money() -> None:
    text = "| symbol | price | change |\n|---|---|---|\n" + "".join(
        f"| {s} | {p} | {c} |\n" for s, p, c in BARE
    )
    quotes = [q for b in examine(page_of(text.encode(), Page("", "made")), []).blocks for q in b.quotes]
    assert [(q.symbol, q.change_pct, q.change_abs) for q in quotes] == [(s, None, None) for s, _, _ in BARE]


def test_the_class_of_a_row_says_its_direction_where_printed_signs_agree() -> None:
    def row(turn: str, name: str, price: str, change: str) -> str:
        return (
            f'<div class="change-{turn}"><a><b class="name">{name}</b><b class="price">{price}</b>'
            f'<b class="change">{change}</b></a></div>'
        )

    html = row("down", "EUR", "387.97 HUF", "-0.71") + row("up", "Bitcoin", "47593.09 USD", "2282.41")
    html += row("down", "Ethereum", "2512.20 USD", "121.10") + row("down", "Brent", "81.56 USD", "-0.05")
    page = page_of(f"<html><body><div>{html}</div></body></html>".encode(), Page("", "made"))
    quotes = [q for b in examine(page, []).blocks for q in b.quotes]
    assert [(q.symbol, plain(q.change_abs)) for q in quotes] == [("BTC", "2282.41"), ("ETH", "-121.1")]
    assert all("sign-from-markup" in q.flags for q in quotes)
