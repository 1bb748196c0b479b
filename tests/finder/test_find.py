"""Any text in: no crash, no run-away, and nothing given that the table cannot hold."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from itertools import pairwise
from types import FrameType

import pytest
from at_length import some
from hypothesis import given, settings
from hypothesis import strategies as st
from lists import BY_ID, MADE
from samples import samples

from tracker.coins import registry as coins
from tracker.finder.find import examine, find
from tracker.layouts import layout
from tracker.model import Block, Page

FLAGS = frozenset(
    "name-missing symbol-unknown currency-assumed sign-inferred sign-lost time-conflict partial inconsistent "
    "text-repaired zone-assumed rounded currency-inferred embedded sign-from-markup symbol-printed".split()
)
LAYOUTS = {one.id: one for one in layout.load()}
PAGES = [
    *(sample.page for folder in ("pages", "signs", "negatives") for sample in samples(folder)),
    *(Page(made.page(), made.id) for made in MADE),
]


def sound(page: Page) -> tuple[Block, ...]:
    """The blocks of a page, each quote of them fit for the table."""
    verdict = examine(page)
    assert verdict.page is page and verdict.note and "\n" not in verdict.note
    for block in verdict.blocks:
        assert 0 <= block.start <= block.end <= len(page.text) and (block.quotes or block.refused)
        assert set(block.flags) <= FLAGS and ("partial" in block.flags) == bool(
            block.quotes and block.refused
        )
        ranks = [quote.rank for quote in block.quotes]
        assert not ranks or (ranks[0] >= 1 and all(one < two for one, two in pairwise(ranks)))
        for quote in block.quotes:
            assert quote.price > 0 and quote.price.is_finite()
            assert quote.change_pct is None or (quote.change_pct.is_finite() and quote.change_pct >= -100)
            assert quote.change_abs is None or quote.change_abs.is_finite()
            assert quote.row_text == " ".join(quote.row_text.split()) != ""
            assert set(quote.flags) <= FLAGS and list(quote.flags) == sorted(set(quote.flags))
            assert (quote.name is None) == ("name-missing" in quote.flags)
            assert quote.name is None or quote.name.strip() == quote.name != ""
        assert all(refused.row_text and refused.reason for refused in block.refused)
        assert len(list(block.rows())) == len(block.quotes) and block.snapshot_id and block.block_id
    return verdict.blocks


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.source)
def test_samples_are_sound_and_the_same_each_time(page: Page) -> None:
    assert sound(page) == find(page)


anything = st.text(st.characters(), max_size=120)  # lone surrogates among it
telling = st.lists(
    st.sampled_from(
        ["Bitcoin", "BTC", "비트코인", "이더리움", "ETH", "대시", "$", "원", "₩", "€", "%", "-", "+", "▲", "(",
        ")", "|", "\n", "\t", " ", "•",
         "8,692,000", "1.234,5", "1", "0", "2.5", "100", "-101", "1억", "만", "조", "24h", "Price", "변동률",
         "Market Cap", "시세",
         "10월 8일", "2024-01-01", "\u00a0", "\u2028", "\x00", "\ud800", "²", "٣", "９",
         "9" * 25, "0." + "0" * 14 + "1", "KRW", ":", ","]
    ),
    max_size=40,
).map("".join)  # fmt: skip


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.one_of(
        anything, anything.map("Bitcoin {} BTC 비트코인".format), telling, telling.map("BTC 5 1%\n{}".format)
    )
)
def test_any_text_is_read(text: str) -> None:
    sound(Page(text, "made"))


def accident(data: st.DataObject, text: str) -> str:
    """One stretch lost, doubled, moved elsewhere, or replaced by something strange."""
    place = st.integers(0, len(text))
    at = data.draw(place)
    end = min(len(text), at + data.draw(st.sampled_from([1, 2, 5, 20, 80])))
    kind = data.draw(st.sampled_from(["lost", "doubled", "moved", "strange"]))
    if kind == "lost":
        return text[:at] + text[end:]
    if kind == "doubled":
        return text[:end] + text[at:end] * data.draw(st.integers(1, 4)) + text[end:]
    if kind == "moved":
        to = data.draw(place)
        return text[:to] + text[at:end] + text[to:]
    return text[:at] + data.draw(st.one_of(telling, anything)) + text[end:]


@pytest.mark.slow
@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.data())
def test_damaged_pages_are_read(data: st.DataObject) -> None:
    page = data.draw(st.sampled_from(PAGES))
    text = page.text[-3000:]
    for _ in range(data.draw(st.integers(1, 4))):
        text = accident(data, text)
    sound(Page(text, page.source, url=page.url))


def test_where_layouts_and_the_generic_finder_meet() -> None:
    """A layout's block stands alone; without the layout the generic finder reads the page."""
    page = next(sample.page for sample in samples("pages") if sample.family == "etoday-list")
    [claimed], [found] = find(page), examine(page, ()).blocks
    assert (claimed.layout, found.layout) == ("etoday-list", "generic")
    prices = [quote.price for quote in claimed.quotes]
    assert len(prices) == 24 and {quote.price for quote in found.quotes} <= set(prices)


@pytest.mark.parametrize("family", LAYOUTS)
def test_a_layout_claims_its_own_samples(family: str) -> None:
    """Not the generic finder in its stead."""
    for sample in samples("pages"):
        if sample.family == family:
            assert {block.layout for block in find(sample.page) if block.quotes} == {family}


NOTES = [
    ("The harbour was quiet.", "no block"),
    ("실시간 암호화폐 시세\n\n  • 종목\n  • 현재가(원)\n  • 변동률\n", "etoday-list"),
    (BY_ID["stacked"].page(), "generic: 5 of 5 rows"),
    ("BTC $1.3T +1.2%\nETH $420B -0.3%\nSOL $80B +2.2%", "0 of 3 rows, 3 refused"),
]


@pytest.mark.parametrize(("text", "said"), NOTES)
def test_each_page_gets_a_verdict(text: str, said: str) -> None:
    assert said in examine(Page(text, "made")).note


KNOWN = coins.load()
NAMES = list(
    {coin.symbol: name for name in KNOWN.spellings() if (coin := KNOWN.get(name)) and not coin.weak}.values()
)


def lines(count: int, line: Callable[[int, str], str]) -> str:
    return "Bitcoin\n" + "\n".join(line(i, NAMES[i % len(NAMES)]) for i in range(count))


# Pages that hold nothing but one trap: kind -> the page of a size.
HOSTILE: dict[str, Callable[[int], str]] = {
    "spaced groups": lambda n: "BTC " + "123 " * 4 * n,
    "tickers": lambda n: "BTC " * 3 * n,
    "rows without end": lambda n: "Bitcoin 1 " * n,
    "pipes": lambda n: "BTC " + "| " * 5 * n,
    "open brackets": lambda n: "BTC " + "(" * 3 * n + "1" + ")" * 3 * n,
    "nested brackets": lambda n: "BTC " + "[(1" * n + ")]" * n,
    "one line of prose": lambda n: "bitcoin lorem ipsum 12 dolor 3.5% sit amet, $5 " * (n // 2),
    "one word": lambda n: "bitcoin" + "a" * 20 * n,
    "names, a line each": lambda n: lines(n, lambda i, name: name),
    "names on one line": lambda n: lines(n, lambda i, name: name).replace("\n", " "),
    "rows, a line each": lambda n: lines(n, lambda i, name: f"{name} ${i + 1},123.45 -1.{i % 90 + 10}%"),
    "rows on one line": lambda n: lines(n, lambda i, name: f"{name} ${i + 1},123.45 -1.{i % 90 + 10}%").replace("\n", " "),
    "rows of cells": lambda n: lines(n, lambda i, name: f"{name}\n{i + 1},123.45\n-1.{i % 90 + 10}%"),
    "shares": lambda n: "Bitcoin $5 +1%\n" + "".join(f"Share {i} of all ${i},123.45 -1.2%\n" for i in range(n)),
    "commas": lambda n: "BTC " + "1,234" * 3 * n,
    "figures": lambda n: "BTC " + "1,234 " * 2 * n,
    "digits": lambda n: "BTC " + "1" * 20 * n,
    "names run together": lambda n: "비트코인" * 4 * n,
    "percent signs": lambda n: "BTC " + "% " * 5 * n,
    "percents": lambda n: "BTC " + "1%" * 3 * n,
    "myriads": lambda n: "비트코인 " + "1만" * 3 * n,
    "myriads apart": lambda n: "비트코인 " + "1억 2,345만 " * n,
    "tabs": lambda n: "BTC\t" + "12.5\t" * 2 * n,
    "dashes": lambda n: "BTC " + "- 1 " * 2 * n,
    "empty lines": lambda n: "BTC" + "\n" * 20 * n + "1",
    "blanks": lambda n: "BTC" + " " * 20 * n + "1",
    "bullets": lambda n: "BTC" + "• " * 9 * n + "1",
    "dollars": lambda n: "BTC " + "$ 1 " * 2 * n,
    "heads": lambda n: "BTC " + "Name Price Market Cap Volume " * n,
    "heads, a line each": lambda n: "BTC\n" + "Name\nPrice\nMarket Cap\n" * n,
    "pairs": lambda n: "BTC-USD " * 2 * n,
    "one coin over and over": lambda n: "Bitcoin\n1\n" * n,
    "converters": lambda n: "1 BTC = 5 " * n,
    "the same rows": lambda n: "Bitcoin $5,500 +1.2%\nEthereum $300 -2.2%\n" * (n // 2),
    "blocks": lambda n: "".join(
        f"Bitcoin ${i + 1},500 +1.2%\nEthereum ${i + 1}00 -2.2%\n" + "word " * 40 + "\n" for i in range(n // 8)
    ),
    "dates": lambda n: "BTC " + "2024-01-01 10월 8일 " * n,
} | {
    f"needle of {one.id}": lambda n, one=one: f"{one.needle}\nBitcoin 1 2%\n" * (n // 2)
    for one in LAYOUTS.values() if one.needle
}  # fmt: skip


def work(page: Page) -> int:
    """How many calls it takes to examine a page, those into C among them."""
    calls = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        examine(page)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("kind", some(HOSTILE, 4))
def test_twice_the_page_is_at_most_twice_the_work(kind: str) -> None:
    """Counted in calls; what one search costs inside is timed in test_cells.py."""
    make = HOSTILE[kind]
    small, large = Page(make(50), kind), Page(make(100), kind)
    examine(small)
    examine(large)  # what is worked out once a process is none of the page's
    assert work(large) <= 2.5 * work(small) + 200


def test_a_page_is_digested_once_however_many_blocks_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    digested: list[str] = []

    def digest(text: str) -> str:
        digested.append(text)
        return "0" * 32

    monkeypatch.setattr(import_module("tracker.finder.find"), "content_id", digest)
    blocks = find(Page(HOSTILE["blocks"](80), "made"))
    assert len(blocks) == 10
    assert len(digested) == 1
