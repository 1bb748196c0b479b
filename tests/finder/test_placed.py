"""Signs that the markup says of rows read from lines: by words of direction, or by what a layout names."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracker.finder import examine
from tracker.layouts.layout import read
from tracker.model import Page, Quote, plain
from tracker.pages.document import page as page_of

COINS = (
    ("비트코인", "94,786,000", "1.23", "-"),
    ("이더리움", "4,795,000", "0.41", "+"),
    ("리플", "712", "1.00", "+"),
)
LAYOUT = """
title = "a board of the tests, whose arrows are pictures"
needle = "코인 게시판"
begin = "코인 게시판$"
row = '{name} {price} {change_pct}'
currency = "KRW"
"""
NAMED = """
up = ["src*=arrow_7", "class~=k1"]
down = ["src*=arrow_9", "class~=k2"]
"""


def board(cell: str, up: str, down: str) -> str:
    rows = "".join(
        f"<li><b>{name}</b> <i>{price}</i> {cell.format(size=size, way=up if sign == '+' else down)}</li>"
        for name, price, size, sign in COINS
    )
    return f"<!doctype html><html><body><h3>코인 게시판</h3><ul>{rows}</ul></body></html>"


def quotes(html: str, folder: Path, layout: str) -> list[Quote]:
    file = folder / "board.toml"
    file.write_text(layout, "utf-8")
    verdict = examine(page_of(html.encode(), Page("", "made")), [read(file)])
    assert {block.layout for block in verdict.blocks} == {"board"}
    return [quote for block in verdict.blocks for quote in block.quotes]


SAID = {
    "a class": ('<em class="{way}">{size}%</em>', "rise", "fall"),
    "an icon beside": ('<em><i class="ico-{way}"></i>{size}%</em>', "up", "down"),
    "a label for those who hear it": ('<em aria-label="{way}">{size}%</em>', "상승", "하락"),
}
SILENT = {
    "no word of direction": ('<em class="{way}">{size}%</em>', "k1", "k2"),
    "both": ('<em class="up {way}"><i class="down"></i>{size}%</em>', "k1", "k2"),
}


@pytest.mark.parametrize("kind", SAID)
def test_words_of_markup_are_the_signs_of_a_layouts_rows(kind: str, tmp_path: Path) -> None:
    found = quotes(board(*SAID[kind]), tmp_path, LAYOUT)
    assert [plain(q.change_pct) for q in found] == ["-1.23", "0.41", "1"]
    assert {q.flags for q in found} == {("currency-assumed", "sign-from-markup")}


@pytest.mark.parametrize("kind", SILENT)
def test_where_markup_does_not_say_the_sign_is_lost(kind: str, tmp_path: Path) -> None:
    found = quotes(board(*SILENT[kind]), tmp_path, LAYOUT)
    assert len(found) == 3 and not [
        q for q in found if q.change_pct is not None or "sign-lost" not in q.flags
    ]


@pytest.mark.parametrize(
    "cell", ['<em class="w {way}">{size}%</em>', '<em><img src="/i/arrow_7.gif" class="{way}">{size}%</em>']
)
def test_a_layout_names_the_markup_of_its_signs(cell: str, tmp_path: Path) -> None:
    html = board(cell, "k1", "k2")
    found = quotes(html, tmp_path, LAYOUT + NAMED)
    told = [plain(q.change_pct) for q in found]
    # the picture of a rise beside the class of a fall says both
    assert told == (["-1.23", "0.41", "1"] if "arrow" not in cell else [None, "0.41", "1"])


def test_words_of_direction_count_no_more_where_a_layout_names_its_own(tmp_path: Path) -> None:
    found = quotes(board('<em class="{way}">{size}%</em>', "up", "down"), tmp_path, LAYOUT + NAMED)
    assert {q.change_pct for q in found} == {None}
