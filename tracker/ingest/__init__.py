"""Pages -> find -> store: the only conductor.

tally        what it came to, how far it is
fingerprint  by what a source is known again
work         what a worker does: a source -> its blocks
joint        whether parts of an archive fit together
pool         many workers, one order
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ..blocks import Orders, PageBlocks, served_again
from ..clock.stamps import vouched
from ..coins.registry import Coins
from ..errors import Beside, Skipped, SourceError
from ..layouts.layout import Layout
from ..model import Block
from ..pages import LIMITS, ZONE, Limits, Revisit, Revisits, Source, expand, split
from .fingerprint import Mark, circumstances, mark
from .joint import Joint
from .tally import Progress as Progress
from .tally import Tally as Tally
from .work import Own, Piece, Report, reports

if TYPE_CHECKING:
    from ..store import Store  # a worker imports this package, and has no use for DuckDB

PART = 64 << 20  # bytes of a large file that one worker reads at a time, or more if there is more for each
BATCH = 2000  # blocks, and what more their page has, that are stored in one transaction
PACE = 256 << 20  # bytes of sources read to their end after which they are marked so, whatever was found
_SMALL = 128 << 20  # bytes that one process has read by the time that another is of use
_FILE = 10_000  # bytes that are read in the time that opening a file takes
_AT_ONCE = 1000  # sources looked up in the store at a time


def ingest(
    names: Iterable[str | os.PathLike[str]],
    store: Store,
    *,
    at: datetime | date | str | None = None,
    url: str | None = None,
    text_column: str | None = None,
    tz: str = ZONE,
    limits: Limits = LIMITS,
    jobs: int | None = None,
    again: bool = False,
    if_better: bool = False,
    layouts: Sequence[Layout] | None = None,
    known: Coins | None = None,
    on_error: Callable[[SourceError], object] = lambda error: None,
    on_progress: Callable[[Progress], object] = lambda progress: None,
) -> Tally:
    """Read sources, find the blocks in them and store those that are new. Returns the tally.

    names        files, `file#record`, folders, patterns, addresses, `-`
    at           the time to give to every page: an aware datetime, a day, or a text as the command line takes it
    url          the address of documents that do not say it themselves
    text_column  the column of a corpus that holds the text
    tz           the zone of times that name none: `at`, and those in files' names
    limits       how long to wait for a web server
    jobs         worker processes; None: one a processor. The rows are the same whatever it is
    again        read sources too that were read to their end before
    if_better    read those too that an older reader read to their end
    layouts, known  as in find.examine
    on_error     is told of each source that cannot be read and, of what is left out in one, the first of each kind
    on_progress  is told now and then how far it is

    What was read before is known again, whoever reads it and in whatever container: see Store.take.
    Ctrl-C ends it early: what was found until then is stored, and the tally says so. Raises StoreError, and TimeError
    for an `at` that is no time.
    """
    from tempfile import TemporaryDirectory

    store.check_writable()
    with TemporaryDirectory(prefix="tracker-") as spool:
        orders = Orders(vouched(at, tz), url, text_column, tz, limits, layouts, known, spool)
        run = _Run(store, orders, on_error, on_progress)
        try:
            sources = list(expand(names, run.refuse))
            jobs = 1 if _is_little(sources) else jobs or _processors()
            pieces = run.pieces(sources, again, if_better, jobs)
            with closing(_reported(pieces, orders, jobs, run.tick)) as reported:
                for piece, report in reported:
                    run.take(piece, report)
        except KeyboardInterrupt:
            run.tally.stopped = True
        run.store_all()
    return run.tally


def _reported(
    pieces: Iterator[Piece], orders: Orders, jobs: int, on_tick: Callable[[int, int], object]
) -> Generator[tuple[Piece, Report]]:
    if jobs > 1:
        from .pool import side_by_side

        return side_by_side(pieces, orders, jobs, on_tick)
    return ((piece, report) for piece in pieces for report in reports(piece.source, orders, on_tick))


def _is_little(sources: Sequence[Source]) -> bool:
    """So little to read that a second process would come too late."""
    return sum(source.size + _FILE for source in sources) < _SMALL


def _processors() -> int:
    """Those that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Run:
    """One ingest: what is reported, in order, becomes snapshots in the store and counts in the tally.

    Batches end where the order of the sources says, never when the clock does: the same sources give the same batches,
    whoever read them, and so the same rows.
    """

    def __init__(
        self,
        store: Store,
        orders: Orders,
        on_error: Callable[[SourceError], object],
        on_progress: Callable[[Progress], object],
    ) -> None:
        self.store, self.orders, self.on_error, self.on_progress = store, orders, on_error, on_progress
        self.tally = Tally()
        self.revisits = Revisits(store.recorded) if store.exists() else Revisits()
        self.pending: list[Block] = []
        self.marks: list[Mark] = []  # of sources that are done with the pending blocks
        self.bytes = self.total = self.unmarked = 0
        self.told: set[str] = set()  # of the source under way: what was said of it
        self.own = False  # and whether it is, or holds, an export
        self.joint = Joint()

    def refuse(self, error: SourceError) -> None:
        """What cannot be read at all, or is none of our business."""
        if not isinstance(error, Skipped):
            self.tally.unreadable.append(error)
            self.on_error(error)
            return
        self.tally.skipped[error.reason] += 1
        if not isinstance(error, Beside):
            self.on_error(error)

    def pieces(self, sources: Sequence[Source], again: bool, if_better: bool, jobs: int) -> Iterator[Piece]:
        """The sources that are to be read, as before or anew; what is more than one worker's share is divided."""
        self.total = sum(source.size for source in sources)
        orders = self.orders
        options = (orders.given, orders.url, orders.text_column, orders.tz)
        rest = circumstances(orders.layouts, orders.known, *options)
        for start in range(0, len(sources), _AT_ONCE):
            marks = [(source, mark(source, rest)) for source in sources[start : start + _AT_ONCE]]
            done = {} if again else self.store.done(known.fingerprint for _, known in marks if known)
            for source, known in marks:
                reader = done.get(known.fingerprint) if known else None
                if known is None or reader is None or (if_better and reader < known.read_by):
                    yield from self._parts(source, known, jobs)
                else:
                    self.tally.completed += 1
                    self.tally.outdated += reader < known.read_by
                    self.bytes += source.size

    def _parts(self, source: Source, known: Mark | None, jobs: int) -> Iterator[Piece]:
        before = None
        try:
            for part in split(source, max(PART, self.total // jobs)) if jobs > 1 else (source,):
                if before:
                    yield Piece(before, known, last=False)
                before = part
        except SourceError as error:
            self.refuse(error)
        else:
            if before:
                yield Piece(before, known)

    def take(self, piece: Piece, report: Report) -> None:
        """What is reported next, in the order of the sources."""
        fit = self.joint.fit(piece, report)
        if fit is None:
            self._take(piece, report)
        elif fit is not piece:
            for anew in reports(fit.source, self.orders, self.tick):
                self._take(fit, anew)
        if report.last:
            self.bytes += piece.source.size
            self.tick(0, 0)

    def _take(self, piece: Piece, report: Report) -> None:
        self.tally.pages += report.pages
        self.tally.skipped += report.skipped
        for error in report.examples:
            self._tell(error)
        self.revisits.look_up(item for item in report.items if isinstance(item, Revisit))
        for item in report.items:
            if isinstance(item, Revisit):
                self._take_revisit(item, piece.mark)
            else:
                self._take_blocks(item, piece.mark)
                if item.has_quotes:
                    self.revisits.know(item.keys, item.source, item.page)
        for own in report.exports:
            self._take_back(own)
        if report.last:
            self._finish(piece, report.error)

    def _take_revisit(self, revisit: Revisit, known: Mark | None) -> None:
        """The same block at another time, if it is known which; else it is counted."""
        try:
            page = served_again(revisit, self.revisits, self.orders)
        except SourceError as error:
            self.tally.skipped[error.reason] += 1
            self._tell(error)
        else:
            if page:
                self._take_blocks(page, known)

    def _take_blocks(self, page: PageBlocks, known: Mark | None) -> None:
        tally, found = self.tally, 0
        for block in page.blocks:
            tally.rows += len(block.quotes)
            tally.refused += len(block.refused)
            tally.partial += bool(block.refused)
            if block.quotes:
                found += 1
                self.pending.append(replace(block, origin=known.origin_of(block)) if known else block)
        tally.blocks += found
        tally.with_block += bool(found)
        if len(self.pending) >= BATCH:  # never between two blocks of a page: they are weighed together
            self._store()

    def _finish(self, piece: Piece, error: SourceError | None) -> None:
        """A piece is done with; a source, with the last of its pieces."""
        self.unmarked += piece.source.size
        if error:
            self.refuse(error)
        elif piece.last:
            self.tally.sources += 1
            if piece.mark and not self.own:  # what an export brought may be forgotten, and is soon read again
                self.marks.append(piece.mark)
        if piece.last:
            self.own = False
            self.told.clear()
            if self.unmarked >= PACE:
                self.store_all()

    def _take_back(self, own: Own) -> None:
        """Put an export of a store into it."""
        self.store_all()
        self.own = True
        try:
            added = self.store.take_table(own.path, own.form, own.title)
            self.tally.exports[own.title] = added.new, added.anew
        except SourceError as error:
            self.refuse(error)
        finally:
            if Path(own.path).parent == Path(self.orders.spool):
                Path(own.path).unlink()

    def _tell(self, error: SourceError) -> None:
        """Of each kind of loss in a source the first is told, all are counted."""
        if error.reason not in self.told and not isinstance(error, Beside):
            self.told.add(error.reason)
            self.on_error(error)

    def store_all(self) -> None:
        """Store what was found so far, and that its sources are done."""
        if self.pending or self.marks:
            self._store()
        self.unmarked = 0

    def _store(self) -> None:
        """The pending blocks, and the marks of the sources that end with them, in one transaction."""
        added = self.store.take(self.pending, self.marks)
        self.tally.added += added.new
        self.tally.anew += added.anew
        self.tally.withdrawn += added.withdrawn
        self.pending.clear()
        self.marks.clear()

    def tick(self, done: int, pages: int) -> None:
        """How far it is, with the bytes and pages of what is under way."""
        self.on_progress(Progress(self.bytes + done, self.total, self.tally.pages + pages, self.tally.blocks))
