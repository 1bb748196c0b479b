"""The finder for pages that no layout knows: runs of rows of one shape, led by known coins. Pure.

    text -> parts -> rows -> runs -> groups of one shape -> columns -> quotes

Precision first. A coin beside a number is no evidence; rows of one shape are, or a card whose own figures prove each
other. Indices, metals and shares in the same shape support a single coin; they are never quotes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from .around import PROSE, Sheet, above, neighbours, runs, stretches
from .cells import parts
from .coins import Coins
from .columns import Columns, Group, assign, number_format, quotes
from .heads import speaks_of_markets, vetoes
from .model import Quote, Refusal
from .rows import Row, rows
from .values import narrow


@dataclass(slots=True)
class Found:
    """A block as the generic finder sees it: span in the text, quotes in page order, refused rows."""

    start: int
    end: int
    quotes: list[Quote]
    refused: list[Refusal]
    first: int = 0  # where the first quote stands


def blocks(text: str, coins: Coins) -> list[Found]:
    """Every block of a page that no layout knows, in page order."""
    page = Sheet(text, parts(narrow(text)))
    found = (_block(page, run) for run in runs(page, rows(page.parts, coins)))
    return [block for block in found if block.quotes or block.refused]


def _block(page: Sheet, run: list[Row]) -> Found:
    """Judge each shape of a run; what is taken and what is refused stands in page order."""
    judged: list[tuple[Row, Quote | Refusal]] = []
    for group in _groups(page, _among_coins(page, run)):
        judged.extend(_judge(page, group))
    judged.sort(key=lambda pair: pair[0].first)
    judged = _once(judged)
    taken = [row for row, result in judged if isinstance(result, Quote)]
    first, last = (taken or run)[0], (taken or run)[-1]
    return Found(
        start=page.parts[_top(page, first)].start,
        end=_bottom(page, last),
        quotes=[replace(r, rank=place) for place, (_, r) in enumerate(judged, 1) if isinstance(r, Quote)],
        refused=[r for _, r in judged if isinstance(r, Refusal)],
        first=page.parts[first.first].start,
    )


def _among_coins(page: Sheet, run: list[Row]) -> list[Row]:
    """The run without names that are also words or shares (`LINK`, `META`, `대시`) unless they stand among coins:
    in an unbroken stretch of coins with two others beyond doubt, and not beside a row of something else."""
    kept: list[Row] = []
    for stretch, before, behind in stretches(page, run):
        if _shifted(page, [row for row in stretch if not row.prose]):
            for row in stretch:
                row.prose = row.prose or "the names stand behind their figures, not before them"
        strong = [i for i, row in enumerate(stretch) if not row.name.weak]
        if len(strong) < 2 and not (not strong and _tickers(stretch) and not before and not behind):
            kept += [stretch[i] for i in strong]
            continue
        first = strong[0] if before and strong else 0
        last = strong[-1] if behind and strong else len(stretch) - 1
        kept += stretch[first : last + 1]
    return kept


def _shifted(page: Sheet, rows: list[Row]) -> bool:
    """Whether the figures before each name are its own: then the last row is cut short, and what it lacks stands
    before the first."""
    if len(rows) < 2:
        return False
    first, last = rows[0], rows[-1]
    lacking = first.kinds[len(last.kinds) :]
    if (
        not lacking
        or not first.kinds.startswith(last.kinds)
        or any(r.kinds != first.kinds for r in rows[:-1])
    ):
        return False
    before = page.parts[max(0, first.first - len(lacking)) : first.first]
    return "".join("w" if not p.figure else "P" if p.figure.percent else "N" for p in before) == lacking


def _tickers(stretch: list[Row]) -> bool:
    """A list of tickers in small letters, bitcoin's among them: `btc$62.7k-0.9%eth$1.8k-0.7%`."""
    return len(stretch) >= 4 and any(row.name.printed == "btc" for row in stretch)


def _groups(page: Sheet, run: list[Row]) -> Iterator[Group]:
    """Rows of one shape: the same figures in the same order."""
    shapes: dict[str, list[Row]] = defaultdict(list)
    for row in run:
        _trim(row)
    for row in _split(run):
        shapes[row.kinds].append(row)
    for same in shapes.values():
        first, last = same[0], same[-1]
        heads, words = above(page, first)
        if not heads and run[0] is not first:
            heads, words = above(page, run[0])
        text = page.text[page.parts[first.first].start : page.parts[last.last].end]
        yield Group(same, neighbours(page, same), heads, words, text)


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
    """Rows that swallowed the next row because it lost its name: as many figures again, before another coin.

    A row that is longer than most others without being twice as long keeps the figures that the others have.
    """
    if not run:
        return run
    usual, rows = Counter(row.kinds for row in run).most_common(1)[0]
    if rows < 3 or 2 * rows <= len(run) or "P" not in usual:
        return run
    made: list[Row] = []
    for row in run:
        size = len(usual)
        if row.kinds.startswith(usual) and len(row.items) > size:
            rest = row.items[size:]
            row.cut(size)
            made.append(row)
            if row is not run[-1] and "".join("P" if i.figure.percent else "N" for i in rest) == usual:
                made.append(Row.nameless(rest))
        else:
            made.append(row)
    return made


def _judge(page: Sheet, group: Group) -> Iterator[tuple[Row, Quote | Refusal]]:
    """Quotes and refusals of one group; nothing at all where it is no list of prices."""
    good = [row for row in group.rows if not row.prose]
    if not good or "N" not in group.kinds:
        return
    bad = [row for row in group.rows if row.prose and good[0].first < row.first < good[-1].first]
    group.rows = good
    texts = {row.first: page.row_text(row) for row in (*good, *bad)}
    mark = number_format(group)
    columns: Columns | str = (
        assign(group, mark) if mark else "the figures do not say which mark is the decimal one"
    )
    if isinstance(columns, str):
        if len(good) > 1:
            yield from ((row, Refusal(texts[row.first], columns)) for row in good)
    elif mark and _convincing(page, group, columns):
        yield from quotes(group, columns, mark, texts)
        yield from ((row, Refusal(texts[row.first], row.prose)) for row in bad)


def _convincing(page: Sheet, group: Group, columns: Columns) -> bool:
    """Whether a group of rows is a list of prices at all."""
    coins = len({row.name.symbol for row in group.rows})
    company = coins + min(len(group.neighbours), 4)
    money = all(row.items[columns.price].figure.money for row in group.rows)
    if coins > 2 and len({item.figure.digits for item in group.column(columns.price)}) == 1:
        return False  # one figure for every coin is a limit or a sum, no price
    changes = "P" in group.kinds or columns.percent is not None or columns.change is not None
    if vetoes(group.above if not changes else " / ".join(group.above.split(" / ")[-2:])):
        return False
    if not changes:
        if not all(_pure(page, row) for row in group.rows):
            return False
        first, last = (page.parts[i] for i in (group.rows[0].first, group.rows[-1].last))
        if not columns.named and not speaks_of_markets(page.text[max(0, first.start - 400) : last.end + 200]):
            return False
        return (money and company >= 3) or (columns.named and company >= 2)
    if company >= 2:
        return money or columns.named or company >= 3 or _has_sign(group, columns)
    return _card(group.rows[0], columns)


def _pure(page: Sheet, row: Row) -> bool:
    """Whether nothing but rows shares the row's cells, and no sentence counts it up (`bitcoin $65,000, ether $3,000`)."""
    opening, closing = page.cells[row.cells[0]][0], page.cells[row.cells[1]][1]
    comma = page.text[page.parts[row.first].start :][:3].lstrip().startswith(",")
    head_start = row.first - opening <= 1 or page.parts[row.first - 1].figure is not None
    behind = page.parts[row.last + 1 : row.last + 3] if row.last < closing else []
    return not comma and head_start and (not behind or (len(behind) == 2 and behind[1].figure is not None))


def _has_sign(group: Group, columns: Columns) -> bool:
    at = columns.percent if columns.percent is not None else columns.change
    return at is not None and any(f.sign for f in group.figures(at))


def _card(row: Row, columns: Columns) -> bool:
    """One coin alone: named twice or labelled, its price and its signed change each in a cell of its own."""
    cells = [item.part.cell for item in row.items]
    signed = [row.items[c] for c in (columns.percent, columns.change) if c is not None]
    if not all(item.figure.sign or item.word_sign for item in signed) or columns.percent is None:
        return False
    labelled = columns.named and any(item.label for item in signed)
    alone = len({row.cells[0], *cells}) == len(cells) + 1 and not row.items[columns.price].part.bare
    stacked = row.cells[0] not in cells and cells[columns.price] not in (cells[columns.percent],)
    proven = columns.change is not None and columns.percent is not None
    return labelled or alone or (stacked and (row.name.mentions >= 2 or proven))


def _once(judged: list[tuple[Row, Quote | Refusal]]) -> list[tuple[Row, Quote | Refusal]]:
    """A coin listed twice in one currency: the same figures are one row, different ones are a list of something
    else (a history, markets, amounts), and none of them is taken."""
    seen: dict[tuple[str | None, str | None], set[tuple[object, ...]]] = defaultdict(set)
    for _, result in judged:
        if isinstance(result, Quote):
            seen[result.symbol, result.currency].add((result.price, result.change_pct, result.change_abs))
    kept: list[tuple[Row, Quote | Refusal]] = []
    given: set[tuple[str | None, str | None]] = set()
    for row, result in judged:
        if isinstance(result, Quote):
            key = result.symbol, result.currency
            if len(seen[key]) > 1:
                result = Refusal(result.row_text, "the coin stands here several times with different figures")
            elif key in given:
                continue
            given.add(key)
        kept.append((row, result))
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
