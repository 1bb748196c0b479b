"""The time axis: empty years folded away, ticks at round times of the reader's zone.

Times are days since 1970-01-01 UTC, as float64. A folded axis keeps them: only where they are drawn changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.ticker import Formatter, Locator

from ._style import points_wide
from ._text import wide

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..language import Language
    from ._time import Numbers

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
YEAR = 365.25
FOLD_SHARE = 1 / 3  # of the axis; an emptier span of more than a year is folded


@dataclass(frozen=True)
class Span:
    """The stretch of time a chart shows: its sections, in order, and the width each is drawn with.

    sections  (start, end) in days, room at both ends included; more than one where empty years are folded away
    fold      the width of a fold, in days of the axis
    silences  for each fold the days from the observation before it to the one after it
    """

    sections: tuple[tuple[float, float], ...]
    fold: float
    silences: tuple[float, ...] = ()

    @property
    def knots(self) -> tuple[Numbers, Numbers]:
        """The corners of the piecewise straight line from days to places on the axis."""
        edges = np.array([edge for section in self.sections for edge in section])
        widths = np.diff(edges)
        widths[1::2] = self.fold
        places = edges[0] + np.concatenate([[0], np.cumsum(widths)])
        far = 1e6  # straight on beyond the ends, so that panning and margins work
        return (
            np.concatenate([[edges[0] - far], edges, [edges[-1] + far]]),
            np.concatenate([[places[0] - far], places, [places[-1] + far]]),
        )

    def place(self, times: Any) -> Numbers:
        """Days -> places on the axis."""
        placed: Numbers = np.interp(times, *self.knots)
        return placed

    def time(self, places: Any) -> Numbers:
        """Places on the axis -> days."""
        edges, drawn = self.knots
        found: Numbers = np.interp(places, drawn, edges)
        return found


def span(times: Numbers, fold: bool = True) -> Span:
    """What the axis shows of these times (any order). An empty span of more than a year that takes more than a
    third of the axis is folded, the longest first, until none is left."""
    known = np.unique(times)
    steps = np.diff(known)
    cuts: set[int] = set()
    kept = float(known[-1] - known[0])
    for step in np.argsort(-steps, kind="stable"):
        if not fold or steps[step] <= max(YEAR, FOLD_SHARE * kept):
            break
        cuts.add(int(step))
        kept -= float(steps[step])
    ends = [0, *(cut + 1 for cut in sorted(cuts)), known.size]
    pieces = [(known[a], known[b - 1]) for a, b in pairwise(ends)]
    room = max(0.03 * kept, 0.02 if kept else 0.5)
    least = 0.14 * kept / len(pieces) + 2 * room if cuts else 2 * room
    sections = tuple(_widened(float(a), float(b), room, least) for a, b in pieces)
    silences = tuple(float(steps[cut]) for cut in sorted(cuts))
    return Span(sections, fold=0.07 * sum(b - a for a, b in sections), silences=silences)


def _widened(start: float, end: float, room: float, least: float) -> tuple[float, float]:
    side = max(room, (least - (end - start)) / 2)
    return start - side, end + side


def use(ax: Axes, shown: Span, tz: tzinfo, words: Language, size: float) -> None:
    """Give the axes this time axis: limits, folds, ticks and dates in the zone and language, in type of that size."""
    if len(shown.sections) > 1:
        ax.set_xscale("function", functions=(shown.place, shown.time))
    ax.set_xlim(shown.sections[0][0], shown.sections[-1][1])
    locator = Calendar(shown, tz, words, size)
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(Dates(locator))


Tick = tuple[float, str, str]  # where (days), what to write, and the context below it
STEPS: tuple[tuple[float, str, int], ...] = (
    *((n / 1440, "minute", n) for n in (1, 2, 5, 10, 30)),
    *((n / 24, "hour", n) for n in (1, 2, 3, 6, 12)),
    *((float(n), "day", n) for n in (1, 2, 5, 10, 15)),
    *((n * YEAR / 12, "month", n) for n in (1, 2, 3, 6)),
    *((n * YEAR, "year", n) for n in (1, 2, 5, 10, 20, 50, 100)),
)
APART = 7.0  # points between two dates
OVER = 4.0  # points that a date may stand out at either end of the axis
MOST_TICKS = 14


class Calendar(Locator):
    """Ticks at round local times, section by section, as many as their words have room for."""

    def __init__(self, shown: Span, tz: tzinfo, words: Language, size: float) -> None:
        self.shown, self.tz, self.words, self.size = shown, tz, words, size
        self.labels: dict[float, str] = {}

    def __call__(self) -> list[float]:
        low, high = self.axis.get_view_interval()  # type: ignore[union-attr]
        return self.tick_values(float(low), float(high))

    def tick_values(self, vmin: float, vmax: float) -> list[float]:
        """The ticks between two times, in days; their labels are kept for the formatter."""
        points = points_wide(self.axis.axes)  # type: ignore[union-attr]
        ends = self.shown.place(np.array([vmin, vmax]))
        scale = points / (ends[1] - ends[0])
        ticks = [
            tick
            for start, end in self.shown.sections
            if end > vmin and start < vmax
            for tick in self._section(max(start, vmin), min(end, vmax), scale)
        ]
        placed = [(float(self.shown.place(tick[0]) - ends[0]) * scale, tick) for tick in ticks]
        self.labels = dict(self._apart(placed, points))
        return list(self.labels)

    def _section(self, start: float, end: float, scale: float) -> Sequence[Tick]:
        """The ticks of the finest step whose dates stand apart; of the coarsest, if none do."""
        points, best = (end - start) * scale, (0, list[Tick]())
        for width, unit, n in STEPS:
            if (end - start) / width > MOST_TICKS:
                continue
            times = _calendar(local(start, self.tz), local(end, self.tz), unit, n)
            every = [(days_of(time), *self._label(time, unit)) for time in times]
            ticks = [tick for tick in every if start <= tick[0] <= end]
            placed = [((tick[0] - start) * scale, tick) for tick in ticks]
            kept = len(list(self._apart(placed, points)))
            if kept and kept == sum(self._inside(x, tick[1], points) for x, tick in placed):
                return ticks
            best = max(best, (kept, ticks), key=lambda found: found[0])
        middle = (start + end) / 2  # a section too short for a round time
        return best[1] or [(middle, *self._label(local(middle, self.tz), "day"))]

    def _inside(self, x: float, text: str, points: float) -> bool:
        half = wide(text, self.size) / 2
        return x - half >= -OVER and x + half <= points + OVER

    def _apart(self, placed: Sequence[tuple[float, Tick]], points: float) -> Iterator[tuple[float, str]]:
        """(time, words) of the ticks whose words neither touch those before nor stand out too far; the context (the
        year, or the day) is written where it is new."""
        known, reached = "", -np.inf
        for place, (x, (when, text, context)) in enumerate(placed):
            words = text if context in ("", known) else f"{text}\n{context}"
            same = place + 1 < len(placed) and placed[place + 1][1][2] == context
            if same and not self._inside(x, words, points):
                words = text  # at the edge: the next one bears the context
            half = wide(words, self.size) / 2
            if x - half >= reached + APART and self._inside(x, words, points):
                known, reached = (context if words != text else known), x + half
                yield when, words

    def _label(self, when: datetime, unit: str) -> tuple[str, str]:
        said = self.words.when
        if unit in {"minute", "hour"}:
            return said(when, "hour"), said(when, "date")
        context = "" if unit == "year" else said(when, "year")
        return said(when, unit), context


def local(when: float, tz: tzinfo) -> datetime:
    """Days -> the time in the zone, to the microsecond."""
    return (EPOCH + timedelta(days=when)).astimezone(tz)


def days_of(when: datetime) -> float:
    """An aware time -> days."""
    return (when - EPOCH) / timedelta(days=1)


class Dates(Formatter):
    """Writes what its calendar found: `Apr` over `2024`, `3 Apr` over `2024`, `09:00` over `3 Apr 2024`."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar

    def __call__(self, x: float, pos: int | None = None) -> str:
        known = self.calendar.labels.get(x)
        return known if known is not None else f"{local(x, self.calendar.tz):%Y-%m-%d %H:%M}"


def _calendar(first: datetime, last: datetime, unit: str, n: int) -> Iterator[datetime]:
    """Round local times from before `first` to after `last`, every n units."""
    tz = first.tzinfo
    if unit == "year":
        yield from (datetime(y, 1, 1, tzinfo=tz) for y in range(first.year, last.year + 1) if y % n == 0)
    elif unit == "month":
        for month in range(first.year * 12, last.year * 12 + 12, n):
            yield datetime(month // 12, month % 12 + 1, 1, tzinfo=tz)
    elif unit == "day":
        yield from (day for day in _midnights(first, last) if _round_day(day.day, n))
    else:
        clock = range(0, 1440, n * (60 if unit == "hour" else 1))
        for day in _midnights(first, last):
            yield from (day.replace(hour=m // 60, minute=m % 60) for m in clock)


def _midnights(first: datetime, last: datetime) -> Iterator[datetime]:
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield datetime.fromordinal(ordinal).replace(tzinfo=first.tzinfo)


def _round_day(day: int, n: int) -> bool:
    """Days 1, 1+n, 1+2n … of each month; the last one before the next 1st only if it stands clear of it."""
    return n == 1 or ((day - 1) % n == 0 and day + n <= 32)
