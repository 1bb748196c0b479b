"""What `export` and `report` wrote, met where pages are looked for: known by what it holds, wherever it lies.

An export (CSV, JSON Lines, Parquet) is handed to the intake, which takes it back; without one that does it is an Export,
left out. What was written for people alone, a wide table or a report, is left out by name, and so is a store itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Literal

from ..errors import Export, Skipped, SourceError
from ..model import COLUMNS
from .source import Intake, Source
from .streams import Budget, Bytes, Cuttable, Packing, unpacked

Form = Literal["csv", "jsonl", "parquet"]

_NAMES = frozenset(column.name for column in COLUMNS)
_WIDE = (b"observed_at,time_basis", b'{"observed_at":')
_REPORT = re.compile(  # the second: reports of before they said so
    rb'<meta name="generator" content="ticker-tracker|<style>\s*@font-face \{ font-family: "Drawn";'
)
_PIECE = 1 << 20  # bytes copied at a time
LOOKED_AT = 4096  # bytes of a page in which a report says what it is


def form_of(head: bytes, name: str) -> Form | None:
    """Which text form of an export begins so; None if it is none. Raises Skipped for a wide table, and for a store."""
    if head[8:12] == b"DUCK":
        raise Skipped(
            name, "a store or another DuckDB file, no page", "export a store to take its quotes over"
        )
    line = head.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0].strip()
    if line.startswith(_WIDE):
        raise _wide(name)
    if line[:1] == b"{":
        return "jsonl" if _keys(line) >= _NAMES else None
    if b"snapshot_id" not in line:
        return None
    columns = line.decode("utf-8", "replace").split(",")
    return "csv" if {column.strip('" ') for column in columns} >= _NAMES else None


def _keys(line: bytes) -> set[str]:
    """The keys of the object in a line; of one of which the end is not seen, what look like its keys."""
    if b'"snapshot_id"' not in line:
        return set()
    try:
        return set(json.loads(line))
    except (ValueError, RecursionError):
        return {name.decode() for name in re.findall(rb'[{,]\s*"(\w+)"\s*:', line)}


def is_export(columns: Iterable[str], name: str) -> bool:
    """Whether a table has the columns of our own. Raises Skipped for one in its wide form."""
    there = list(columns)
    if there[:2] == ["observed_at", "time_basis"]:
        raise _wide(name)
    return set(there) >= _NAMES


def _wide(name: str) -> Skipped:
    reason = "an export of a store in its wide form, no page"
    return Skipped(name, reason, "export it without --wide to take it back")


def check_report(data: bytes, name: str) -> None:
    """Raises Skipped for the page of everything: its prices are those of the store that it was made of."""
    if _REPORT.search(data, 0, LOOKED_AT):
        raise Skipped(name, "a report of a store, no page", "ingest the pages it was made of")


def hand_over(source: Source, form: Form, stream: Bytes, packing: Packing, intake: Intake) -> None:
    """An export, its stream at its beginning, to who takes it back. Raises Export if nobody does."""
    if intake.on_export is None or source.record:
        raise Export(source.name, "an export of a store, no page", "tracker ingest takes it back")
    if not source.start:  # a large file comes in parts, and is one export
        intake.on_export(source, form, stream, packing)


def copied(source: Source, stream: Bytes, packing: Packing, folder: str) -> str:
    """The path of a copy of an export, unpacked. SourceError if its data breaks off, or unfolds without end."""
    from tempfile import NamedTemporaryFile

    inside, budget = Cuttable(unpacked(stream, packing)), Budget(source.title, source.size)
    with NamedTemporaryFile(dir=folder, delete=False) as copy:
        while data := inside.read(_PIECE):
            if packing:
                budget.spend(len(data))
            copy.write(data)
    if inside.fault:
        raise SourceError(source.title, *inside.fault)
    return copy.name
