"""Where pages come from: a lazy stream of Page over files, folders, archives, corpora and addresses.

streams    bytes: packed, broken off, bounded
source     what is read, and how the reading goes
times      times as machines write them
encoding   bytes -> text
document   one document, text or HTML -> its lines
http       an archived response -> its body
index      where the records of a WARC file start, also behind damage
warc       WARC and WET
corpus     JSON Lines, and the columns of a corpus
parquet    Parquet
rows       CSV, and one JSON value
own        our own exports and reports, met among pages
saved      MHTML and HAR, as browsers save pages
web        https://, one GET a page
remote     s3:// and the like, an optional extra
expand     files, folders, patterns, addresses: what is named -> what is read
bundle     zip and tar
reader     a source of any kind -> its pages
revisits   the same payload at another time
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import chain

from ..clock.stamps import vouched
from ..errors import Beside, SourceError
from ..model import Page
from .expand import expand as expand
from .own import Form as Form
from .own import copied as copied
from .reader import read as read
from .reader import split as split
from .revisits import Revisits as Revisits
from .revisits import is_far as is_far
from .source import LIMITS as LIMITS
from .source import Found as Found
from .source import Intake as Intake
from .source import Limits as Limits
from .source import Revisit as Revisit
from .source import Source as Source

ZONE = "Asia/Seoul"  # of times that name none, as on the command line


class TrackerWarning(UserWarning):
    """Something was left out; the rest was read."""


def pages(
    source: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    at: datetime | date | str | None = None,
    url: str | None = None,
    text_column: str | None = None,
    tz: str = ZONE,
    limits: Limits = LIMITS,
    on_skip: Callable[[SourceError], object] | None = None,
) -> Iterator[Page]:
    """Every page of the sources, one after the other, as they are read.

    source       a file, `file#record`, folder, pattern, `-`, zip or tar archive, WARC or WET file, JSON Lines or
                 Parquet corpus, or an address; or several of them
    at           the time to give to every page: an aware datetime, a day, or a text as `tracker ingest --at` takes it
    url          the address of the documents among them, which may not say it themselves
    text_column  the column of a corpus that holds the text
    tz           the zone of times that name none: `at`, and those in files' names
    limits       how long to wait for a web server
    on_skip      is told of every record, file and source that is left out; without it each is a TrackerWarning,
                 but for pictures and the like, which are no pages

    Raises TimeError for an `at` that is no time and, without `on_skip`, SourceError for a source of which nothing
    can be read.
    """
    intake = Intake(vouched(at, tz), url, text_column, tz, limits, on_skip=on_skip or warn)
    names = [source] if isinstance(source, str | os.PathLike) else source
    return _pages(items(names, intake, on_skip is None), intake)


def items(
    names: Iterable[str | os.PathLike[str]], intake: Intake, strict: bool = False
) -> Iterator[tuple[Source, Found | Revisit]]:
    """What the sources hold that the intake takes, as it is read, and revisit records as they are; each with its source.

    What cannot be read is told to the intake; if strict, what is wrong with just what was named is raised before any page.
    """
    return chain.from_iterable(_items(os.fspath(name), intake, strict) for name in names)


def _items(name: str, intake: Intake, strict: bool) -> Iterator[tuple[Source, Found | Revisit]]:
    before = intake.pages

    def refuse(error: SourceError) -> None:
        if strict and intake.pages == before and error.subject == Source(name).title:
            raise error
        intake.on_skip(error)

    for source in expand([name], refuse):
        try:
            yield from ((source, item) for item in read(source, intake))
        except SourceError as error:
            refuse(error)


def _pages(found: Iterable[tuple[Source, Found | Revisit]], intake: Intake) -> Iterator[Page]:
    revisits = Revisits()
    for source, item in found:
        if page := _known(item, revisits, intake, source):
            yield page


def _known(item: Found | Revisit, revisits: Revisits, intake: Intake, source: Source) -> Page | None:
    """The page of an item; None for a revisit of something unknown."""
    if isinstance(item, Found):
        revisits.know(
            item.keys, item.page.source, item.page if item.keys and is_far(source, item.page) else None
        )
        return item.page
    try:
        return revisits.page(item)
    except SourceError as error:
        intake.on_skip(error)
        return None


def warn(error: SourceError) -> None:
    """A TrackerWarning of what is left out, but for pictures and the like, which are no pages."""
    if not isinstance(error, Beside):
        warnings.warn(str(error), TrackerWarning, stacklevel=4)
