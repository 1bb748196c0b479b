"""Which time a block belongs to, and on what evidence: the ladder of design section 5.

A block shows the price when the page was served, so the article's date is never its time without saying so. The first
evidence that holds wins: given (or given-day), stated, capture, stated-day, published, none. No date of a file is
evidence, one in its name is and says so; and no time that no page of the web can have: before 1995, or after tomorrow.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache

from ..model import Page
from ..printed.clocks import Age, Clock
from ..printed.dates import YEARS, Printed, date_of
from ..printed.zones import zone_named
from .article import top_day
from .own import Own, Place, block_clocks, block_days, block_times, nearest
from .plausible import OLDEST, plausible, plausible_span
from .published import article_dates
from .stamps import parse_time, stamp_in_name
from .zone import zone_of

__all__ = ["UNMARKED", "Reading", "TimeMarks", "parse_time", "settle", "stamp_in_name", "zone_named"]

DAY = timedelta(days=1)
FROM_NAME = "time-from-name"
SKEW = timedelta(minutes=10)  # a site's clock may run ahead of the one that made the copy
LATELY = timedelta(hours=3)
SKEW_UNZONED = timedelta(hours=14)  # by so much a local time, read as UTC, may be ahead
GENESIS = datetime(2009, 1, 3, tzinfo=UTC)  # bitcoin's first block: no price is older
IMPLAUSIBLE = "time-implausible"

_MONTH_FIRST = ("Asia/Seoul", "Asia/Tokyo")  # there `10/8` is the 8th of October


@dataclass(frozen=True, slots=True)
class Reading:
    """The time of a block.

    at            when the prices were on show; aware, UTC; None if there is no evidence
    basis         the evidence, one of model.TIME_BASES
    flags         `time-conflict`, `zone-assumed`, `time-from-name`: doubts about `at`; `time-implausible`: one more
                  time was told, which no page can have, and is no evidence
    published_at  the article's own date, by the page's markup or else its text; aware, UTC
    captured_at   the page's, if it is plausible
    """

    at: datetime | None
    basis: str
    flags: tuple[str, ...]
    published_at: datetime | None
    captured_at: datetime | None = None


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


def settle(
    page: Page, start: int, end: int, marks: TimeMarks = UNMARKED, at: int | None = None, own: Own | None = None,
    now: datetime | None = None,
) -> Reading:  # fmt: skip
    """The time of the block at page.text[start:end], its head and foot lines included.

    at: where its first quote stands; of several printed times the nearest before that counts.
    own: tells by the markup whether a place in the text is in the block's head or foot; None: the span holds these.
    now: the time of reading, for what is implausible; None: that of the machine.
    Marks with `stated` or `today` take the place of the general reading of the block's own time; where their
    `published` finds nothing, the general reading of the article's date is still tried.
    """
    can_be = plausible_span(now)
    captured, published = plausible(page.captured_at, can_be), plausible(page.published_at, can_be)
    known = replace(page, captured_at=captured, published_at=published)
    place = end if at is None else at
    scene = _Scene(known, (start, end), place, marks, own, *zone_of(page, (start, end), marks.zone))
    doubtful = (captured, published) != (page.captured_at, page.published_at)
    return _reading(scene, can_be, [IMPLAUSIBLE] if doubtful else [])


def _reading(scene: _Scene, can_be: tuple[datetime, datetime], doubts: list[str]) -> Reading:
    """Down the ladder."""

    def believed(moment: _Moment | None) -> _Moment | None:
        if moment is None or plausible(moment.at, can_be):
            return moment
        doubts.append(IMPLAUSIBLE)
        return None

    page, (times, days) = scene.page, _own_dates(scene)
    article = believed(_article(scene, {day.start for day in (*times, *days)}))
    published = page.published_at or (article.at if article else None)

    def reading(at: datetime | None, basis: str, flags: tuple[str, ...] = ()) -> Reading:
        return Reading(at, basis, tuple(sorted({*flags, *doubts})), published, page.captured_at)

    if page.given_at is not None:
        return reading(page.given_at, "given-day" if page.given_day else "given")
    if stated := believed(_stated(scene, times, published)):
        far = any(at is not None and abs(stated.at - at) > DAY for at in (page.captured_at, page.named_at))
        return reading(stated.at, "stated", ("time-conflict",) * far + stated.flags)
    if page.captured_at is not None:
        return reading(page.captured_at, "capture", (FROM_NAME,) * (page.captured_at == page.named_at))
    if today := believed(_stated_day(scene, days, published)):
        return reading(today.at, "stated-day", today.flags)
    if named := believed(_Moment(page.named_at, (FROM_NAME,)) if page.named_at else None):
        return reading(named.at, "stated-day", named.flags)
    if published is not None:
        return reading(published, "published", article.flags if article else ())
    return reading(None, "none")


@dataclass(frozen=True, slots=True)
class _Scene:
    """All that is known before any date is read. assumed: for want of evidence the zone is UTC, or the language's."""

    page: Page
    span: tuple[int, int]
    at: int
    marks: TimeMarks
    own: Own | None
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

    @property
    def place(self) -> Place:
        return Place(self.page.text, self.span, self.at, self.month_first, self.own)


@dataclass(frozen=True, slots=True)
class _Moment:
    at: datetime
    flags: tuple[str, ...]


def _own_dates(scene: _Scene) -> tuple[list[Printed], list[Printed]]:
    """The dates that are the block's own: with a clock, without."""
    if scene.unmarked:
        return block_times(scene.place), block_days(scene.place)
    text, span, marks = scene.page.text, scene.span, scene.marks
    caught = (date_of(hit) for mark in marks.stated for hit in mark.finditer(text, *span))
    times = sorted((day for day in caught if day and day.clock), key=lambda day: day.start)
    day = _caught(text, marks.today, *span) or _on_page(text, marks.today)
    return times, [day] if day else []


def _stated(scene: _Scene, times: list[Printed], published: datetime | None) -> _Moment | None:
    """The block's own date and clock; beside a capture its own clock or age will do."""
    dated = _a_price_time(scene, nearest(times, scene.page.text, scene.at), published)
    if dated or scene.page.captured_at is None or not scene.unmarked:
        return dated
    each = (_before_capture(scene, told, scene.page.captured_at) for told in block_clocks(scene.place))
    return next(filter(None, each), None)


def _before_capture(scene: _Scene, told: Clock | Age, captured: datetime) -> _Moment | None:
    """The moment of an age, or the last at which that clock was on the wall. In a zone that nothing tells it must be
    of the last hours: elsewhere it is most likely of another place's."""
    if isinstance(told, Age):
        return _Moment(captured - told.ago, ())
    if told.zone_shared:
        return None
    zone, doubtful = told.zone or scene.zone, told.zone is None and scene.assumed
    day = captured.astimezone(zone).date()
    each = (datetime.combine(day - back * DAY, told.clock, zone).astimezone(UTC) for back in range(-1, 2))
    at = max((when for when in each if when <= captured + SKEW), default=None)
    if at is None or (doubtful and zone is UTC and captured - at > LATELY):
        return None
    return _Moment(at, ("zone-assumed",) * doubtful)


def _stated_day(scene: _Scene, days: list[Printed], published: datetime | None) -> _Moment | None:
    """Noon of the day that the block, or the page on top, prints as today's."""
    if not scene.unmarked:
        return _a_price_time(scene, days[0] if days else None, published)
    own = _a_price_time(scene, nearest(days, scene.page.text, scene.at), published)
    return own or _top_day(scene, published)


def _top_day(scene: _Scene, published: datetime | None) -> _Moment | None:
    """The page's own today. It must differ from the article's day, or it may be just that; and what looks like a
    blog's heading is believed only beside an article's date."""
    top = top_day(scene.page.text, scene.month_first)
    if top is None or (published is None and not top[1]):
        return None
    moment = _a_price_time(scene, top[0], published)
    same = moment and published and _local_day(moment.at, scene) == _local_day(published, scene)
    return None if same else moment


def _article(scene: _Scene, own: Container[int]) -> _Moment | None:
    """The article's date by the page's words, its address, its markup; the first minute of the day if no clock is
    printed: a lower bound. None where the markup told it outright."""
    if scene.page.published_at is not None:
        return None
    marked = _on_page(scene.page.text, scene.marks.published)
    dates = article_dates(scene.page, scene.span, scene.month_first, own, marked)
    each = (_resolve(scene, found, hour=0, published=None) for found in dates)
    return next(filter(None, each), None)


def _a_price_time(scene: _Scene, found: Printed | None, published: datetime | None) -> _Moment | None:
    """The moment of a printed time, if a price can be of it; a bare day counts as its noon."""
    moment = _resolve(scene, found, hour=12, published=published) if found else None
    if found is None or moment is None:
        return None
    older = moment.at < GENESIS and (found.year is None or moment.at >= OLDEST)
    return None if older else moment


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
