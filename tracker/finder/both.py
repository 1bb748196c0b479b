"""What a page's markup, its lines and its data tell of the same lists, put together. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from ..coins import costs
from ..model import Quote, Refusal, plain
from .generic import Found
from .quoting import CROOKED

_MARKS = "its mark may set thousands apart or decimals, and the other prices tell that it was taken for the wrong one"
_RANK = 2  # digits of a number that may be a rank or a count
_SHORT = 2  # letters of a name that stand in many words
_DIGITS = re.compile(r"\d[\d.,]*")


def joined(readings: Sequence[Found], data: Sequence[Found], *, is_data: bool = False) -> list[Found]:
    """The blocks of several readings of one page in page order, each row once.

    Of two readings of one list the one stands that tells more: more rows and changes, then the earlier given. Of the
    other stays what the first has not. Of embedded data stand the coins that the page does not print; where the page is
    data itself its lines come second.
    """
    shown = _Shown()
    readings, data = [*map(_well_read, map(_possible, readings))], [*map(_possible, data)]
    first, second = (data, readings) if is_data else (readings, data)
    kept = [new for found in sorted(first, key=_worth, reverse=True) if (new := shown.take(found))]
    printed = set(shown.coins)
    for found in sorted(second, key=_worth, reverse=True):
        quotes = [q for q in found.quotes if q.symbol not in shown.coins and not shown.refuses(q)]
        new = replace(found, quotes=quotes, refused=[] if printed and not is_data else found.refused)
        if (quotes or new.refused) and (taken := shown.take(new)):
            kept.append(taken)
    return sorted(kept, key=lambda found: found.start)


def _possible(found: Found) -> Found:
    """Without the rows whose price no coin ever had, and without all where those are many: market values, or volumes."""
    beyond = [q for q in found.quotes if costs.beyond(q.price, q.currency)]
    if not beyond:
        return found
    wrong = found.quotes if 3 * len(beyond) >= len(found.quotes) else beyond
    refused = [*found.refused, *(Refusal(q.row_text, "no coin has ever cost so much") for q in wrong)]
    return replace(found, quotes=[q for q in found.quotes if q not in wrong], refused=refused)


def _well_read(found: Found) -> Found:
    """Without the rows whose price fits the others only with the other decimal mark: `$43.250` beside `$0.085`."""
    wrong: set[int] = set()
    for money in {q.currency for q in found.quotes if q.currency}:
        places = [i for i, q in enumerate(found.quotes) if q.currency == money and q.symbol]
        prices = [(q.symbol or "", q.price, _otherwise(q)) for q in (found.quotes[i] for i in places)]
        wrong |= {places[i] for i in costs.misread(prices, money)}
    if not wrong:
        return found
    refused = [Refusal(found.quotes[i].row_text, _MARKS) for i in sorted(wrong)]
    kept = [q for i, q in enumerate(found.quotes) if i not in wrong]
    return replace(found, quotes=kept, refused=[*found.refused, *refused])


def _otherwise(quote: Quote) -> Decimal:
    """The price with the other decimal mark, where its digits leave that open; else the price."""
    exponent = quote.price.as_tuple().exponent
    if exponent == -3 and 1 <= quote.price < 1000:
        return quote.price * 1000
    whole = quote.price == quote.price.to_integral_value() and 1000 <= quote.price < 10**6
    thousands, units = divmod(int(quote.price), 1000) if whole else (0, 0)
    printed = whole and re.search(rf"(?<![\d.,]){thousands}[.,]{units:03}(?![\d.,]*\d)", quote.row_text)
    return quote.price / 1000 if printed else quote.price


def _worth(found: Found) -> float:
    """Rows and changes told; what knows the cells goes before what reads lines, unless that tells a good deal more."""
    told = len(found.quotes) + sum(q.change_pct is not None for q in found.quotes)
    return told * (1.2 if found.reader == "markup" else 1)


class _Shown:
    """What the readings taken so far have shown; each further one is asked only for what is new."""

    def __init__(self) -> None:
        self.coins: set[str | None] = set()
        self._rows: set[tuple[object, ...]] = set()
        self._texts: set[str] = set()
        self._crooked: set[str] = set()
        self._words: set[str] = set()  # of the refused rows
        self._names: dict[str, set[str]] = {}  # a price's digits -> the names it was given for
        self._given: dict[
            str, set[str]
        ] = {}  # the same by the digits alone, as any number format prints them
        self._said: dict[str, list[str]] = {}  # a name -> the rows given for it, as printed
        self._spans: list[tuple[int, int, set[str | None]]] = []

    def take(self, found: Found) -> Found | None:
        """What a reading tells that none before did; None if that is nothing."""
        beside = self._beside(found)
        quotes = [q for q in found.quotes if self._is_new(q, beside)]
        strange = [q for q in quotes if q.symbol is None and beside and found.reader != "markup"]
        quotes = [q for q in quotes if q not in strange]
        known = [*found.refused, *(Refusal(q.row_text, "its name is no known coin's") for q in strange)]
        refused = [r for r in known if r.row_text not in self._texts and not self._gives(r)]
        self._add(found, quotes, refused)
        return replace(found, quotes=quotes, refused=refused) if quotes or refused else None

    def refuses(self, quote: Quote) -> bool:
        """Whether a row that names this coin was refused."""
        return any(not self._words.isdisjoint({name, name.lower()}) for name in _names(quote))

    def _beside(self, found: Found) -> set[str | None]:
        """The coins of readings of the same list: those that share the place."""
        if not found.quotes:
            return set()
        near = (coins for start, end, coins in self._spans if start < found.end and found.start < end)
        return set().union(*near)

    def _is_new(self, quote: Quote, beside: set[str | None]) -> bool:
        if _row(quote) in self._rows or self._doubted(quote) or self._named(quote):
            return False
        return not (quote.symbol and quote.symbol in beside)

    def _named(self, quote: Quote) -> bool:
        """Whether a row is one that was given by a ticker of the page's own: its price, and its name; of a row that has no
        symbol the words may hold more than the name."""
        names = self._names.get(plain(quote.price) or "", set())
        if quote.symbol or quote.name is None:
            return quote.name in names
        return any(len(name) > _SHORT and name in quote.name for name in names)

    def _doubted(self, quote: Quote) -> bool:
        """Whether a reading that told more saw the row's cells out of order: then none can say which figure is which."""
        return any(_says(text, name) for text in self._crooked for name in _names(quote))

    def _gives(self, refusal: Refusal) -> bool:
        """Whether a refused row is one that stands as a quote: its name, and its price's digits, or all its figures."""
        text = refusal.row_text
        numbers = _DIGITS.findall(text)
        if any(name in text for number in numbers for name in self._given.get(_digits(number), ())):
            return True
        telling = {number for number in numbers if len(number) > _RANK}
        told = (row for name, rows in self._said.items() if name in text for row in rows) if telling else ()
        return any(all(number in row for number in telling) for row in told)

    def _add(self, found: Found, quotes: Sequence[Quote], refused: Sequence[Refusal]) -> None:
        self.coins |= {q.symbol for q in quotes}
        self._rows |= {_row(q) for q in quotes}
        self._texts |= {q.row_text for q in quotes} | {r.row_text for r in refused}
        self._words |= {word for r in refused for word in r.row_text.split()}
        if found.quotes:
            self._crooked |= {r.row_text for r in refused if r.reason == CROOKED}
        for quote in quotes:
            self._names.setdefault(plain(quote.price) or "", set()).update(_names(quote))
            self._given.setdefault(_digits(str(quote.price)), set()).update(_names(quote))
            for name in _names(quote):
                self._said.setdefault(name, []).append(quote.row_text)
        if quotes:
            self._spans.append((found.start, found.end, {q.symbol for q in quotes}))


def _row(quote: Quote) -> tuple[object, ...]:
    return quote.symbol or quote.name, quote.price


def _digits(number: str) -> str:
    """`3.475.980,10` and `3475980.1` have the same."""
    return re.sub(r"\D", "", number).rstrip("0")


def _says(text: str, name: str) -> bool:
    """Whether a text has a name as a word of its own, figures touching it or not."""
    return bool(re.search(rf"(?<![^\W\d_]){re.escape(name)}(?![^\W\d_])", text))


def _names(quote: Quote) -> Iterator[str]:
    yield from filter(None, (quote.name, quote.symbol))
