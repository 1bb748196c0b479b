"""The head of a table whose cells are set apart by marks, one row a line: which head stands over which figure. Pure.

Counting the marks before a figure tells its column for certain, whatever the heads say and however many are unknown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ..printed.figures import narrow
from ..printed.heads import Head, head
from .cells import Part
from .rows import Row

RULE = re.compile(r"[\s|:+\-=_│┃├┼┤┌┬┐└┴┘─━┏┳┓┡╇┩╞╪╡]*")  # a line that is drawn
_MARKS = "|\t│┃"
_WIDE = 2000  # characters of a row's line: a page on one line is none
_TALL = 60  # lines of a table that are looked through for its head
BIG = re.compile(r"\d[\d,.]{2,}")  # a figure that no rank and no window is


class Table(NamedTuple):
    """The head of a table whose cells are set apart by a mark: the heads of all its columns, and those over the
    figures of the rows, in order. start: where it stands in the page."""

    heads: list[Head]
    over: list[Head | None]
    words: list[str]
    start: int


def table_of(text: str, parts: Sequence[Part], same: Sequence[Row]) -> Table | None:
    """The head of the table that rows of one shape stand in, each on a line of its own with as many cells."""
    columns, row = next(((at, row) for row in same if (at := columns_of(text, parts, row))), ((), same[0]))
    begin, line = line_at(text, parts[row.first].start)
    mark = _mark(line)
    top = _top(text, begin, mark, line.count(mark)) if columns else None
    if top is None or BIG.search(top[1]):
        return None
    cells = [cell.strip(" *_`:") for cell in narrow(top[1]).split(mark)]
    found = [(head(cell) or Head("unknown")) if cell else None for cell in cells]
    known = [one for one in found if one and one.role != "unknown"]
    if len(known) < 2 and not any(one.role == "price" for one in known):
        return None
    over = [found[column] for column in columns]
    return Table([one for one in found if one], over, [cell for cell in cells if cell], top[0])


def columns_of(text: str, parts: Sequence[Part], row: Row) -> tuple[int, ...]:
    """In which columns of its table a row's figures stand; nothing for a row that stands in none."""
    begin, line = line_at(text, parts[row.first].start)
    mark = _mark(line)
    if not mark or parts[row.last].end > begin + len(line):
        return ()
    return tuple(text.count(mark, begin, item.part.start) for item in row.items)


def _mark(line: str) -> str:
    return next((m for m in _MARKS if line.count(m) >= 2), "") if len(line) <= _WIDE else ""


def _top(text: str, begin: int, mark: str, count: int) -> tuple[int, str] | None:
    """The topmost line above with as many marks, and where it begins; lines that are drawn do not end a table."""
    top = None
    for _ in range(_TALL):
        if not begin:
            break
        begin, line = line_at(text, begin - 1)
        if RULE.fullmatch(line):
            continue
        if line.count(mark) != count:
            break
        top = begin, line
    return top


def line_at(text: str, at: int) -> tuple[int, str]:
    """The line around a place: where it begins, and its text."""
    begin = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    return begin, text[begin : end if end >= 0 else len(text)]
