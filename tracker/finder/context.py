"""What stands around candidate rows: runs of rows, column heads above them, rows of the same shape beside them. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ..printed.figures import Figure
from ..printed.heads import Head, head, run_of_heads
from .cells import Part
from .grid import Table
from .rows import Row

_APART = 1500  # characters between two rows of one block, at most
PROSE = 120  # words as long as this are a sentence
_REACH = 8  # how many rows up and down a neighbour may stand
_HEADING = 80  # characters of a heading, at most
_BEYOND = 5  # parts behind a figure that are looked through for a heading
_HEADS = 40  # parts above the first row that are searched for column heads


@dataclass(slots=True)
class Sheet:
    """One page while it is read."""

    text: str
    parts: Sequence[Part]
    cells: list[tuple[int, int]] = field(default_factory=list)  # first and last part of each cell

    def __post_init__(self) -> None:
        for i, part in enumerate(self.parts):
            if part.cell == len(self.cells):
                self.cells.append((i, i))
            else:
                self.cells[part.cell] = (self.cells[part.cell][0], i)

    def row_text(self, row: Row) -> str:
        return " ".join(self.text[self.parts[row.first].start : self.parts[row.last].end].split())[:500]


def runs(page: Sheet, candidates: list[Row]) -> Iterator[list[Row]]:
    """Rows that stand close together, no sentence between them."""
    run: list[Row] = []
    for row in candidates:
        if run and not _close(page, run[-1], row):
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def _close(page: Sheet, one: Row, two: Row) -> bool:
    between = page.parts[one.last + 1 : two.first]
    apart = page.parts[two.first].start - page.parts[one.last].end
    return apart <= _APART and not any(len(p.text) > PROSE for p in between if not p.figure)


def stretches(page: Sheet, run: list[Row]) -> Iterator[tuple[list[Row], str, str]]:
    """Rows with nothing between them that could be another row, and the names of rows right before and behind."""
    bounds = [i for i in range(1, len(run)) if _foreign(page, run[i - 1].last + 1, run[i].first)]
    for start, stop in zip([0, *bounds], [*bounds, len(run)], strict=True):
        stretch = run[start:stop]
        yield stretch, beside(page, stretch[0], -1), beside(page, stretch[-1], 1)


def _foreign(page: Sheet, start: int, stop: int) -> bool:
    """Whether a figure that is more than a small integer stands among some parts."""
    return any(p.figure and not p.bare for p in page.parts[start:stop])


def beside(page: Sheet, row: Row, step: int) -> str:
    """The words that, with the row's own sequence of figures, stand right before (-1) or behind (1) it; or nothing."""
    size = len(row.kinds)
    start = row.last + 1 if step > 0 else row.first - size - 1
    own = page.parts[start : start + size + 1] if start >= 0 else []
    return own[0].text if kinds_of(own) == "w" + row.kinds else ""


def kinds_of(found: Sequence[Part]) -> str:
    """One letter a part: w words, P a percent, N another figure."""
    return "".join("w" if not p.figure else "P" if p.figure.percent else "N" for p in found)


def _is_heading(words: str) -> bool:
    """`코인 시세`, `Crypto prices`: what a list is called, though each word could head a column."""
    meaning = run_of_heads(words) if " " in words else None
    return meaning is not None and [one.role for one in meaning] == ["name", "price"]


class Above(NamedTuple):
    """What stands above a block's first row.

    heads     the column heads, in order
    words     all words, the nearest last; titles: those of them that are no heads
    headings  the nearest short lines without a figure
    """

    heads: list[Head]
    words: list[str]
    titles: list[str]
    headings: list[str]


def above(page: Sheet, row: Row, table: Table | None = None) -> Above:
    """What stands above a block's first row; above its table, where it has one."""
    if table:
        first = bisect_right(page.parts, table.start, key=lambda part: part.end)
        titles = _titles(page, first)
        return Above(table.heads, [*titles, *table.words], titles, _headings(page, first))
    own = page.parts[row.first]
    inside = own.text[: -len(row.name.printed)].strip() if own.text.endswith(row.name.printed) else ""
    heads = (run_of_heads(inside) or []) if inside else []
    words, titles = [inside], [] if heads else [inside]
    foreign = 0
    for part in _upward(page, row.first):
        words.append(part.text)
        if _is_heading(part.text) and len(row.items) > 1:
            foreign += 1
            titles.append(part.text)
            continue
        meaning = run_of_heads(part.text) or ([one] if (one := head(part.text)) else None)
        named = bool(heads) and heads[0].role in ("name", "rank")
        if meaning and named and meaning[-1].role not in ("name", "rank"):
            titles.append(part.text)
            break  # the heads begin with the name's: what stands above them is a heading
        if meaning and not foreign:
            heads = meaning + heads
            continue
        titles.append(part.text)
        foreign += len(words) > 3 or bool(heads)
        if foreign > 2:
            break
    near = [w for w in reversed(words[:12]) if w and len(w) <= PROSE]
    return Above(heads, near, [w for w in near if w in titles], _headings(page, row.first))


def _upward(page: Sheet, first: int) -> Iterator[Part]:
    """The words before a part, the nearest first, up to a figure. A post's tags are about the post."""
    for part in reversed(page.parts[max(0, first - _HEADS) : first]):
        if part.figure and not part.bare:
            return
        if not part.figure and not (part.text.startswith("#") and part.text[1:2].isalpha()):
            yield part


def _titles(page: Sheet, first: int) -> list[str]:
    """The nearest words above a table, the nearest last."""
    near = [part.text for part, _ in zip(_upward(page, first), range(3), strict=False)]
    return [words for words in reversed(near) if len(words) <= PROSE]


def _headings(page: Sheet, first: int) -> list[str]:
    """The nearest three short lines without a figure; behind one few parts are looked at: `Portfolio`, `Total $29,482`."""
    found: list[str] = []
    beyond = 0
    for i in reversed(range(max(0, first - _HEADS), first)):
        part = page.parts[i]
        beyond += not part.bare if part.figure else bool(beyond)
        if beyond > _BEYOND or len(found) == 3:
            break
        if not part.figure and page.cells[part.cell] == (i, i) and len(part.text) <= _HEADING:
            found.append(part.text)
    return found


def neighbours(page: Sheet, same: list[Row]) -> list[list[Figure]]:
    """Figures of rows of the same shape, up and down from the group's rows, whose names are no coin's."""
    taken = {i for row in same for i in range(row.cells[0], row.cells[1] + 1)}
    found: dict[int, list[Figure]] = {}
    for row in (same[0], same[-1]):
        wide = row.cells[1] - row.cells[0] + 1
        shape = [_shape(page, c) for c in range(row.cells[0], row.cells[1] + 1)]
        for step in (*range(-_REACH, 0), *range(1, _REACH + 1)):
            at = row.cells[0] + step * wide
            if at < 0 or at + wide > len(page.cells) or any(at + i in taken for i in range(wide)):
                continue
            if figures := _same_shape(page, at, shape, row.kinds):
                found[at] = figures
    return list(found.values()) or _inline(page, same)


def _inline(page: Sheet, same: list[Row]) -> list[list[Figure]]:
    """The same for a table on one line: words and the same figures, right before or behind a row of one cell."""
    kinds, found = same[0].kinds, []
    size = len(kinds) + 1
    for row, step in ((same[0], -size), (same[-1], size)):
        at = row.first if step < 0 else row.last + 1 - size
        for _ in range(_REACH):
            at += step
            own = page.parts[at : at + size] if at >= 0 else []
            if len(own) < size or own[0].figure or len({row.cells[0], *(p.cell for p in own)}) > 1:
                break
            if kinds_of(own) != f"w{kinds}":
                break
            found.append([p.figure for p in own if p.figure])
    return found


def _shape(page: Sheet, cell: int) -> str:
    """`w` for words, then a letter a figure: `wNP`, `w`, `NP`."""
    first, last = page.cells[cell]
    kinds = kinds_of(page.parts[first : last + 1])
    return kinds[:1] + kinds[1:].replace("w", "")


def _same_shape(page: Sheet, at: int, shape: list[str], kinds: str) -> list[Figure]:
    """The figures of the cells from `at` on if they have this shape (a name may end in a number: `S&P 500`)."""
    figures: list[Figure] = []
    for i, wanted in enumerate(shape):
        first, last = page.cells[at + i]
        own = page.parts[first : last + 1]
        here = [p for p in own if p.figure]
        if wanted.startswith("w"):
            if own[0].figure or len(own[0].text) > 60:
                return []
            if here and here[0].bare and len(here) == len(wanted):
                here = here[1:]
        elif not own[0].figure:
            return []
        if len(here) != len(wanted.lstrip("w")):
            return []
        figures.extend(p.figure for p in here if p.figure)
    return figures if "".join("P" if f.percent else "N" for f in figures) == kinds else []
