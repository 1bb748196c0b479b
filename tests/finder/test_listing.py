"""Lists that a page's lines tell: what each way of printing gives, read as records and weighed. Texts of our own making."""

from __future__ import annotations

import pytest

from tracker.coins import load
from tracker.finder.markup import listed
from tracker.model import plain

COINS = load()
ROWS = [("Bitcoin", "BTC", "67,123.45", "-1.20"), ("Ethereum", "ETH", "3,512.20", "0.40"), ("Solana", "SOL", "172.44", "-2.32")]  # fmt: skip
WHOLE = [
    ("BTC", "USD", "67123.45", "-1.2"),
    ("ETH", "USD", "3512.2", "0.4"),
    ("SOL", "USD", "172.44", "-2.32"),
]
PRICES = [(symbol, money, price, None) for symbol, money, price, _ in WHOLE]


def each(form: str) -> str:
    return "".join(
        form.format(name=n, symbol=s, price=p, change=c, size=c.lstrip("-")) for n, s, p, c in ROWS
    )


def read(text: str) -> list[tuple[str | None, str | None, str | None, str | None]]:
    return [
        (q.symbol, q.currency, plain(q.price), plain(q.change_pct))
        for b in listed(text, COINS)
        for q in b.quotes
    ]


CMC = "Rank\nName\nMarket Cap\nPrice\nVolume (24h)\n% 1h\n% 24h\n% 7d\n"
# a way of printing -> the text and its rows
PRINTS = {
    "a cell a line": (each("{name}\n${price}\n{change}%\n"), WHOLE),
    "Markdown": ("| # | Coin | Price (USD) | 24h |\n|---|---|---|---|\n" + each("| 1 | **{name}** ({symbol}) | ${price} | {change}% |\n"), WHOLE),
    "headings": (each("## [{name}](/coins/{symbol})\n\n${price}\n\n{change}%\n\n"), WHOLE),
    "heads a line each": (CMC + each("1\n{symbol}{name}\n$1,300,000,000,000\n${price}\n$9,000,000,000\n0.10%\n{change}%\n+9.00%\n"), WHOLE),
    "a value in short and in full": (each("{name}\n$1.32T$1,320,000,000,000\n${price}\n{change}%\n"), WHOLE),
    "several percents and no heads": (each("{name} ${price} 0.10% {change}% +9.00%\n"), PRICES),
    "money behind a bar": (each("{name}\n${price}/€5.00\n{change}%\n"), WHOLE),
    "links between": (each("{name}\n${price}\n{change}%\nAdd to my watchlist of coins\n"), WHOLE),
    "rates behind": (each("{name} {price} USD {change}%\n") + "엔 912\n달러 1,350원\n", WHOLE),
}  # fmt: skip


@pytest.mark.parametrize("way", PRINTS)
def test_each_print_is_read(way: str) -> None:
    text, rows = PRINTS[way]
    assert read(f"Crypto prices\n{text}") == rows


def test_prices_in_two_currencies_are_rows_each() -> None:
    """A premium beside them is no change; that both columns fit one week says that both are prices."""
    text = "코인별 프리미엄\n비트코인(BTC): 82468달러 / 1억2311만원 / 1.28%\n이더리움(ETH): 1825.56달러 / 272만3000원 / 1.19%\n"
    text += "엑스알피(XRP): 2.091달러 / 3120원 / 1.23%\n도지코인(DOGE): 0.166달러 / 248원 / 1.23%\n"
    rows = read(text)
    assert {(symbol, money) for symbol, money, *_ in rows} == {
        (s, m) for s in ("BTC", "ETH", "XRP", "DOGE") for m in ("USD", "KRW")
    }
    assert {change for *_, change in rows} == {None}


# what stands in lines and is no list of prices
NONE = {
    "sentences": "Bitcoin rose to $67,123.45 (+1.2%) while Ethereum fell to $3,512.20 and Solana to $172.44 on Tuesday.",
    "fees": "Minimum deposit\nEthereum\nEVM\n$7\nPolygon\nEVM\n$2\nBitcoin\nBTC\n$9\n",
    "records": "| Coin | Record | Distance |\n| Bitcoin | $73,750.07 | -9.0% |\n| Ethereum | $4,891.70 | -28.2% |\n| Solana | $260.06 | -33.7% |\n",
    "headlines": "비트코인 9,700만원대 횡보…거래량 급감\n이더리움 510만원 회복, 현물 기대\n리플 713원…소송 변수 여전\n",
}


@pytest.mark.parametrize("kind", NONE)
def test_what_is_no_list_is_not_taken(kind: str) -> None:
    assert read(NONE[kind]) == []


def test_what_is_met_and_not_given_is_refused() -> None:
    found = listed("Crypto prices\n" + each("{name} ${price} {change}%\n") + "Cardano $0.4612\n", COINS)
    assert len([q for b in found for q in b.quotes]) == 3
    assert [r.row_text for b in found for r in b.refused] == ["Cardano $0.4612"]
