"""Records of one run held against each other: which are of one build, which lost a cell, where tickers stand. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from ..coins.names import name_of
from ..coins.registry import Coins
from .record import Record

Row = TypeVar("Row")  # what a record was made of
_CLASSES = re.compile(r"\.[^/]*")
_PRINTED = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9][A-Za-z0-9.$_-]{0,14}")


def builds(made: Sequence[tuple[Row, Record]]) -> Iterator[list[tuple[Row, Record]]]:
    """Records by how many cells they have, where three and more have so many: a page may leave cells of its later rows to a
    script. Those of no such build stand with the most frequent one, where they are seen to differ."""
    counts = Counter(record.cells for _, record in made if record.name)
    most = [cells for cells, often in counts.most_common() if often >= 3] or [
        c for c, _ in counts.most_common(1)
    ]
    for number, cells in enumerate(most):
        yield [one for one in made if one[1].cells == cells or (not number and one[1].cells not in most)]


def united(records: Sequence[Record]) -> list[Record]:
    """The records, ways to a figure that differ by their classes alone made one where each record has exactly one of them: a
    page may name its rises and falls as it likes (`text-success`, `css-x1y2z`)."""
    own = [{field.key[0] for field in record.fields} for record in records if record.name]
    alike: dict[str, set[str]] = defaultdict(set)
    for way in set().union(*own):
        if way[:1] not in "#@" and not all(way in has for has in own):
            alike[_CLASSES.sub("", way)].add(way)
    joined = {
        way: f"{tags}?"
        for tags, ways in alike.items()
        if len(ways) > 1 and all(len(ways & has) == 1 for has in own)
        for way in ways
    }
    return [_renamed(record, joined) for record in records] if joined else list(records)


def _renamed(record: Record, joined: dict[str, str]) -> Record:
    fields = tuple(replace(f, key=(joined.get(f.key[0], f.key[0]), f.key[1])) for f in record.fields)
    return replace(record, fields=fields)


def with_tickers(records: Sequence[Record], coins: Coins) -> list[Record]:
    """The records with the tickers that they print where the others print theirs beside a name: a coin that no list knows
    has one as well, and one that was renamed since has its ticker of the day."""
    named = [record for record in records if record.name]
    at = _usual(named, lambda record, words: record.name is not None and words == record.name.symbol)
    spoken = _usual(named, _is_spoken)
    return [_with_ticker(record, at, spoken, coins) for record in records] if at and spoken else list(records)


def _is_spoken(record: Record, words: str) -> bool:
    """Whether a text is the name by which a coin is called beside its ticker."""
    name = record.name
    return name is not None and len(words) > 2 and words != name.symbol and words in name.printed


def _usual(named: Sequence[Record], is_it: Callable[[Record, str], bool]) -> str:
    """The way on which most of the records, three at least, have a certain text; empty if there is none."""
    ways = Counter(way for record in named for way, words in record.words if is_it(record, words))
    way, often = ways.most_common(1)[0] if ways else ("", 0)
    return way if often >= 3 and 10 * often >= 6 * len(named) else ""


def _with_ticker(record: Record, at: str, spoken: str, coins: Coins) -> Record:
    words = dict(record.words)
    ticker, called = words.get(at, "").lstrip("$"), words.get(spoken, "")
    capitals = sum(map(str.isupper, ticker))
    if not _PRINTED.fullmatch(ticker) or not called or sum(map(str.islower, ticker)) > 3 * capitals:
        return record  # `stETH` and `BabyDoge` are tickers, `Notcoin` is none
    if record.name is None:
        return replace(record, ticker=ticker, printed=called)
    coin, own = coins.get(ticker), record.name.symbol
    if (said := name_of(ticker, coins)) and said.symbol == own:
        return record  # `TETHER`: its name in capitals
    if not ticker.isupper() or (coin is None and (ticker.startswith(own) or own.startswith(ticker))):
        return record  # `DAS` for Dash, `UNI1` for Uniswap: a site's short form
    return replace(record, name=replace(record.name, symbol=ticker, printed=called))


def compared(records: Sequence[Record]) -> Iterator[Record]:
    """The records, those marked that lost or won a cell or a figure against the others."""
    named = [record for record in records if record.name]
    cells = Counter(record.cells for record in named).most_common(1)
    ways: dict[str, Counter[str]] = defaultdict(Counter)
    for record in named:
        for way, kinds in _kinds(record).items():
            ways[way][kinds] += 1
    usual = {way: most for way, c in ways.items() if 2 * c.total() > len(named) and (most := _steadily(c))}
    whole = Counter(_whole(record) for record in named).most_common(1)
    for record in records:
        straight = not cells or (record.cells == cells[0][0] and _whole(record) != 2 * whole[0][0])
        yield replace(record, crooked=not straight or not _alike(_kinds(record), usual))


def _steadily(kinds: Counter[str]) -> str:
    """The figures that a way nearly always has; empty where they differ from row to row, as a drawn line's do."""
    most, often = kinds.most_common(1)[0]
    return most if 3 * often >= 2 * kinds.total() else ""


def _whole(record: Record) -> str:
    return "".join("P" if field.figure.percent else "N" for field in record.fields)


def _kinds(record: Record) -> dict[str, str]:
    """The figures of each way in their order, a letter each: P a percent, N another."""
    kinds: dict[str, str] = defaultdict(str)
    for field in record.fields:
        kinds[field.key[0]] += "P" if field.figure.percent else "N"
    return kinds


def _alike(kinds: dict[str, str], usual: dict[str, str]) -> bool:
    """Whether each way has the figures that it has elsewhere; fewer only where it is plain which are missing."""
    for way, most in usual.items():
        own = kinds.get(way, "")
        if own and not own.startswith(most) and not (most.startswith(own) and len(set(most)) == len(most)):
            return False
    return True
