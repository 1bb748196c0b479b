"""Rows of a list's shape whose name nobody knows, between its coins. Pure.

Names of indices, metals, money, funds and labels are known ones: rows of theirs are company, never quotes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise, takewhile

from ..coins.names import Name
from ..printed.figures import CODES, CURRENCIES, FIGURE, figure_of
from ..printed.heads import head, is_link, is_sum, measures, sign_word
from .cells import Part
from .context import Sheet, kinds_of
from .others import is_other
from .rows import Item, Row

_COINS = 3  # known coins that a list has at least
_BETWEEN = 4  # rows of unknown names in a row, at most
_LONGEST = 40
_MONEY = frozenset(word.casefold() for word in (*CURRENCIES, *CODES) if len(word) > 1) | {"원", "엔"}


def is_known(words: str) -> bool:
    """Whether words name something that is known and is no coin: an index, a metal, money, a label."""
    pieces = re.findall(r"[^\W\d_]+", words.casefold())
    money = any(piece in _MONEY for piece in pieces)
    label = head(words) is not None or is_link(words) or is_sum(words) or sign_word(words) is not None
    return money or label or measures(words) or is_other(words)


def strangers(page: Sheet, rows: Sequence[Row]) -> list[Row]:
    """Rows of exactly the others' shape between two of a list of at least three coins; their names are no coin's."""
    if len({row.name.symbol for row in rows}) < _COINS:
        return []
    return [row for one, two in pairwise(rows) for row in between(page, one, two)]


def between(page: Sheet, one: Row, two: Row) -> list[Row]:
    """The rows of unknown names between two rows, where nothing else stands there and all are made like the two."""
    size, ranked = len(_own(page, one)), _ranked(page, one, two)
    firsts = range(one.last + 1 + ranked, two.first, max(1, size + ranked))
    whole = two.first == one.last + 1 + len(firsts) * (size + ranked) + ranked
    if not size or size != len(_own(page, two)) or not whole or len(firsts) > _BETWEEN:
        return []
    made = [_row(page, at, one) for at in firsts]
    return [row for row in made if row] if all(made) else []


def beyond(page: Sheet, rows: Sequence[Row]) -> list[Row]:
    """Rows of the others' shape right before the first and right behind the last: the list may go on with something else."""
    size = len(_own(page, rows[0]))
    if len({row.name.symbol for row in rows}) < _COINS or not size:
        return []
    ranked = _ranked(page, rows[0], rows[1])
    before = range(rows[0].first - size - ranked, -1, -size - ranked)
    behind = range(rows[-1].last + 1 + ranked, len(page.parts), size + ranked)
    found: list[Row] = []
    for at in (before, behind):
        made = (_row(page, first, rows[0]) for first in at[:_BETWEEN])
        found += [row for row in takewhile(bool, made) if row]
    return found


def _ranked(page: Sheet, one: Row, two: Row) -> bool:
    """Whether a running number stands before each row."""
    return all(at < two.first and page.parts[at].bare for at in (one.last + 1, two.first - 1))


def _own(page: Sheet, row: Row) -> Sequence[Part]:
    """The parts of a row: its name and its figures; none where other words stand among them."""
    own = page.parts[row.first : row.last + 1]
    return own if kinds_of(own) == "w" + row.kinds else []


def _row(page: Sheet, first: int, like: Row) -> Row | None:
    """The row that begins at a part, if it is made like another one: the same figures, cells and marks of money."""
    own, model = page.parts[first : first + len(_own(page, like))], _own(page, like)
    name = own[0].text
    if kinds_of(own) != kinds_of(model) or not _is_name(name) or _steps(own) != _steps(model):
        return None
    items = [Item(first + i, part, part.figure) for i, part in enumerate(own) if part.figure]
    alike = all(_marks(item) == _marks(known) for item, known in zip(items, like.items, strict=True))
    row = Row(Name(name, "", None, 1, False), first, first + len(own) - 1, (own[0].cell, own[-1].cell), items)
    return row if alike else None


def _is_name(words: str) -> bool:
    """Short, of nothing known, and no other row run into it: `리플731원이더리움`."""
    figures = map(figure_of, re.finditer(FIGURE, words))
    run_in = any(figure.money or figure.percent or len(figure.digits) > 1 for figure in figures)
    return len(words) <= _LONGEST and len(words.split()) <= 3 and not run_in and not is_known(words)


def _steps(own: Sequence[Part]) -> list[int]:
    """Where a new cell begins."""
    return [part.cell - own[0].cell for part in own]


def _marks(item: Item) -> tuple[object, ...]:
    figure = item.figure
    return figure.currency, figure.money, figure.percent, figure.bracketed
