"""A table on a terminal: what fits stands in a line, what may break breaks, what has no room is named beneath.

Figures, times, symbols and the like never break. Rows may come one by one: widths are those of the first thousand rows,
and grow where a later row needs it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import Any, Protocol

from rich.cells import cell_len, chop_cells

Row = Mapping[str, Any]

GAP = "  "
AT_ONCE = 1000  # rows that are looked at together
# Texts that may go over several lines, and how wide they are at least.
BREAKING = {
    "name": 8, "title": 12, "sites": 12, "site": 12, "source": 16, "url": 16, "file": 16, "flags": 12, "rule": 20,
    "row_text": 16, "flag": 12, "snapshot_id": 8,
}  # fmt: skip
# Left out one after the other where there is no room for all, then whatever stands to the right.
SPARE = ("change_abs", "change_window", "layout", "name", "source", "site", "time_basis", "snapshot_id")
FIRST_OUT = SPARE[:5]
KEPT = {"symbol", "price", "observed_at"}


class Spelling(Protocol):
    """How values are written in a table."""

    def learn(self, rows: Sequence[Row]) -> None:
        """Look at rows before they are written: a column may want one number of decimals."""

    def text(self, row: Row, name: str) -> str:
        """A row's value in this column, as people read it."""

    def right(self, value: Any) -> bool:
        """Does such a value stand at the right edge?"""


@dataclass
class Column:
    """One column as it is drawn. width: in cells, of which an East Asian character takes two."""

    name: str
    right: bool
    width: int

    @property
    def head(self) -> str:
        return self.name.replace("_", " ")

    @property
    def least(self) -> int:
        """How narrow it may become."""
        return min(self.width, max(BREAKING.get(self.name, self.width), cell_len(self.head)))

    def lines(self, text: str) -> list[str]:
        """A text, broken where it is too wide and may break, each line as wide as the column."""
        if cell_len(text) <= self.width or self.name not in BREAKING:
            return [self._padded(text)]
        return [self._padded(line) for line in broken(text, self.width)]

    def _padded(self, text: str) -> str:
        room = " " * (self.width - cell_len(text))
        return room + text if self.right else text + room


def grid(
    rows: Iterable[Row], names: Sequence[str], width: int, spelling: Spelling,
    tail: Sequence[Row] = (), between: str = "",
) -> Iterator[str]:  # fmt: skip
    """The lines of a table, `width` cells wide where that is enough for what is kept.

    tail  more rows, after the line `between`
    The last line says which columns have no room, if any.
    """
    coming = iter(rows)
    first = list(islice(coming, AT_ONCE))
    spelling.learn([*first, *tail])
    columns = [
        Column(name, any(spelling.right(row[name]) for row in first), cell_len(name)) for name in names
    ]
    texts, last = _spelled(columns, first, spelling), _spelled(columns, tail, spelling)
    _widen(columns, [*texts, *last])
    columns, hidden = _fitted(columns, width)
    yield _joined([column.lines(column.head) for column in columns])[0]
    yield "─" * (sum(column.width for column in columns) + len(GAP) * (len(columns) - 1))
    yield from _lines(columns, texts)
    while part := list(islice(coming, AT_ONCE)):
        spelling.learn(part)
        texts = _spelled(columns, part, spelling)
        _widen([column for column in columns if column.name not in BREAKING], texts)
        yield from _lines(columns, texts)
    if tail:
        yield between
        yield from _lines(columns, last)
    if hidden:
        yield f"no room for: {', '.join(name.replace('_', ' ') for name in hidden)}"


def broken(text: str, width: int) -> list[str]:
    """A text in lines of so many cells: between words where that is possible, else anywhere."""
    lines = [""]
    for word in text.split(" "):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if cell_len(joined) <= width:
            lines[-1] = joined
        else:
            lines[len(lines) - (not lines[-1]) :] = chop_cells(word, width)
    return lines


def _spelled(columns: Sequence[Column], rows: Iterable[Row], spelling: Spelling) -> list[dict[str, str]]:
    return [{column.name: spelling.text(row, column.name) for column in columns} for row in rows]


def _widen(columns: Iterable[Column], texts: Sequence[dict[str, str]]) -> None:
    """Make room for these."""
    for column in columns:
        column.width = max(column.width, *(cell_len(row[column.name]) for row in texts), 0)


def _lines(columns: Sequence[Column], texts: Iterable[dict[str, str]]) -> Iterator[str]:
    for row in texts:
        yield from _joined([column.lines(row[column.name]) for column in columns])


def _fitted(columns: list[Column], width: int) -> tuple[list[Column], list[str]]:
    """The columns there is room for, made as narrow as need be, and the names of the others."""
    hidden: list[str] = []
    first, *rest = columns

    def taken(narrow: bool) -> int:
        widths = [column.least if narrow else column.width for column in (first, *rest)]
        return sum(widths) + len(GAP) * len(rest)

    spare = sorted((c for c in rest if c.name in SPARE), key=lambda c: SPARE.index(c.name))
    others = [c for c in rest[::-1] if c.name not in SPARE and c.name not in KEPT]
    for column in [*spare, *others]:
        # A column goes where all would be too wide; one of the later ones only where narrower ones do not help.
        if taken(narrow=column.name not in FIRST_OUT) > width:
            rest.remove(column)
            hidden.append(column.name)
    while taken(narrow=False) > width:
        wide = [column for column in (first, *rest) if column.width > column.least]
        if not wide:
            break
        max(wide, key=lambda column: column.width).width -= 1
    return [first, *rest], hidden


def _joined(cells: Sequence[list[str]]) -> list[str]:
    """Cells of one row, each of some lines, as the lines of the row."""
    if all(len(lines) == 1 for lines in cells):
        return [GAP.join(lines[0] for lines in cells).rstrip()]
    blanks = [" " * cell_len(lines[0]) for lines in cells]
    rows = ([part if part is not None else blank for part, blank in zip(row, blanks, strict=True)]
            for row in zip_longest(*cells))  # fmt: skip
    return [GAP.join(parts).rstrip() for parts in rows]
