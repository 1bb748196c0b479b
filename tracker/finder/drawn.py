"""Tables drawn with marks or blanks whose coins stand side by side -> runs of records. Pure.

A line of names and the lines of figures below it are laid as a table of HTML would be, and read as one: what is asked of
its heads, its figures and its signs is the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..coins.names import name_of
from ..coins.registry import Coins
from .grid import RULE
from .naming import bare, naming
from .record import Run
from .records import runs as runs_of
from .tree import Element, Text

_MARKS = "|\t│┃;"
_BLANKS = re.compile(r"\s{2,}")
_DIGIT = re.compile(r"\d")
_ROWS = 24  # lines of figures; a table of prices has no more
_WIDE = 1000  # characters of a line of names
_COINS = 2


def runs(text: str, coins: Coins) -> Iterator[Run]:
    """The runs of every such table, in page order."""
    may = naming(text, coins)
    if len(may) < _COINS:
        return
    lines = text.splitlines()
    for i, line in enumerate(lines[:-1]):
        mark = next((m for m in _MARKS if line.count(m) >= _COINS), "")
        if not (mark or "  " in line.strip()) or len(line) > _WIDE or _DIGIT.search(line):
            continue
        if sum(words in line for words in may) < _COINS:
            continue
        names = _cells(line, mark)
        coined = sum(bool(words and name_of(bare(words), coins)) for words in names)
        if coined >= _COINS and coined >= len(names) - 1:
            yield from runs_of(_table(names, lines[i + 1 :], mark), coins)


def _cells(line: str, mark: str) -> list[str]:
    """The cells of a line: between its marks, or where two blanks and more stand."""
    if not mark:
        return _BLANKS.split(line.strip())
    line = line.strip() if mark != "\t" else line
    framed = line[:1] == mark and line[-1:] == mark and mark != "\t"
    return [cell.strip() for cell in (line[1:-1] if framed else line).split(mark)]


def _table(names: Sequence[str], below: Sequence[str], mark: str) -> Element:
    """The names and the lines below them, as far as those have as many cells, as a table; a blank cell leads names over
    lines that have a head of their own."""
    rows = [[*names]]
    for line in below[:_ROWS]:
        if RULE.fullmatch(line) and line.strip():
            continue
        cells = _cells(line, mark)
        wide = not mark and len(rows) == 1 and len(cells) == len(names) + 1
        rows[0] = ["", *names] if wide else rows[0]
        if len(cells) != len(rows[0]):
            break
        rows.append(cells)
    top = Element("", "", None)
    top.children.append(table := Element("table", "", top))
    for cells in rows:
        table.children.append(row := Element("tr", "", table))
        for words in cells:
            row.children.append(cell := Element("td", "", row))
            cell.children.append(Text(words, cell))
    return top
