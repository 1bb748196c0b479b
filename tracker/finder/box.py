"""What stands in a block's own box by the page's markup: its caption, its head, its foot. Pure.

A box is the smallest element that holds the rows and what is asked for. It is the block's own if it is a part of the
page, holds little else, and no headline but one of the block.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from ..clock.own import says_prices
from .tree import Element, Text, tree_of

Span = tuple[int, int]

_INK = re.compile(r"[^\W_]+")
_WHOLE = frozenset(("", "html", "body", "main", "article"))
_HEADS = frozenset("h1 h2 h3 h4".split())
_ELSE = 160  # letters and digits that a box may hold beside its rows
_FAR = 600  # and no further than this from the rows is what is asked for


@dataclass(frozen=True, slots=True)
class Flat:
    """The letters and digits of a page, and which of its texts stands from which of them on."""

    ink: str
    texts: tuple[Text, ...]
    places: tuple[int, ...]

    def text_at(self, place: int) -> Text:
        return self.texts[bisect_right(self.places, place) - 1]


def holds(html: str, text: str, part: Span, block: Span) -> bool:
    """Whether text[part] is in the own box of the block whose rows are text[block]."""
    flat, rows, asked = flat_of(html), ink(text[slice(*block)]), ink(text[slice(*part)])
    begin = nearest(flat.ink, rows, block[0] / max(1, len(text)))
    if begin < 0 or not asked:
        return False
    end = begin + len(rows)
    before = flat.ink.rfind(asked, max(0, begin - _FAR), begin)
    place = before if part[0] < block[0] else flat.ink.find(asked, begin, end + _FAR)
    return place >= 0 and _own(_common(flat, place, begin, end - 1), end - begin + len(asked))


@lru_cache(maxsize=1)
def flat_of(html: str) -> Flat:
    texts = [node for node in tree_of(html).walk() if isinstance(node, Text)]
    inked = [(text, own) for text in texts if (own := ink(text.words))]
    places = accumulate((len(own) for _, own in inked[:-1]), initial=0) if inked else ()
    return Flat("".join(own for _, own in inked), tuple(text for text, _ in inked), tuple(places))


def ink(text: str) -> str:
    return "".join(_INK.findall(text))


def nearest(ink: str, rows: str, share: float) -> int:
    """Where the rows stand; of several places the one as far down the page as they are in its text. -1 for none."""
    best, at = -1, ink.find(rows) if rows else -1
    for _ in range(20):  # a marquee repeats itself
        if at < 0:
            break
        best = at if best < 0 else min(best, at, key=lambda place: abs(place - share * len(ink)))
        at = ink.find(rows, at + len(rows))
    return best


def _common(flat: Flat, *places: int) -> Element:
    """The smallest element that holds what stands at these places."""
    ways = [list(flat.text_at(place).parent.up)[::-1] for place in places]
    shared: list[Element] = [level[0] for level in zip(*ways, strict=False) if len(set(level)) == 1]
    return shared[-1]


def _own(box: Element, expected: int) -> bool:
    """A part of the page with little else in it and no headline of another matter."""
    if box.tag in _WHOLE:
        return False
    size = 0
    for node in box.walk():
        if isinstance(node, Text):
            size += len(ink(node.words))
        elif node.tag in _HEADS and not says_prices(node.text):
            return False
        if size > expected + _ELSE:
            return False
    return True
