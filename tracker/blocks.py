"""Sources -> the blocks of their pages: the one way that `tracker.blocks`, `read`, `ingest` and Spark go.

Pages without a block cost the search on their raw bytes (see finder.gate), not the finder. No store, no printing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from .clock.stamps import Told, vouched
from .coins.registry import Coins
from .errors import Beside, SourceError
from .finder.find import examine, watch, worth
from .layouts import layout
from .layouts.layout import Layout
from .model import Block, Page
from .pages import LIMITS, ZONE, Found, Intake, Limits, Revisit, Revisits, Source, is_far, items

OnSkip = Callable[[SourceError], object]


@dataclass(frozen=True)
class Orders:
    """How to read, and what to look for: what every worker is told once. The fields are the options of `blocks`."""

    given: Told | None = None
    url: str | None = None
    text_column: str | None = None
    tz: str = ZONE
    limits: Limits = LIMITS
    layouts: Sequence[Layout] | None = None
    known: Coins | None = None
    spool: str = ""  # a folder for copies of exports that lie in bundles, are packed, or came over the network: of `ingest`

    def blocks(self, page: Page) -> tuple[Block, ...]:
        """The blocks of a page, those of which all rows were refused included."""
        return examine(page, self.layouts, self.known).blocks

    def intake(self) -> Intake:
        """How to read: only pages that may hold a block."""
        tried = layout.load() if self.layouts is None else self.layouts
        asked = (self.given, self.url, self.text_column, self.tz, self.limits)
        return Intake(*asked, watch(tried), worth(tried, self.known))


@dataclass(frozen=True, slots=True)
class PageBlocks:
    """The blocks of one page, and where they came from.

    source       the file, and the record in it: `crawl.warc.gz#1063`
    url          the page's address, if known
    captured_at  when the copy was taken, if its container says so; aware, UTC
    blocks       in page order, one at least; one of which all rows were refused has no quotes
    keys         the names under which a revisit record may refer to the page
    page         itself, where a revisit record may refer to it and it is far to go there again
    """

    source: str
    url: str | None
    captured_at: datetime | None
    blocks: tuple[Block, ...]
    keys: tuple[str, ...] = ()
    page: Page | None = field(default=None, repr=False, compare=False)

    @property
    def has_quotes(self) -> bool:
        """Whether any row was taken."""
        return any(block.quotes for block in self.blocks)


def blocks(
    source: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    on_skip: OnSkip | None = None,
    at: datetime | date | str | None = None,
    url: str | None = None,
    text_column: str | None = None,
    tz: str = ZONE,
    limits: Limits = LIMITS,
    layouts: Sequence[Layout] | None = None,
    known: Coins | None = None,
) -> Reading:
    """The blocks of each page of the sources that has any, as they are read, in bounded memory; nothing is stored.

    source       as `tracker.pages` takes it: a file, folder, pattern, archive, corpus or address, or several of them
    on_skip      is told of every record, file and source that cannot be read, as a SourceError: its `subject` is the
                 file or `file#record`, and a Skipped is one record of which the rest was read. Without it the first of
                 them is raised where it is met, but for pictures and the like, which are no pages
    at, url, text_column, tz, limits  as in `tracker.pages`
    layouts, known  other layouts and coins than the installed ones

    A page of the same archive that was served again (a revisit record) has the blocks of the first, and its own time.
    Raises TimeError for an `at` that is no time and, without `on_skip`, SourceError.
    """
    orders = Orders(vouched(at, tz), url, text_column, tz, limits, layouts, known)
    return Reading(source, orders, on_skip)


class Reading(Iterator[PageBlocks]):
    """The blocks of some sources, a page with any at a time.

    source   one source, or several
    on_skip  as in `blocks`
    strict   raise what is wrong with a whole source that was named, where no page of it was met
    """

    def __init__(
        self,
        source: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
        orders: Orders,
        on_skip: OnSkip | None,
        strict: bool = False,
    ) -> None:
        self._orders, self._revisits, self._intake = orders, Revisits(), orders.intake()
        self._lost: SourceError | None = None
        self._intake.on_skip = on_skip or self._lose
        names = [source] if isinstance(source, str | os.PathLike) else source
        self._found = examined(items(names, self._intake, strict), orders)

    @property
    def pages(self) -> int:
        """How many pages were met so far, with a block or without."""
        return self._intake.pages

    def __next__(self) -> PageBlocks:
        for item in self._found:
            page = item if isinstance(item, PageBlocks) else self._again(item)
            self._raise_lost()
            if page:
                if page.has_quotes:
                    self._revisits.know(page.keys, page.source, page.page)
                return page
        self._raise_lost()
        raise StopIteration

    def _again(self, revisit: Revisit) -> PageBlocks | None:
        """The page that was served again; None where it is not known or has no block."""
        try:
            return served_again(revisit, self._revisits, self._orders)
        except SourceError as error:
            self._intake.on_skip(error)
            return None

    def _lose(self, error: SourceError) -> None:
        """To be raised between two pages: not amid a container's own reading, which has to close what it opened."""
        if self._lost is None and not isinstance(error, Beside):
            self._lost = error

    def _raise_lost(self) -> None:
        if self._lost:
            raise self._lost


def examined(
    found: Iterable[tuple[Source, Found | Revisit]], orders: Orders
) -> Iterator[PageBlocks | Revisit]:
    """What was read of which source -> the blocks of each page that has any, and revisit records as they are."""
    for source, item in found:
        if isinstance(item, Revisit):
            yield item
        elif blocks := orders.blocks(item.page):
            held = item.page if item.keys and is_far(source, item.page) else None
            yield _of(item.page, blocks, item.keys, held)


def served_again(revisit: Revisit, revisits: Revisits, orders: Orders) -> PageBlocks | None:
    """The blocks of a page that was served again, at its own time; None if it has none.

    Raises SourceError where it is not known which page it was.
    """
    page = revisits.page(revisit)
    blocks = orders.blocks(page)
    return _of(page, blocks) if blocks else None


def _of(
    page: Page, blocks: tuple[Block, ...], keys: tuple[str, ...] = (), held: Page | None = None
) -> PageBlocks:
    return PageBlocks(page.source, page.url, page.captured_at, blocks, keys, held)
