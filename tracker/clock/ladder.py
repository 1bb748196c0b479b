"""Which time a block belongs to, and on what evidence: the ladder of design section 5.

A block shows the price when the page was served, so the article's date is never its time without saying so. The first
evidence that holds wins: given (or given-day), stated, capture, stated-day, published, none. Nothing here asks what
time it is now, and no date of a file is evidence; one in its name is, and says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from ..model import Page
from ..printed.dates import YEARS, Printed, date_of
from ..printed.zones import zone_named, zone_of_script, zone_of_site
from .evidence import article_date, block_days, block_times, nearest, top_day
from .stamps import parse_time, stamp_in_name

__all__ = ["UNMARKED", "Reading", "TimeMarks", "parse_time", "settle", "stamp_in_name", "zone_named"]

DAY = timedelta(days=1)
FROM_NAME = "time-from-name"
SKEW = timedelta(minutes=10)  # a site's clock may run ahead of the one that made the copy
SKEW_UNZONED = timedelta(hours=14)  # by so much a local time, read as UTC, may be ahead
GENESIS = datetime(2009, 1, 3, tzinfo=UTC)  # bitcoin's first block: no price is older

_MONTH_FIRST = ("Asia/Seoul", "Asia/Tokyo")  # there `10/8` is the 8th of October


@dataclass(frozen=True, slots=True)
class Reading:
    """The time of a block.

    at            when the prices were on show; aware, UTC; None if there is no evidence
    basis         the evidence, one of model.TIME_BASES
    flags         `time-conflict`, `zone-assumed`, `time-from-name`: doubts about `at`
    published_at  the article's own date, by the page's markup or else its text; aware, UTC
    """

    at: datetime | None
    basis: str
    flags: tuple[str, ...]
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class TimeMarks:
    """What a layout says of printed times. The patterns catch by named groups, see dates.date_of.

    zone       IANA name of the zone of printed times; None: found by the site's country, then by the script
    stated     the block's own date and clock: month, day, hour, and if printed year, minute, second, ampm, zone
    today      the block's or the page's date of the day, without a clock
    published  the article's date
    """

    zone: str | None = None
    stated: tuple[re.Pattern[str], ...] = ()
    today: tuple[re.Pattern[str], ...] = ()
    published: tuple[re.Pattern[str], ...] = ()


UNMARKED = TimeMarks()


def settle(page: Page, start: int, end: int, marks: TimeMarks = UNMARKED, at: int | None = None) -> Reading:
    """The time of the block at page.text[start:end], its head and foot lines included.

    at: where its first quote stands; of several printed times the nearest before that counts.
    Marks with `stated` or `today` take the place of the general reading of the block's own time; where their
    `published` finds nothing, the general reading of the article's date is still tried.
    """
    scene = _Scene(
        page, (start, end), end if at is None else at, marks, *_zone(page, (start, end), marks.zone)
    )
    article = _article(scene)
    published = page.published_at or (article.at if article else None)
    if page.given_at is not None:
        return Reading(page.given_at, "given-day" if page.given_day else "given", (), published)
    if stated := _stated(scene, published):
        far = any(at is not None and abs(stated.at - at) > DAY for at in (page.captured_at, page.named_at))
        return Reading(stated.at, "stated", ("time-conflict",) * far + stated.flags, published)
    if page.captured_at is not None:
        named = (FROM_NAME,) * (page.captured_at == page.named_at)
        return Reading(page.captured_at, "capture", named, published)
    if today := _stated_day(scene, published):
        return Reading(today.at, "stated-day", today.flags, published)
    if page.named_at is not None:
        return Reading(page.named_at, "stated-day", (FROM_NAME,), published)
    if published is not None:
        flags = article.flags if article and page.published_at is None else ()
        return Reading(published, "published", flags, published)
    return Reading(None, "none", (), None)


@dataclass(frozen=True, slots=True)
class _Scene:
    """All that is known before any date is read. assumed: the zone is UTC for want of evidence."""

    page: Page
    span: tuple[int, int]
    at: int
    marks: TimeMarks
    zone: tzinfo
    assumed: bool

    @property
    def captured(self) -> datetime | None:
        """No later than this was the copy taken: to the end of the day in its file's name."""
        page = self.page
        return page.captured_at or (page.named_at + DAY / 2 if page.named_at else None)

    @property
    def month_first(self) -> bool:
        return str(self.zone) in _MONTH_FIRST

    @property
    def unmarked(self) -> bool:
        """The layout, if any, is silent on the block's own time."""
        return not (self.marks.stated or self.marks.today)


@dataclass(frozen=True, slots=True)
class _Moment:
    at: datetime
    flags: tuple[str, ...]


def _stated(scene: _Scene, published: datetime | None) -> _Moment | None:
    """The block's own date and clock."""
    text, span = scene.page.text, scene.span
    if scene.unmarked:
        found = block_times(text, span, scene.at, scene.month_first)
    else:
        caught = (date_of(hit) for mark in scene.marks.stated for hit in mark.finditer(text, *span))
        found = sorted((day for day in caught if day and day.clock), key=lambda day: day.start)
    return _a_price_time(scene, nearest(found, text, scene.at), published)


def _stated_day(scene: _Scene, published: datetime | None) -> _Moment | None:
    """Noon of the day that the block, or the page on top, prints as today's."""
    text, span, marks = scene.page.text, scene.span, scene.marks
    if not scene.unmarked:
        marked = _caught(text, marks.today, *span) or _on_page(text, marks.today)
        return _a_price_time(scene, marked, published)
    found = nearest(block_days(text, span, scene.at, scene.month_first), text, scene.at)
    return _a_price_time(scene, found, published) or _top_day(scene, published)


def _top_day(scene: _Scene, published: datetime | None) -> _Moment | None:
    """The page's own today. It must differ from the article's day, or it may be just that; and what looks like a
    blog's heading is believed only beside an article's date."""
    top = top_day(scene.page.text, scene.month_first)
    if top is None or (published is None and not top[1]):
        return None
    moment = _a_price_time(scene, top[0], published)
    same = moment and published and _local_day(moment.at, scene) == _local_day(published, scene)
    return None if same else moment


def _article(scene: _Scene) -> _Moment | None:
    """The article's date by the page's text; the first minute of the day if no clock is printed: a lower bound."""
    found = _on_page(scene.page.text, scene.marks.published)
    found = found or article_date(scene.page.text, scene.span, scene.month_first)
    return _resolve(scene, found, hour=0, published=None) if found else None


def _a_price_time(scene: _Scene, found: Printed | None, published: datetime | None) -> _Moment | None:
    """The moment of a printed time, if a price can be of it; a bare day counts as its noon."""
    moment = _resolve(scene, found, hour=12, published=published) if found else None
    return moment if moment and moment.at >= GENESIS else None


def _resolve(scene: _Scene, found: Printed, hour: int, published: datetime | None) -> _Moment | None:
    """Printed parts -> a moment. A missing year is the one that puts it nearest to, and not after, the capture; else
    the first that puts it not before the article's date, on the printed weekday; else there is no moment."""
    doubtful = found.zone is None and (scene.assumed or found.zone_shared)
    skew = SKEW_UNZONED if doubtful else SKEW
    for day in _days(found, scene.captured, published):
        begin = found.moment(day, scene.zone, hour=0)
        end = begin if found.clock else begin + DAY
        if found.year or _in_time(begin - skew, end + skew, scene.captured, published):
            return _Moment(found.moment(day, scene.zone, hour), ("zone-assumed",) * doubtful)
    return None


def _in_time(begin: datetime, end: datetime, captured: datetime | None, published: datetime | None) -> bool:
    """Not after the capture; where that is unknown, not before the article."""
    return begin <= captured if captured else published is not None and end >= published


def _days(found: Printed, captured: datetime | None, published: datetime | None) -> Iterator[date]:
    """The days to try, best first: over enough years for a 29 February, and for a weekday to come round."""
    years = range(0)
    if found.year is not None:
        years = range(found.year, found.year + 1)
    elif captured is not None:
        years = range(captured.year + 1, captured.year - 9, -1)
    elif published is not None:
        years = range(published.year - 1, published.year + 13)
    off = captured is None and found.year is None and found.weekday is not None
    for year in years:
        day = found.day_in(year) if year in YEARS else None
        if day and not (off and day.weekday() != found.weekday):
            yield day


def _caught(text: str, marks: tuple[re.Pattern[str], ...], start: int, end: int) -> Printed | None:
    """The first date in text[start:end] that one of the marks catches."""
    each = (next(filter(None, map(date_of, mark.finditer(text, start, end))), None) for mark in marks)
    return min(filter(None, each), key=lambda day: day.start, default=None)


@lru_cache(maxsize=2)  # today's and the article's: a page of many blocks is searched once
def _on_page(text: str, marks: tuple[re.Pattern[str], ...]) -> Printed | None:
    return _caught(text, marks, 0, len(text))


def _local_day(moment: datetime, scene: _Scene) -> date:
    return moment.astimezone(scene.zone).date()


def _zone(page: Page, span: tuple[int, int], told: str | None) -> tuple[tzinfo, bool]:
    """The zone of printed times, and whether it is UTC for want of evidence."""
    if told:
        return ZoneInfo(told), False
    found = (
        zone_of_site(page.site) or zone_of_script(page.text[slice(*span)], 1) or zone_of_script(page.text, 10)
    )
    return (found, False) if found else (UTC, True)
