"""Lines of values with marks between them, under a line of heads -> runs of records: CSV as programs write it (RFC 4180), or
the same with semicolons or tabs. Pure.

The marks say which figure stands in which column, and quotes what is one cell: `"20,834.40"`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from ..coins.names import Name
from ..coins.registry import Coins
from ..printed.figures import read as figure_in
from ..printed.heads import head
from .embedded import called
from .record import Field, Record, Run

_MARKS = ",;\t"
_HEADS = 3  # cells of a line of heads, at least
_ROWS = 500
_TICKERS = frozenset(("symbol", "ticker", "code", "심볼", "티커", "シンボル", "代码", "símbolo", "sembol"))
_TICKER = re.compile(r"[A-Z][A-Z0-9_]{1,11}")
_LINE = re.compile(r"^[^\n]*(?:[,;\t][^\n]*){2}$", re.MULTILINE)
_DIGITS, _DIGIT = re.compile(r"\d{3}"), re.compile(r"\d")
_LONG = 1000  # characters of a line


def runs(text: str, coins: Coins) -> Iterator[Run]:
    """Every table of values of a page whose heads name a price and what has it, with two coins at least."""
    end = 0
    for line in _LINE.finditer(text):
        if line.start() < end or len(line[0]) > _LONG or _DIGITS.search(line[0]):
            continue
        below = text[line.end() + 1 : text.find("\n", line.end() + 1)][:_LONG]
        for mark in _MARKS:
            heads = _cells(line[0], mark) if below.count(mark) >= _HEADS - 1 and _DIGIT.search(below) else []
            if _is_headed(heads):
                run, end = _run(text, line.end() + 1, heads, mark, coins)
                if run:
                    yield run
                break


def _cells(line: str, mark: str) -> list[str]:
    return next(csv.reader([line], delimiter=mark), [])


def _is_headed(heads: Sequence[str]) -> bool:
    """Whether one cell heads names, one prices, and none is more than a head."""
    roles = {found.role for words in heads if (found := head(words.strip()))}
    return len(heads) >= _HEADS and {"name", "price"} <= roles and all(len(words) <= 60 for words in heads)


def _run(text: str, start: int, heads: Sequence[str], mark: str, coins: Coins) -> tuple[Run | None, int]:
    """The records below the heads, as far as their cells are as many; and where they end."""
    names = [i for i, words in enumerate(heads) if (found := head(words.strip())) and found.role == "name"]
    tickers = [i for i in names if heads[i].strip().casefold() in _TICKERS]
    lines = text[start:].splitlines(keepends=True)
    reader, records, at, read = csv.reader(lines, delimiter=mark), list[Record](), start, 0
    try:
        for cells in islice(reader, _ROWS):
            if len(cells) != len(heads):
                break
            size = sum(map(len, lines[read : reader.line_num]))
            record = _record(text, (at, at + size), cells, names, coins)
            records.append(_called(record, [cells[i].strip() for i in tickers]))
            at, read = at + size, reader.line_num
    except csv.Error:
        pass
    told = {f"#{i}": words.strip() for i, words in enumerate(heads)}
    several = len({record.name.symbol for record in records if record.name}) >= 2
    return (Run(tuple(records), told, ()) if several else None), at


def _record(
    text: str, place: tuple[int, int], cells: Sequence[str], names: Sequence[int], coins: Coins
) -> Record:
    known = [name for i in names if (name := called(cells[i].strip(), coins))]
    one = len({name.symbol for name in known}) == 1
    spoken = next((cells[i].strip() for i in names if cells[i].strip()), "")
    fields = tuple(
        Field((f"#{i}", 0), cell.strip(), figure, None, frozenset(), 0, 0)
        for i, cell in enumerate(cells)
        if i not in names and len(cell) <= 40 and (figure := figure_in(cell.strip()))
    )
    row = " ".join(text[slice(*place)].split())
    return Record(_whole(known) if one else None, spoken, fields, row[:600], place=(place[0], place[1] - 1))


def _called(record: Record, tickers: Sequence[str]) -> Record:
    """A record of no known coin by the ticker that stands under its head."""
    ticker = next((words for words in tickers if _TICKER.fullmatch(words)), "")
    return replace(record, ticker=ticker) if ticker and record.name is None else record


def _whole(known: Sequence[Name]) -> Name:
    """A coin named in two cells is named beyond doubt."""
    name = next((one for one in known if one.printed != one.symbol), known[0])
    weak = name.weak and len(known) < 2
    return Name(name.printed, name.symbol, name.currency, len(known), weak, "")
