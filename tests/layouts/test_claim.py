"""Blocks that are half broken: the good rows and a refused row with its text, never a shifted value."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import Sample, samples

from tracker.coins import registry as coins
from tracker.layouts import layout
from tracker.layouts.claim import Claim, claims
from tracker.model import Quote

COINS = coins.load()
LAYOUTS = {one.id: one for one in layout.load()}
ETODAY = LAYOUTS["etoday-list"]
# The first page: an article of 2019, its list of 24 coins in won at the end, the fourteenth without its name.
PAGE = Path(__file__).parents[2].joinpath("seeds", "000_35ec38ae2d22f11d.txt").read_text(encoding="utf-8")
LINES = PAGE.split("\n")
HEAD = LINES.index("  • 변동률")
FIRST, FOOT = HEAD + 1, len(LINES) - 1
NAMELESS = LINES.index("    • 41.3")

Triple = tuple[str | None, Decimal, Decimal | None]


def read(text: str, one: layout.Layout = ETODAY) -> list[Claim]:
    return list(claims(text, one, COINS))


def triple(quote: Quote) -> Triple:
    return quote.name, quote.price, quote.change_pct


[WHOLE] = read(PAGE)
TRIPLES = {triple(quote) for quote in WHOLE.quotes}
PAIRS = {(price, pct) for _, price, pct in TRIPLES}


def shifted(found: list[Claim]) -> list[Triple]:
    """What is given and is neither a row of the page nor, without a name, the figures of one."""
    given_ = [triple(quote) for claim in found for quote in claim.quotes]
    return [one for one in given_ if one not in TRIPLES and not (one[0] is None and one[1:] in PAIRS)]


def test_the_first_page_whole() -> None:
    assert len(WHOLE.quotes) == len(TRIPLES) == 24 and not WHOLE.refused
    assert triple(WHOLE.quotes[0]) == ("비트코인", Decimal(8692000), Decimal("-1.52"))
    assert triple(WHOLE.quotes[13]) == (None, Decimal("41.3"), Decimal("-2.13"))
    assert PAGE[WHOLE.start :].startswith("실시간 암호화폐 시세")
    assert [quote.rank for quote in WHOLE.quotes] == list(range(1, 25))


def test_the_block_ends_with_its_foot() -> None:
    assert PAGE[: WHOLE.end].endswith("* 24시간 변동률 기준")


@pytest.mark.parametrize("at", range(FIRST, FOOT))
def test_a_lost_line_shifts_nothing(at: int) -> None:
    """One row at most is lost with its line, and then a refused row has its text. A row without a name behind it is
    refused with it: nobody can say whose figures they are."""
    found = read("\n".join(LINES[:at] + LINES[at + 1 :]))
    assert not shifted(found)
    [claim] = found
    rows = 2 if at in (NAMELESS - 2, NAMELESS - 1) else 1
    assert len(claim.refused) <= 1 and len(claim.quotes) + rows * len(claim.refused) == 24
    lost = TRIPLES - {triple(quote) for quote in claim.quotes}
    for name, price, pct in lost if claim.refused else ():
        left = [part for part in (name, f"{price:,}", f"{pct}%") if part]
        assert any(part in refused.row_text for part in left for refused in claim.refused)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(
    st.lists(st.integers(FIRST, FOOT - 1), min_size=2, max_size=2, unique=True).filter(
        lambda at: abs(at[0] - at[1]) > 3
    )
)
def test_two_lost_lines_in_two_rows_shift_nothing(at: list[int]) -> None:
    assert not shifted(read("\n".join(line for i, line in enumerate(LINES) if i not in at)))


@settings(max_examples=120, deadline=None, derandomize=True)
@given(at=st.integers(FIRST, FOOT - 1))
def test_a_doubled_line_shifts_nothing(at: int) -> None:
    assert not shifted(read("\n".join(LINES[: at + 1] + LINES[at:])))


@pytest.mark.parametrize("stray", ["2024-01-01", "$--", "-", "0"])
def test_a_line_of_no_use_between_two_lines_shifts_nothing(stray: str) -> None:
    for at in range(FIRST, FOOT):
        found = read("\n".join([*LINES[:at], f"    • {stray}", *LINES[at:]]))
        assert not shifted(found) and sum(len(claim.quotes) for claim in found) >= 22


@pytest.mark.parametrize("stray", ["12", "1,234"])
def test_a_stray_figure_between_two_lines_shifts_nothing(stray: str) -> None:
    for at in range(FIRST, FOOT):
        assert not shifted(read("\n".join([*LINES[:at], f"    • {stray}", *LINES[at:]])))


@pytest.mark.parametrize("stray", ["광고", "더보기", "N/A"])
def test_stray_words_between_two_lines_take_no_figures(stray: str) -> None:
    for at in range(FIRST + 1, FOOT):
        found = read("\n".join([*LINES[:at], f"    • {stray}", *LINES[at:]]))
        if at == NAMELESS:  # where the row's own name would stand; that it is a coin's nobody says
            [quote] = [quote for claim in found for quote in claim.quotes if quote.name == stray]
            assert triple(quote)[1:] in PAIRS and (quote.symbol, quote.flags) == (None, ("symbol-unknown",))
        else:
            assert not shifted(found)


def test_two_swapped_lines_shift_nothing() -> None:
    for at in range(FIRST, FOOT - 1):
        assert not shifted(read("\n".join([*LINES[:at], LINES[at + 1], LINES[at], *LINES[at + 2 :]])))


@pytest.mark.parametrize("at", range(FIRST + 3, FOOT))
def test_a_list_that_is_cut_short_gives_what_is_there(at: int) -> None:
    found = read("\n".join(LINES[:at]))
    assert not shifted(found)
    assert len(found[0].quotes) >= (at - FIRST) // 3 - 1


def test_a_row_that_is_cut_short_is_refused_with_its_text() -> None:
    [claim] = read("\n".join(LINES[: FIRST + 8]))  # 리플, 264 and no change
    assert len(claim.quotes) == 2
    assert [refused.row_text for refused in claim.refused] == ["리플 264"]


@pytest.mark.parametrize("words", [["광고"], ["광고", "문의 02-000-0000"]])
def test_words_between_two_rows_are_refused_or_passed_over(words: list[str]) -> None:
    """They stand where a name is looked for; the rows around them are untouched."""
    between = FIRST + 9  # behind three whole rows
    found = read("\n".join([*LINES[:between], *words, "", *LINES[between:]]))
    names = [quote.name for claim in found for quote in claim.quotes]
    assert names[:3] == ["비트코인", "이더리움", "리플"] and names[4:6] == ["이오스", "비트코인 캐시"]


BROKEN = [
    ("• 8,692,000", "• N/A"),
    ("• 8,692,000", "• ₩--"),
    ("• 8,692,000", "• 0"),
    ("• -1.52%", "• -%"),
    ("• -1.52%", "• -101.52%"),
    ("• -1.52%", "• -1.520001%"),
    ("• 8,692,000", "• 8.692.00,0"),  # in no format: it has no vote
]


@pytest.mark.parametrize(("line", "broken"), BROKEN)
def test_a_broken_row_is_refused_with_its_text_and_costs_nothing_else(line: str, broken: str) -> None:
    text = PAGE.replace(line, broken, 1)
    [claim] = read(text)
    assert (
        len(claim.quotes) == 23
        and claim.refused[0].row_text.startswith("비트코인")
        and claim.refused[0].reason
    )


def test_a_needle_in_the_menu_hides_no_block() -> None:
    menu = "실시간 암호화폐 시세\n" + "기사 본문입니다. " * 2500
    assert sum(len(claim.quotes) for claim in read(f"{menu}\n{PAGE}")) == 24


@pytest.mark.parametrize("sample", list(samples("pages")), ids=lambda sample: sample.name)
def test_any_sample_without_one_of_its_lines_gives_rows_of_its_own(sample: Sample) -> None:
    """A row may be lost, or its name; no figure moves to another row."""
    page, one = sample.page, LAYOUTS[sample.family]
    site = page.site
    lines = page.text.split("\n")
    own = {triple(quote)[1:] for claim in read(page.text, one) for quote in claim.quotes}
    assert own
    for at in range(max(0, len(lines) - 90), len(lines)):
        text = "\n".join(lines[:at] + lines[at + 1 :])
        if one.applies(text, site):
            found = [triple(quote) for claim in read(text, one) for quote in claim.quotes]
            assert [row for row in found if row[1:] not in own and (row[1], None) != row[1:]] == [], lines[at]
