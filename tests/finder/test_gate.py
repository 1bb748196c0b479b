"""The search on raw bytes never passes over a page on which the finder would find a block."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lists import MADE, edits
from samples import samples

from tracker.finder.find import examine, watch
from tracker.finder.gate import _groups, opens
from tracker.layouts import layout
from tracker.model import Page

LAYOUTS = layout.load()
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


def passed_over(page: Page) -> list[str]:
    """The forms of a page with a block that the gate would not let through."""
    if not examine(page, LAYOUTS).blocks:
        return []
    return [kind for kind, data in raw(page.text).items() if not watch(LAYOUTS)(data)]


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


def test_the_words_are_few_enough_for_a_fast_search() -> None:
    """More than 64 in one group make it ten times as slow: measured, and so in the library's own source."""
    assert all(len(group) <= 64 for group in _groups(()))
