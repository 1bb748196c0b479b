"""Neither search on raw bytes passes over a page on which the finder would find a block: words that every list has, then
a coin's name near a figure."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lists import DOLLARS, MADE, WON, Row, edits
from samples import samples

from tracker.coins import registry as coins
from tracker.finder.find import examine, watch, worth
from tracker.finder.gate import _groups, opens
from tracker.layouts import layout
from tracker.model import Page
from tracker.pages.document import page as read

LAYOUTS = layout.load()
WANTED, WORTH = watch(LAYOUTS), worth(LAYOUTS)
PAGES = [
    *(sample.page for folder in ("pages", "signs") for sample in samples(folder)),
    *(Page(made.page(), made.id) for made in MADE),
]


def raw(text: str) -> dict[str, bytes]:
    """The bytes that a page with this text may have, by what they are."""
    lines = [html.escape(line) for line in text.split("\n")]
    spelled = {
        "text": text,
        "lines ended by CR LF": text.replace("\n", "\r\n"),
        "list": "<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>",
        "table": "<table>" + "".join(f"<tr><td>{line}</td></tr>" for line in lines) + "</table>",
    }
    forms = {kind: one.encode("utf-8", "surrogatepass") for kind, one in spelled.items()}
    forms |= {
        f"{kind}, letters spelled out": one.encode("ascii", "xmlcharrefreplace")
        for kind, one in spelled.items()
        if max(one, default="") < "\ud800"
    }
    try:
        forms |= {f"{kind} in CP949": one.encode("cp949") for kind, one in spelled.items()}
    except UnicodeEncodeError:
        return forms
    if not re.search("[가-힣]", text):
        return forms
    mistaken = {
        f"{kind} misread": one.encode("cp949").decode("latin-1").encode() for kind, one in spelled.items()
    }
    return forms | mistaken


def marked_up(text: str) -> dict[str, bytes]:
    """Markup that cuts figures and sets names and figures apart, but not a name's words."""
    lines = [html.escape(line) for line in text.split("\n")]
    far = f" <i class='{'x' * 900}'> </i>\n "
    spelled = {
        "cut by tags": "<br>".join(re.sub(r"(?<![#\d])(\d)(?=\d)", r"\1<b></b>", line) for line in lines),
        "blanks as entities": "<br>".join(line.replace(" ", "&nbsp;") for line in lines),
        "far apart": "".join(
            f"<p>{re.sub(r'(?<=[^ -~])[ ]+|[ ]+(?=[^a-z ])', far, line)}</p>" for line in lines
        ),
        "behind a script": f"<SCRIPT>{'var a;' * 99}</SCRIPT><!-- {'-' * 99} --><p>{'<br>'.join(lines)}</p>",
    }
    return {kind: f"<div>{one}</div>".encode("utf-8", "surrogatepass") for kind, one in spelled.items()}


def passed_over(page: Page) -> list[str]:
    """The forms of a page with a block, or with a refused row, that the two searches would not let through."""
    if not examine(page, LAYOUTS).blocks:
        return []
    forms = raw(page.text) | marked_up(page.text)
    return [kind for kind, data in forms.items() if not (WANTED(data) and WORTH(data))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.source)
def test_no_page_with_a_block_is_passed_over(page: Page) -> None:
    assert examine(page, LAYOUTS).blocks and not passed_over(page)


@settings(max_examples=250, deadline=None, derandomize=True)
@given(st.data())
def test_no_part_of_a_page_with_a_block_is_passed_over(data: st.DataObject) -> None:
    """Stretches cut out of pages: what is left may have lost the very words that the gate looks for."""
    page = data.draw(st.sampled_from(PAGES))
    ends = st.integers(0, len(page.text))
    one, two = sorted((data.draw(ends), data.draw(ends)))
    keep = data.draw(st.booleans())
    text = page.text[one:two] if keep else page.text[:one] + page.text[two:]
    assert not passed_over(replace(page, text=text))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.data())
def test_no_broken_list_is_passed_over(data: st.DataObject) -> None:
    made = data.draw(st.sampled_from(MADE))
    _, pieces = data.draw(st.sampled_from(list(edits(made.pieces()))))
    assert not passed_over(Page(made.page(pieces), made.id))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.one_of(
        st.text(max_size=60),
        st.sampled_from(PAGES).flatmap(lambda page: st.sampled_from(page.text.split("\n") or [""])),
    )
)
def test_the_gate_on_text_and_on_bytes_agree(text: str) -> None:
    if opens(text):
        assert all(watch()(data) for data in raw(text).values())


@pytest.mark.parametrize("one", [one for one in LAYOUTS if one.needle], ids=lambda one: one.id)
def test_the_needles_of_a_users_layouts_open_the_gate(one: layout.Layout) -> None:
    text, own = f"words before {one.needle} words behind", replace(one, file=Path("mine") / one.file.name)
    assert all(watch([own])(data) for data in raw(text).values())


def test_a_needle_of_ones_own_opens_the_gate() -> None:
    own = replace(LAYOUTS[0], file=Path("own.toml"), data={**LAYOUTS[0].data, "needle": "Kartoffelpreise"})
    data = b"<li>Kartoffelpreise</li>"
    assert watch([own])(data) and watch([*LAYOUTS, own])(data) and not watch(LAYOUTS)(data)


# Lists in each script, and lists without bitcoin.
OPEN = [
    "이더리움 4,812,000원 +0.73%\n에이다 641.5원 -1.2%\n트론 180원 +0.2%\n",
    "Ethereum $3,512.20 +0.40%\nSolana $172.44 -2.32%\nCardano $0.4612 -3.07%\n",
    "XRP $0.52 +0.40%\nSOL $172.44 -2.32%\nADA $0.4612 -3.07%\n",
    "ビットコイン 9,000,000円 -1.2%\nイーサリアム 500,000円 +0.3%\nリップル 80円 +1.0%\n",
    "比特币 $67,000 -1.2%\n以太坊 $3,500 +0.3%\n瑞波币 $0.5 +1%\n",
    "Биткоин $67,000 -1.2%\nЭфириум $3,500 +0.3%\n",
]


@pytest.mark.parametrize("text", OPEN)
def test_lists_in_any_script_are_let_through(text: str) -> None:
    assert any(block.quotes for block in examine(Page(text, "made"), LAYOUTS).blocks)
    assert watch(LAYOUTS)(text.encode()) and watch()(text.encode())


CLOSED = [
    b"",
    b"\x00" * 99,
    b"The harbour was quiet.",
    "오늘의 날씨는 맑음".encode(),
    "오늘의 날씨는 맑음".encode("cp949"),
    b"BT C, ether, coin",
]


@pytest.mark.parametrize("data", CLOSED)
def test_pages_of_something_else_stay_out(data: bytes) -> None:
    assert not watch(LAYOUTS)(data)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.binary(max_size=200))
def test_any_bytes_have_an_answer(data: bytes) -> None:
    watch()(data)
    assert watch()(data + b" Bitcoin " + data)


# A card on a site that a layout without a needle knows -> how many quotes. Gate and finder look at it alike.
CARDS = [("SOL\nSOL\n172.44\n-2.30%\n", 0), ("SOL\nSOL\n172.44\n-2.30%\nBTC\nBTC\n67,123.45\n-1.20%\n", 2)]


@pytest.mark.parametrize(("text", "count"), CARDS)
def test_a_layout_without_a_needle_is_tried_where_a_well_known_coin_is_named(text: str, count: int) -> None:
    page = Page(text, "page", url="https://www.binance.com/en/square/1")
    assert sum(len(block.quotes) for block in examine(page, LAYOUTS).blocks) == count
    assert bool(watch(LAYOUTS)(text.encode())) is bool(count)


def embedded(rows: Sequence[Row]) -> str:
    coins = [
        {"id": n, "symbol": r.symbol, "name": r.name, "price": r.price, "change24h": r.pct}
        for n, r in enumerate(rows)
    ]
    return f'<html><body><p>News</p><script type="application/json">{json.dumps({"coins": coins})}</script></body></html>'


def pictured(rows: Sequence[Row]) -> str:
    cells = "".join(
        f'<tr><td><img src="/{r.symbol}.png" alt="{r.name}"></td><td>${r.price}</td><td>{r.pct}%</td></tr>'
        for r in rows
    )
    return f"<html><body><p>Crypto</p><table>{cells}</table></body></html>"


def escaped(rows: Sequence[Row]) -> str:
    """Data in data, as some frameworks leave it."""
    coins = json.dumps([{"symbol": f"{r.symbol}-USD", "price": {"raw": r.price}} for r in rows])
    return f"<html><body><p>News</p><script>self.push([1,{json.dumps('x' * 200 + ' : ' + coins)}])</script></body></html>"


def behind(rows: Sequence[Row]) -> str:
    return "<html><body>" + "".join(f"<p>${r.price} {r.symbol} {r.pct}%</p>" for r in rows) + "</body></html>"


@pytest.mark.parametrize("rows", [DOLLARS, WON], ids=["dollars", "won"])
@pytest.mark.parametrize("build", [embedded, pictured, escaped, behind])
def test_what_only_markup_shows_is_let_through(
    build: Callable[[Sequence[Row]], str], rows: Sequence[Row]
) -> None:
    data = build(rows).encode()
    found = examine(read(data, Page("", "made")))
    assert not found.blocks or (WANTED(data) and WORTH(data))
    assert found.blocks or rows is WON


# What speaks of coins and holds no list, and a list of names that are also words: of those each row is refused with a word.
SHUT = [
    "<p>Bitcoin, Ethereum and Solana lost ground in 2021, as crypto markets digested the news.</p>",
    "<ul><li><a href='/tag/bitcoin-2024'>Bitcoin</a></li><li><a href='/tag/1234'>Weather</a></li></ul>",
    "<script>var bitcoin = {id: 1234, price: 5678.9};</script><p>Harbour news of 1,234 ships</p>",
    '<script type="application/ld+json">{"headline": "Bitcoin and what came of it", "wordCount": 1234}</script>',
    "<p>Crypto</p><p>HOME 12 SIGN IN 3</p><p>A 10</p><p>He is a link in the chain, 1,234 strong</p>",
    "<!-- Bitcoin 67,123.45 --><style>.bitcoin{width:123px}</style>",
]
OPEN_TOO = [
    "<p>Crypto prices</p><p>SOL $172.44 -2.3%</p><p>DOT $7.10 +1.0%</p>",
    "<p>Bitcoin</p><p>67,123</p>",
    "<p>KRW-BTC</p><td>97350000</td>",
    "<p>BTCUSDT</p><td>0.5</td>",
    "<p>\u0661\u0662\u0663 Bitcoin</p>",
    "<p>Bit\u00adcoin 67,123, BTC</p>",
]


@pytest.mark.parametrize("html", SHUT)
def test_a_page_without_a_coin_near_a_figure_is_not_read(html: str) -> None:
    data = html.encode()
    assert WANTED(data) and not WORTH(data)
    assert not examine(read(data, Page("", "made"), markup=True)).blocks


@pytest.mark.parametrize("html", OPEN_TOO)
def test_a_page_with_a_coin_near_a_figure_is_read(html: str) -> None:
    assert WANTED(html.encode()) and WORTH(html.encode())


def test_a_users_own_coins_are_known(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("symbol,english\nKRTF,Kartoffelcoin\n", "utf-8")
    data = b"<p>Crypto</p><p>Kartoffelcoin</p><p>$1.25</p>"
    assert worth(LAYOUTS, coins.load(tmp_path / "own.csv"))(data) and not WORTH(data)


def test_the_words_are_few_enough_for_a_fast_search() -> None:
    """More than 64 in one group make it ten times as slow: measured, and so in the library's own source."""
    assert all(len(group) <= 64 for group in _groups(()))
