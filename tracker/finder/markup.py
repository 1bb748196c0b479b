"""The blocks that a page's markup tells: its tree's runs of records, judged, with their places in the page's text. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, partial
from itertools import chain, islice

from ..coins.names import name_of
from ..coins.registry import Coins
from ..model import Quote, Refusal
from . import colours, drawn, embedded, listing, others, separated
from .generic import Found
from .judging import Judged, judge
from .near import is_data
from .record import Record, Run
from .records import runs
from .tree import tree_of

# The mark first, which is found fast.
_COINS = 3
_MANUAL = re.compile(
    r"\b(?:GET|POST|curl|endpoints?|requests?|response|parameters?|API|schema|example|documentation)\b|(?:요청|응답) ?예",
    re.IGNORECASE,
)
_SHORT_TEXT = re.compile(r">\s*([^<>\s][^<>]{1,38})<")
_ALT = re.compile(r"=(?:(?<=\balt=)|(?<=\btitle=)|(?<=\baria-label=))[\"']([^\"'<>]{2,40})[\"']")
_PLACES, _NEAR = 50, 300  # of a figure that are looked at; characters between it and its name


def blocks(html: str, text: str, coins: Coins) -> list[Found]:
    """Every block of a page's HTML in page order; text: the page as lines, in which the blocks' places are.

    A list that the page repeats (a marquee prints it three times) is one block."""
    top = tree_of(html)
    meanings = cache(partial(colours.proven, top))
    told = (colours.turned(colours.signed(run, meanings)) for run in runs(top, coins))
    return _found(told, text, "markup")


def data(html: str, text: str, coins: Coins) -> list[Found]:
    """Every list of prices in a page's embedded data; they stand behind its text, and are flagged `embedded`."""
    found = []
    asked = is_data(text.encode("utf-8", "replace"))
    printed = embedded.whole(text, coins, alone=True) if asked else iter(())
    if not embedded.is_alone(text):
        printed = _beside_words(printed, text)
    told = chain(embedded.runs(html, coins) if html else (), printed)
    for block in _found(told, text, "data"):
        quotes = [replace(q, flags=tuple(sorted({*q.flags, "embedded"}))) for q in block.quotes]
        found.append(replace(block, start=len(text), end=len(text), first=len(text), quotes=quotes))
    return found


def _beside_words(several: Iterator[Run], text: str) -> Iterator[Run]:
    """Values printed among words: a manual's are examples, and so may two coins be."""
    manual = bool(_MANUAL.search(text))
    for run in several:
        coins = {record.name.symbol for record in run.records if record.name}
        yield replace(run, prose=manual or len(coins) < _COINS)


def pictures(html: str, coins: Coins) -> bool:
    """Whether pictures' words name coins, as where a list has logos and no names."""
    return any(name_of(match[1], coins) for match in _ALT.finditer(html))


def texts(html: str, coins: Coins) -> bool:
    """Whether short texts between tags name two coins, or one among indices, as where no white space sets a page's boxes
    apart."""
    said = {" ".join(match[1].split()) for match in _SHORT_TEXT.finditer(html)}
    names = (name_of(words, coins) for words in coins.naming(said))
    named = {name.symbol for name in names if name and not name.weak}
    return len(named) >= 2 or (bool(named) and others.are_several(said))


def listed(text: str, coins: Coins) -> list[Found]:
    """Every block of a page's lines that are of one shape, and of tables drawn in them whose coins stand side by side."""
    return _found(chain(listing.runs(text, coins), drawn.runs(text, coins)), text, "lines")


def values(text: str, coins: Coins) -> list[Found]:
    """Every block of a page's lines of values, as in a file of CSV."""
    return _found(separated.runs(text, coins), text, "values")


def _found(several: Iterator[Run], text: str, reader: str) -> list[Found]:
    found: list[Found] = []
    shown: set[tuple[object, ...]] = set()
    for run in several:
        judged = judge(run)
        quotes = list(_ranked(result for _, result in judged.rows))
        printed = tuple(
            sorted((q.symbol or "", q.currency or "", str(q.price), str(q.change_pct)) for q in quotes)
        )
        if judged.rows and not (printed and printed in shown):
            shown.add(printed)
            found.append(_block(judged, quotes, text, reader))
    return found


def _block(judged: Judged, quotes: list[Quote], text: str, reader: str) -> Found:
    given = [record for record, result in judged.rows if isinstance(result, Quote)]
    start, end = _span(text, given or [judged.rows[0][0]])
    refused = [result for _, result in judged.rows if isinstance(result, Refusal)]
    return Found(start, end, quotes, refused, start, judged.best.evidence if judged.best else (), reader)


def _ranked(rows: Iterator[Quote | Refusal]) -> Iterator[Quote]:
    for place, row in enumerate(rows, 1):
        if isinstance(row, Quote):
            yield replace(row, rank=place)


def _span(text: str, records: list[Record]) -> tuple[int, int]:
    """Where the records stand in the page's text, from the first to the last; (0, 0) where they are not found."""
    first, last = (_place(text, record) for record in (records[0], records[-1]))
    return (first[0], max(first[1], last[1])) if first and last else first or last or (0, 0)


def _place(text: str, record: Record) -> tuple[int, int] | None:
    if record.place:
        return record.place
    words = record.text.split()
    spread = r"\s*[•|]?\s*".join(map(re.escape, words[:12]))
    match = re.search(spread, text) if words else None
    return match.span() if match else _figure_place(text, record)


def _figure_place(text: str, record: Record) -> tuple[int, int] | None:
    """Where a record's longest figure stands with its name before it: a picture's words may stand between."""
    figure = max((field.text for field in record.fields), key=len)
    for match in islice(re.finditer(re.escape(figure), text), _PLACES):
        name = text.rfind(record.printed, max(0, match.start() - _NEAR), match.start())
        if name >= 0:
            return name, match.end()
    return None
