"""What a worker does: a source -> the blocks in it, and what was met on the way. No store, no printing."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ..clock.stamps import Told
from ..coins.registry import Coins
from ..errors import SourceError
from ..finder.find import examine, watch, worth
from ..layouts import layout
from ..layouts.layout import Layout
from ..model import Block, Page
from ..pages import LIMITS, ZONE, Form, Intake, Limits, Revisit, Source, copied, is_far, read
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


class Known(NamedTuple):
    """The blocks of a page, where it is recorded, and under what names a revisit record may refer to it.

    page  itself, where it is far to go there again
    """

    blocks: tuple[Block, ...]
    place: str
    keys: tuple[str, ...] = ()
    page: Page | None = None


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

    items: list[Known | Revisit] = field(default_factory=list)
    pages: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    examples: list[SourceError] = field(default_factory=list)
    exports: list[Own] = field(default_factory=list)
    first: int | None = None
    end: int | None = None
    error: SourceError | None = None
    last: bool = False


@dataclass(frozen=True)
class Orders:
    """What every worker is told once: the user's options, and what to look for."""

    given: Told | None = None
    url: str | None = None
    text_column: str | None = None
    tz: str = ZONE
    limits: Limits = LIMITS
    layouts: Sequence[Layout] | None = None
    known: Coins | None = None
    spool: str = (
        ""  # a folder for copies of exports that lie in bundles, are packed, or came over the network
    )

    def blocks(self, page: Page) -> tuple[Block, ...]:
        """The blocks of a page, those of which all rows were refused included."""
        return examine(page, self.layouts, self.known).blocks

    def intake(self) -> Intake:
        """How to read: only pages that may hold a block."""
        tried = layout.load() if self.layouts is None else self.layouts
        wanted = watch(tried)
        asked = (self.given, self.url, self.text_column, self.tz, self.limits)
        return Intake(*asked, wanted, worth(tried, self.known))


def reports(source: Source, orders: Orders, on_tick: Callable[[int, int], object]) -> Iterator[Report]:
    """Read a source or a part of one, and report what is in it, a few hundred pages at a time.

    on_tick is told the bytes and the pages read so far, a few times a second.
    """
    reading = _Reading(orders, source.size, on_tick)
    try:
        for item in read(source, reading.intake):
            if isinstance(item, Revisit):
                reading.report.items.append(item)
            elif blocks := orders.blocks(item.page):
                held = item.page if item.keys and is_far(source, item.page) else None
                reading.report.items.append(Known(blocks, item.page.source, item.keys, held))
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
