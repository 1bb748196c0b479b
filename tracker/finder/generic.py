"""The finder for pages that no layout knows: runs of rows of one shape, led by known coins. Pure.

    text -> parts -> rows -> runs -> groups of one shape -> columns -> quotes

Precision first. A coin beside a number is no evidence; rows of one shape are, or a card whose own figures prove each
other. Indices, metals and shares in the same shape support a single coin; they are never quotes.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..coins.registry import Coins
from ..model import Evidence, Quote, Refusal
from ..printed.figures import Mark
from .cells import page_parts
from .columns import Columns, Group, assign, number_format, quotes
from .company import among_coins
from .context import PROSE, Sheet, above, neighbours, runs
from .grid import columns_of, table_of
from .naming import naming
from .refusals import (
    at_times,
    bare_list,
    cut_off,
    no_day,
    odd_ones,
    orders,
    rates_of_bitcoin,
    same_for_all,
    scale,
    sums,
    words_above,
)
from .rows import Item, Row, rows
from .strangers import beyond, strangers

_UNKNOWN = "its name is no known coin's, and it stands at the list's end"
_HEADING = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,3}\.?")  # `4.5`, `5.1.3`
_SEVERAL = "the coin stands here several times with different figures"


@dataclass(slots=True)
class Found:
    """A block as the generic finder sees it: span in the text, quotes in page order, refused rows; reader: `markup`,
    `lines`, `data` or `rules`, whatever found it."""

    start: int
    end: int
    quotes: list[Quote]
    refused: list[Refusal]
    first: int = 0  # where the first quote stands
    evidence: Evidence = ()
    reader: str = "rules"


def blocks(text: str, coins: Coins) -> list[Found]:
    """Every block of a page that no layout knows, in page order."""
    page = Sheet(text, list(page_parts(text)))
    found = (_block(page, run) for run in runs(page, rows(page.parts, naming(text, coins), coins)))
    return [block for block in found if block.quotes or block.refused]


def _block(page: Sheet, run: list[Row]) -> Found:
    """Judge each shape of a run; what is taken and what is refused stands in page order."""
    rows = among_coins(page, run)
    for row in rows:
        _trim(row)
    rows = _split(rows)
    odd = odd_ones(rows) if rows else set()
    judged: list[tuple[Row, Quote | Refusal]] = [
        (row, Refusal(page.row_text(row), "its figures are not those of the other rows"))
        for row in rows
        if row.first in odd
    ]
    for group in _groups(page, [row for row in rows if row.first not in odd]):
        judged.extend(_judge(page, group))
    named = {row.first for row in run}  # a coin's name that is in doubt is no unknown one
    judged = [(row, result) for row, result in judged if not (row.unknown and row.first in named)]
    judged = _once(sorted([*judged, *_passed_over(page, run, judged)], key=lambda pair: pair[0].first))
    if reason := scale(result for _, result in judged if isinstance(result, Quote)):
        judged = [(row, Refusal(page.row_text(row), reason)) for row, _ in judged]
    taken = [row for row, result in judged if isinstance(result, Quote)]
    first, last = (taken or run)[0], (taken or run)[-1]
    return Found(
        start=page.parts[_top(page, first)].start,
        end=_bottom(page, last),
        quotes=[replace(r, rank=place) for place, (_, r) in enumerate(judged, 1) if isinstance(r, Quote)],
        refused=[r for _, r in judged if isinstance(r, Refusal)],
        first=page.parts[first.first].start,
    )


def _passed_over(
    page: Sheet, run: list[Row], judged: list[tuple[Row, Quote | Refusal]]
) -> Iterator[tuple[Row, Refusal]]:
    """Rows of a run that nothing was said of, with why they are not taken. A sentence is no row, but one that begins its
    cell among rows may be a row with a remark behind it."""
    known = {row.first for row, _ in judged}
    listed = bool(known) or any(row.items and not row.prose for row in run)
    for row in run:
        if row.first in known:
            continue
        if reason := _reason(page, row, listed):
            yield row, Refusal(page.row_text(row), reason)


def _reason(page: Sheet, row: Row, listed: bool) -> str | None:
    """Why a row without a verdict is not taken; None for what is no candidate."""
    if not row.items:
        return cut_off(page, row)
    counted = page.parts[row.first].counted
    if row.prose:
        leads = row.first == page.cells[row.cells[0]][0] and not counted
        return row.prose if row.listed or (listed and leads) else None
    if "N" not in row.kinds:
        return None if counted else "no figure of it could be a price"
    return "its name is a word or a share as well, and too few coins beyond doubt stand beside it"


def _groups(page: Sheet, run: list[Row]) -> Iterator[Group]:
    """Rows of one shape: the same figures in the same order."""
    shapes: dict[tuple[str, tuple[int, ...]], list[Row]] = defaultdict(list)
    for row in run:
        shapes[row.kinds, columns_of(page.text, page.parts, row)].append(row)
    for kinds in {kinds for kinds, columns in shapes if not columns}:
        tables = [key for key in shapes if key[0] == kinds and key[1]]
        if len(tables) == 1:  # a row whose line was broken is of the only table with its shape
            broken = shapes.pop((kinds, ()))
            shapes[tables[0]] = sorted([*shapes[tables[0]], *broken], key=lambda row: row.first)
    for same in shapes.values():
        first, last = page.parts[same[0].first], page.parts[same[-1].last]
        table = table_of(page.text, page.parts, same)
        over = above(page, same[0], table)
        if not over.heads and run[0] is not same[0]:
            over = above(page, run[0])
        around = page.text[max(0, first.start - 1500) : last.end + 500]
        yield Group(
            same, neighbours(page, same), heads=over.heads, laid=table.over if table else None, above=over.words,
            titles=over.titles, headings=over.headings, text=around,
        )  # fmt: skip


def _trim(row: Row) -> None:
    """Small integers in cells of their own behind the percent are the page's (`1` reply), not the row's."""
    items = row.items
    while (
        len(items) > 2
        and items[-1].part.bare
        and items[-1].part.cell != items[-2].part.cell
        and not items[-1].label
    ):
        if "P" not in row.kinds[:-1]:
            break
        row.drop_last()


def _split(run: list[Row]) -> list[Row]:
    """Rows that go on behind the figures that most others have keep those: what follows is the page's, or a row that
    lost its name."""
    if not run:
        return run
    usual, rows = Counter(row.kinds for row in run).most_common(1)[0]
    if rows < 2 or 2 * rows <= len(run):
        return run
    size = len(usual)
    for row in run:
        goes_on = row.kinds.startswith(usual) and len(row.items) > size
        if goes_on and ((rows >= 3 and "P" in usual) or _is_further_down(row, size)):
            row.cut(size)
    return run


def _is_further_down(row: Row, size: int) -> bool:
    """Whether what stands behind so many figures of a row on one line is a bare number of a later line: a heading's."""
    last, after = row.items[size - 1].part, row.items[size].part
    return row.cells[0] == last.cell != after.cell and _HEADING.fullmatch(after.text) is not None


def _judge(page: Sheet, group: Group) -> Iterator[tuple[Row, Quote | Refusal]]:
    """Quotes and refusals of one group; nothing at all where it is no list of prices."""
    good = [row for row in group.rows if not row.prose]
    if not good or "N" not in group.kinds:
        return
    bad = [row for row in group.rows if row.prose and good[0].first < row.first < good[-1].first]
    group.rows = good
    texts = {row.first: page.row_text(row) for row in (*good, *bad)}
    mark = number_format(group)
    columns = assign(group, mark) if mark else "the figures do not say which mark is the decimal one"
    reason = columns if isinstance(columns, str) or not mark else _doubt(page, group, columns, mark)
    if mark and isinstance(columns, Columns) and reason is None:
        group.rows = sorted([*good, *strangers(page, good)], key=lambda row: row.first)
        texts |= {row.first: page.row_text(row) for row in group.rows}
        yield from quotes(group, columns, mark, texts)
        yield from ((row, Refusal(page.row_text(row), _UNKNOWN)) for row in beyond(page, good))
        yield from ((row, Refusal(texts[row.first], row.prose)) for row in bad)
    else:
        yield from ((row, Refusal(texts[row.first], str(reason))) for row in good)


def _doubt(page: Sheet, group: Group, columns: Columns, mark: Mark) -> str | None:
    """Why a group of rows is no list of prices; None if it is one."""
    coins = len({row.name.symbol for row in group.rows})
    company = coins + min(len(group.neighbours), 4)
    money = all(row.items[columns.price].figure.money or row.currency for row in group.rows)
    changes = "P" in group.kinds or columns.percent is not None or columns.change is not None
    if (
        reason := same_for_all(group, columns)
        or words_above(page, group, columns)
        or no_day(group, columns, mark)
        or rates_of_bitcoin(group, columns, mark)
        or at_times(page, group)
        or orders(page, group)
        or sums(page, group)
    ):
        return reason
    if not changes:
        listed = (money and company >= 3) or (columns.named and company >= 2)
        return (
            bare_list(page, group, columns) if listed else "too little stands there to tell a list of prices"
        )
    if company >= 2:
        told = money or columns.named or company >= 3 or _has_sign(group, columns)
    else:
        told = _card(group.rows[0], columns)
    return None if told else "too little stands there to tell a list of prices"


def _has_sign(group: Group, columns: Columns) -> bool:
    at = columns.percent if columns.percent is not None else columns.change
    return at is not None and any(f.sign for f in group.figures(at))


def _card(row: Row, columns: Columns) -> bool:
    """One coin alone: named twice or labelled, its price and its signed change each in a cell of its own."""
    cells = [item.part.cell for item in row.items]
    signed = [row.items[c] for c in (columns.percent, columns.change) if c is not None]
    if not all(_direction(item) for item in signed) or columns.percent is None:
        return False
    labelled = columns.named and any(item.label for item in signed)
    alone = len({row.cells[0], *cells}) == len(cells) + 1 and not row.items[columns.price].part.bare
    stacked = row.cells[0] not in cells and cells[columns.price] not in (cells[columns.percent],)
    proven = columns.change is not None and columns.percent is not None
    return labelled or alone or (stacked and (row.name.mentions >= 2 or proven))


def _direction(item: Item) -> bool:
    """A change whose sign is printed, or that is none."""
    return bool(item.figure.sign or item.word_sign or not item.figure.digits.strip("0.,"))


def _once(judged: list[tuple[Row, Quote | Refusal]]) -> list[tuple[Row, Quote | Refusal]]:
    """A coin listed twice in one currency: the same figures are one row, different ones are a list of something
    else (a history, markets, amounts), and none of them is taken."""
    seen: dict[tuple[str | None, str | None], set[tuple[object, ...]]] = defaultdict(set)
    for _, result in judged:
        if isinstance(result, Quote) and result.symbol:
            seen[result.symbol, result.currency].add((result.price, result.change_pct, result.change_abs))
    kept: list[tuple[Row, Quote | Refusal]] = []
    given: set[tuple[str | None, str | None]] = set()
    for row, result in judged:
        if isinstance(result, Quote) and result.symbol:
            key = result.symbol, result.currency
            if len(seen[key]) > 1:
                result = Refusal(result.row_text, _SEVERAL)
            elif key in given:
                continue
            given.add(key)
        kept.append((row, result))
    many = [row for row, result in kept if isinstance(result, Refusal) and result.reason == _SEVERAL]
    # A list of markets, say, in which one coin stands once only.
    if len(many) > 2 and 2 * len(many) > len(kept):
        return [(row, Refusal(r.row_text, _SEVERAL) if isinstance(r, Quote) else r) for row, r in kept]
    return kept


def _top(page: Sheet, row: Row) -> int:
    """The first part of the heading: up to a few short lines above the first row."""
    at = row.first
    while at > 0 and row.first - at < 8 and len(page.parts[at - 1].text) <= 60:
        at -= 1
    return at


def _bottom(page: Sheet, row: Row) -> int:
    """The end of the foot: a line or two behind the last row."""
    following = page.parts[row.last + 1 : row.last + 4]
    end = page.parts[row.last].end
    for part in following:
        if len(part.text) > PROSE:
            break
        end = part.end
    return end
