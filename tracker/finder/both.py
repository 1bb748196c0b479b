"""What a page's markup, its lines and its data tell of the same lists, put together. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..model import Quote, Refusal, plain
from .generic import Found
from .quoting import CROOKED

_DIGITS = re.compile(r"\d[\d.,]*")


def joined(readings: Sequence[Found], data: Sequence[Found]) -> list[Found]:
    """The blocks of several readings of one page in page order, each row once.

    Of two readings of one list the one stands that tells more: more rows, then more changes, then the earlier given. Of
    the other stays what the first has not. Of embedded data stand the coins that the page does not print.
    """
    shown = _Shown()
    kept = [new for found in sorted(readings, key=_worth, reverse=True) if (new := shown.take(found))]
    printed = set(shown.coins)
    for found in sorted(data, key=_worth, reverse=True):
        quotes = [q for q in found.quotes if q.symbol not in shown.coins]
        new = replace(found, quotes=quotes, refused=[] if printed else found.refused)
        if (quotes or new.refused) and (taken := shown.take(new)):
            kept.append(taken)
    return sorted(kept, key=lambda found: found.start)


def _worth(found: Found) -> tuple[int, int]:
    return len(found.quotes), sum(q.change_pct is not None for q in found.quotes)


class _Shown:
    """What the readings taken so far have shown; each further one is asked only for what is new."""

    def __init__(self) -> None:
        self.coins: set[str | None] = set()
        self._rows: set[tuple[object, ...]] = set()
        self._texts: set[str] = set()
        self._crooked: set[str] = set()
        self._names: dict[str, set[str]] = {}  # a price's digits -> the names it was given for
        self._spans: list[tuple[int, int, set[str | None]]] = []

    def take(self, found: Found) -> Found | None:
        """What a reading tells that none before did; None if that is nothing."""
        beside = self._beside(found)
        quotes = [
            q
            for q in found.quotes
            if _row(q) not in self._rows and not (q.symbol and q.symbol in beside) and not self._doubted(q)
        ]
        refused = [r for r in found.refused if r.row_text not in self._texts and not self._gives(r)]
        self._add(found, quotes, refused)
        return replace(found, quotes=quotes, refused=refused) if quotes or refused else None

    def _beside(self, found: Found) -> set[str | None]:
        """The coins of readings of the same list: those that share the place."""
        if not found.quotes:
            return set()
        near = (coins for start, end, coins in self._spans if start < found.end and found.start < end)
        return set().union(*near)

    def _doubted(self, quote: Quote) -> bool:
        """Whether a reading that told more saw the row's cells out of order: then none can say which figure is which."""
        return any(name in text for text in self._crooked for name in _names(quote))

    def _gives(self, refusal: Refusal) -> bool:
        """Whether a refused row is one that stands as a quote: its name, and its price's digits."""
        text = refusal.row_text
        digits = {number.strip(".,").replace(",", "") for number in _DIGITS.findall(text)}
        return any(name in text for number in digits for name in self._names.get(number, ()))

    def _add(self, found: Found, quotes: Sequence[Quote], refused: Sequence[Refusal]) -> None:
        self.coins |= {q.symbol for q in quotes}
        self._rows |= {_row(q) for q in quotes}
        self._texts |= {q.row_text for q in quotes} | {r.row_text for r in refused}
        if found.quotes:
            self._crooked |= {r.row_text for r in refused if r.reason == CROOKED}
        for quote in quotes:
            for digits in {plain(quote.price) or "", str(quote.price)}:
                self._names.setdefault(digits, set()).update(_names(quote))
        if quotes:
            self._spans.append((found.start, found.end, {q.symbol for q in quotes}))


def _row(quote: Quote) -> tuple[object, ...]:
    return quote.symbol or quote.name, quote.price


def _names(quote: Quote) -> Iterator[str]:
    yield from filter(None, (quote.name, quote.symbol))
