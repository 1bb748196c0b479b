"""Coins that a sentence counts up, each with its figures in brackets -> runs of records. Pure.

`리플(1190원·-10.86%), 에이다(1215원·-8.30%)`, `△리플 1190원(-10.86%) △에이다 1215원(-8.30%)`: three at least, with nothing behind
their names but a price and a percent, and hardly a word between them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..coins.names import Name, last_name, name_of
from ..coins.registry import Coins
from .cells import Part, page_parts
from .naming import bare, naming
from .record import Field, Record, Run

_COINS = 3
_APART = 12  # characters between a bracket and the next name: `, `, ` 및 `, ` and `
_ABOVE = 60  # characters before the first name that may say what the figures are
_BETWEEN = ",;/·| "


def runs(text: str, coins: Coins) -> Iterator[Run]:
    """Every such run, in page order."""
    found, may = page_parts(text), naming(text, coins)
    if text.count("(") < _COINS or not may:
        return
    row: list[Record] = []
    for at, part in enumerate(found[:-2]):
        if part.text not in may or not _bracketed(text, *found[at + 1 : at + 3]):
            continue
        if name := name_of(bare(part.text), coins) or last_name(part.text, coins):
            record = _record(text, name, part, found[at + 1], found[at + 2])
            if row and not _goes_on(row[-1], record):
                yield from _run(text, row)
                row = []
            row.append(record)
    yield from _run(text, row)


def _bracketed(text: str, price: Part, percent: Part) -> bool:
    """Whether a price and a percent stand alone in one bracket, or the percent in one behind the price."""
    if not (price.figure and percent.figure and percent.figure.percent and price.figure.money):
        return False
    closed = percent.text.endswith((")", "]"))
    alone = price.text.startswith(("(", "[")) != percent.figure.bracketed
    return closed and alone and not text[price.end : percent.start].strip(_BETWEEN)


def _record(text: str, name: Name, said: Part, price: Part, percent: Part) -> Record:
    start = text.rfind(name.printed, said.start, price.start)
    place = (start if start >= 0 else said.start), percent.end
    fields = [
        Field((f"#{n}", 0), part.text, part.figure, None, frozenset(), 0, 0)
        for n, part in enumerate((price, percent))
        if part.figure
    ]
    return Record(name, name.printed, tuple(fields), " ".join(text[slice(*place)].split()), place)


def _goes_on(before: Record, record: Record) -> bool:
    return bool(before.place and record.place) and record.place[0] - before.place[1] <= _APART  # type: ignore[index]


def _run(text: str, row: Sequence[Record]) -> Iterator[Run]:
    if len({record.name.symbol for record in row if record.name}) >= _COINS and row[0].place:
        start = row[0].place[0]
        yield Run(tuple(row), {}, (" ".join(text[max(0, start - _ABOVE) : start].split()),))
