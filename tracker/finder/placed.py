"""Signs of rows that were read from lines, where the page's markup says them: the row is found again in the tree. Pure.

A line `비트코인 94,786,000 1.23%` tells no direction; the class, icon or alternative text around its `1.23%` may.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from ..model import Quote
from ..printed.figures import Figure, narrow
from .box import flat_of, ink, nearest
from .cells import parts
from .direction import direction, tokens
from .hypotheses import MARKS
from .records import words_of
from .tree import Element

Says = Callable[[Element], int]  # +1, -1, or 0: what one element says of a rise or a fall


def spoken(element: Element) -> int:
    """What an element's class, picture or words for those who hear the page say."""
    return direction(tokens(words_of(element)))


def with_signs(html: str, share: float, quotes: Iterable[Quote], says: Says = spoken) -> Iterator[Quote]:
    """The quotes, those whose percent lost its sign with the sign that the markup says, flagged `sign-from-markup`.

    share  how far down the page they stand, from 0 to 1: of rows that a page repeats the nearest one is looked at
    """
    for quote in quotes:
        found = _percent(quote) if "sign-lost" in quote.flags and quote.change_pct is None else None
        sign = _sign(html, share, quote.row_text, found[0], says) if found else 0
        if not found or not sign:
            yield quote
            continue
        flags = tuple(sorted({*quote.flags, "sign-from-markup"} - {"sign-lost"}))
        yield replace(quote, change_pct=sign * found[1], flags=flags)


def _percent(quote: Quote) -> tuple[Figure, Decimal] | None:
    """The one percent of a row and its size, in the number format of its price; None if it has several."""
    figures = [part.figure for part in parts(narrow(quote.row_text)) if part.figure]
    percents = [figure for figure in figures if figure.percent]
    marks = [m for m in MARKS if any(f.value(m) == quote.price for f in figures if not f.percent)]
    if len(percents) != 1 or not marks or percents[0].doubt or percents[0].sign:
        return None
    sizes = {size for mark in marks if (size := percents[0].value(mark)) is not None}
    return (percents[0], sizes.pop()) if len(sizes) == 1 else None


def _sign(html: str, share: float, row: str, percent: Figure, says: Says) -> int:
    """What the elements around a row's percent say, the narrowest first; 0 if they say nothing, or two things."""
    flat, whole = flat_of(html), ink(row)
    begin = nearest(flat.ink, whole, share)
    if begin < 0:
        return 0
    own = ink(row[percent.start : percent.end])
    at = flat.text_at(begin + len(ink(row[: percent.start])))
    inside: set[int] = set()
    for element in at.parent.up:
        size = len(ink(element.text))
        if size > len(whole):
            break
        around = [e for e in element.walk() if isinstance(e, Element)] if size <= len(own) else [element]
        inside = {sign for e in around if (sign := says(e))}
        if inside:
            break
    return inside.pop() if len(inside) == 1 else 0
