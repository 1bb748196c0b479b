"""A page's text as a stream of words and figures: what is a figure, what only looks like one, and which cell it is in."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.finder.cells import parts
from tracker.printed.figures import narrow

# text -> its parts; figures are marked with `=`.
STREAMS = [
    ("비트코인\n8,692,000\n-1.52%", "비트코인 =8,692,000 =-1.52%"),
    ("• Bitcoin • $67,123.45 • -1.20%", "Bitcoin =$67,123.45 =-1.20%"),
    ("| Bitcoin | 5 |", "Bitcoin =5"),
    ("비트코인8,692,000-1.52%", "비트코인 =8,692,000 =-1.52%"),
    ("BitcoinBTC$67,123.45-1.20%EthereumETH", "BitcoinBTC =$67,123.45 =-1.20% EthereumETH"),
    ("BTC264-1.5%", "BTC =264 =-1.5%"),
    ("8,692,0001.52%", "=8,692,000 =1.52%"),
    ("BTC 100,703,000 1,134,000(1.14%)", "BTC =100,703,000 =1,134,000 =(1.14%)"),
    ("Bitcoin 65\u202f367,35 €", "Bitcoin =65\u202f367,35 €"),
    ("ＢＴＣ　１，２３４", "BTC =1,234"),
    ("1억 3,513만 원", "=1억 3,513만 원"),
    ("2,345,678 %-1,23", "=2,345,678 =%-1,23"),
    ("XRP $.5123 up .41%", "XRP =$.5123 up =.41%"),
    ("XRP.5123-1.5%", "XRP.5123 =-1.5%"),
    ("U.S.$5123 BTC.....67,123", "U.S =$5123 BTC =67,123"),
    (",1,Bitcoin,67123.45", "=1 Bitcoin =67123.45"),
    ("Pepe $0.0...51234 5'11 1…5", "Pepe =$0.0...51234 =5'11 =1…5"),
    ("Pepe $0.0₅1234 1.20-% 3.4%", "Pepe =$0.0₅1234 =1.20-% =3.4%"),
    ("بیت کوین ۶۷٬۱۲۳٫۴۵ ۱٫۲۰-٪", "بیت کوین =67,123.45 =1.20-%"),
    ("Bit\xadcoin 97,\u200b350,000원 \u3164-1.25\u2060%", "Bitcoin =97,350,000원 =-1.25%"),
    ("BTC\u200b264 \u202d-1.5%", "BTC =264 =-1.5%"),
]

# Numbers that are no figures: dates, clocks, spans, ranks, parts of a word.
NO_FIGURES = [
    "2019-12-03 16:35", "2018.02.03", "10/8 19:32:13", "10월 8일", "2024년 3월 29일", "24h", "24시간", "7일",
    "No.5", "v.12", "img.5123.png", " .12.2024",
    "7 days", "3rd", "5.8℃", "#12", "No news", "F2", "1inch", "3개", "2.6%p", "11시", "12:30 pm", "30d",
]  # fmt: skip

CELLS = [
    ("a b\nc", [0, 1]),
    ("a | b | c", [0, 1, 2]),
    ("a\tb", [0, 1]),
    ("a\n\n\nb", [0, 1]),
    ("a 5 b", [0, 0, 0]),
    ("a • b", [0, 1]),
]


@pytest.mark.parametrize(("text", "stream"), STREAMS)
def test_streams(text: str, stream: str) -> None:
    found = parts(narrow(text))
    assert " ".join(f"={p.text}" if p.figure else p.text for p in found) == stream


@pytest.mark.parametrize("text", NO_FIGURES)
def test_numbers_that_are_no_figures(text: str) -> None:
    assert not [part.text for part in parts(f"{text}\n") if part.figure]


def test_a_word_that_ends_the_page_in_a_digit_is_a_word() -> None:
    assert not [part.text for part in parts("Bitcoin and Web3") if part.figure]


@pytest.mark.parametrize(("text", "cells"), CELLS)
def test_cells(text: str, cells: list[int]) -> None:
    assert [part.cell for part in parts(text)] == cells


@pytest.mark.parametrize(
    ("text", "bare"), [("7", True), ("12345", False), ("7.5", False), ("$7", False), ("7%", False)]
)
def test_bare_figures(text: str, bare: bool) -> None:
    assert [part.bare for part in parts(text)] == [bare]


hostile = st.text("0123456789.,%+-▲() \n|•\tBTC비트코인만억$원24h:/\u00a0\u2028\x00²٣", max_size=80)


@settings(max_examples=250, deadline=None, derandomize=True)
@given(st.one_of(st.text(max_size=80), hostile))
def test_parts_stand_in_order_and_say_where(text: str) -> None:
    text = narrow(text)
    found = parts(text)
    assert all(0 <= one.start < one.end <= two.start for one, two in pairwise(found))
    assert all(part.end <= len(text) for part in found)
    assert all(text[p.start : p.end] == p.text for p in found if p.figure)
    cells = [part.cell for part in found]
    assert cells == sorted(cells) and set(cells) == set(range(len(set(cells))))


# What a pattern for figures may stumble over.
HOSTILE = ["123 ", "1,234", "1,234,", "1.2.", "1", "1만", "1만 ", "1억 2,345만 ", "- ", "-- 1", "+-", "▲ ",
"$", "$ 1 ", "US$", "kr. ", "% ",
           "1% ", "((1", "12:", "2024-", "10월", "123\u00a0", "1'", "USD ", "1,23,", "24h", " ", "1 USD",
           ".1", " .5", "a.5", "0.0₅1", "0.0₅", "1.2-%", "1.20-", "\u200b1", "\xada", "0...", "1'"]  # fmt: skip


def cost(text: str) -> float:
    """Processor time of the best of three readings."""
    taken = []
    for _ in range(3):
        begin = time.process_time()
        parts(text)
        taken.append(time.process_time() - begin)
    return min(taken)


@pytest.mark.parametrize("unit", HOSTILE)
def test_a_page_eight_times_as_long_costs_no_more_than_its_share(unit: str) -> None:
    """What happens inside one search cannot be counted, so this compares times: 8 is linear, 64 is quadratic."""
    small, large = unit * 400, unit * 3200
    assert cost(large) <= 24 * max(cost(small), 2e-4)
