"""What a worker does: a source -> the blocks in it, and what was met on the way. No store, no printing."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from ..blocks import Orders, PageBlocks, examined
from ..errors import SourceError
from ..pages import Form, Revisit, Source, copied, read
from ..pages.streams import Bytes, Packing
from .fingerprint import Mark

_ITEMS = 200  # pages with a block in one report
TICK = 0.2  # seconds between two words on progress


class Piece(NamedTuple):
    """A source to be read, or a part of one.

    mark   by what the source is known again
    last   no other part of it follows
    """

    source: Source
    mark: Mark | None
    last: bool = True


class Own(NamedTuple):
    """An export of a store that was met: what to call it, its form, and the file that has it as it was written."""

    title: str
    form: Form
    path: str


@dataclass(slots=True)
class Report:
    """What was read of a piece since the last report.

    items        pages with a block, and revisit records, in the order of the source
    skipped      what was left out, by reason; examples: the first of each
    exports      of a store, to be taken back
    first, end   of an archive: where the first record starts, and the first one behind the piece
    error        why the piece could not be read, or not to its end
    last         the piece is done with
    """

    items: list[PageBlocks | Revisit] = field(default_factory=list)
    pages: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    examples: list[SourceError] = field(default_factory=list)
    exports: list[Own] = field(default_factory=list)
    first: int | None = None
    end: int | None = None
    error: SourceError | None = None
    last: bool = False


def reports(source: Source, orders: Orders, on_tick: Callable[[int, int], object]) -> Iterator[Report]:
    """Read a source or a part of one, and report what is in it, a few hundred pages at a time.

    on_tick is told the bytes and the pages read so far, a few times a second.
    """
    reading = _Reading(orders, source.size, on_tick)
    try:
        for item in examined(((source, item) for item in read(source, reading.intake)), orders):
            reading.report.items.append(item)
            reading.tick(reading.done)
            if len(reading.report.items) >= _ITEMS:
                yield reading.said()
    except SourceError as error:
        reading.report.error = error
    reading.report.last = True
    yield reading.said()


class _Reading:
    """A piece being read: the intake, and the report that is being written."""

    def __init__(self, orders: Orders, size: int, on_tick: Callable[[int, int], object]) -> None:
        self.intake, self.size, self.on_tick, self.report = orders.intake(), size, on_tick, Report()
        self.spool = orders.spool
        self.done = self.told = 0  # bytes read; pages reported
        self.clock = time.monotonic()
        self.intake.on_skip, self.intake.on_tick, self.intake.on_export = self.skip, self.tick, self.export

    def skip(self, error: SourceError) -> None:
        self.report.skipped[error.reason] += 1
        if self.report.skipped[error.reason] == 1:
            self.report.examples.append(error)

    def export(self, source: Source, form: Form, stream: Bytes, packing: Packing) -> None:
        """Have an export taken back: as it lies, or a copy of it. SourceError if it breaks off: all of it or nothing."""
        path = source.path if source.is_file and not packing else copied(source, stream, packing, self.spool)
        self.report.exports.append(Own(source.title, form, path))

    def tick(self, done: int) -> None:
        self.done = min(done, self.size)  # of what was packed as a whole, unpacked bytes are counted
        if time.monotonic() - self.clock > TICK:
            self.clock = time.monotonic()
            self.on_tick(done, self.intake.pages - self.told)

    def said(self) -> Report:
        """The report as it stands; a new one is begun."""
        report, self.report = self.report, Report()
        report.pages, self.told = self.intake.pages - self.told, self.intake.pages
        report.first, report.end = self.intake.first, self.intake.end
        return report
