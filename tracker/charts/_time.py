"""Time as the charts see it: zones, spans, what counts as a gap, and thinning.

Times are matplotlib's date numbers throughout: days since 1970-01-01 UTC, as float64.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from math import ceil, floor
from typing import TYPE_CHECKING, Any

import numpy as np

from ..clock.plausible import OLDEST
from ..errors import TrackerError
from ..printed.zones import zone_named

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from ..language import Language

    Numbers = NDArray[np.float64]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_US = 86_400_000_000.0  # microseconds
MONDAY = 4.0  # 1970-01-05
LONGEST_JOIN = 3.0  # days; by default no line crosses a longer span
JOIN_FACTOR = 3.0  # by default a line crosses at most three typical spacings
LAST_DRAWN = datetime(2100, 1, 1, tzinfo=UTC)
UNITS = {"min": 1 / 1440, "h": 1 / 24, "d": 1.0, "w": 7.0}


def zone(name: str | tzinfo) -> tzinfo:
    """The zone of an IANA name; a tzinfo passes. TimeError if there is none of that name."""
    return name if isinstance(name, tzinfo) else zone_named(name)


def believable(times: pd.Series[pd.Timestamp], last: datetime = LAST_DRAWN) -> pd.Series[pd.Timestamp]:
    """Times in UTC, to the microsecond; NaT for those that no page can have, which stores made before may hold.

    last: the last that is believed; a drawing does not ask what time it is, so here it is one that no one reads."""
    import pandas as pd

    when = pd.to_datetime(times, utc=True).dt.as_unit("us")
    return when.where((when >= pd.Timestamp(OLDEST)) & (when <= pd.Timestamp(last)))


def days(span: str | timedelta | float) -> float:
    """`"36h"`, `"3d"`, `"90min"`, `"2w"`, a timedelta or a number of days -> days, above zero."""
    if isinstance(span, timedelta):
        found = span / timedelta(days=1)
    elif isinstance(span, str):
        match = re.fullmatch(r"\s*(\d{1,6}(?:\.\d{1,6})?)\s*(min|h|d|w)\s*", span)
        found = float(match[1]) * UNITS[match[2]] if match else 0.0
    else:
        found = float(span)
    if not 0 < found < float("inf"):
        raise TrackerError(f"span {span}", "is not a span of time", "write it like 3d, 36h or 90min")
    return found


def reach(times: Numbers) -> float:
    """How far apart two observations may be and still be joined, in days, where the user says nothing.

    Three times the typical spacing, and never more than three days. Typical is the spacing below which half of the
    observed time lies, spacings of more than three days left out: neither a burst of captures within a minute nor
    one long silence moves it, as they would a median or a mean."""
    steps = np.diff(np.unique(times))
    steps = np.sort(steps[steps <= LONGEST_JOIN])
    if not steps.size:
        return LONGEST_JOIN
    typical = float(steps[np.searchsorted(np.cumsum(steps), steps.sum() / 2)])
    return min(LONGEST_JOIN, JOIN_FACTOR * typical)


def steps_of(times: Any, width: float, tz: tzinfo) -> Any:
    """Days -> the number of the step of that width (days) each falls in: whole days and weeks (from Monday) of the zone."""
    exact = np.rint((times + _offset(times, tz) - MONDAY) * DAY_US)  # a time on the hour is not before it
    return np.floor(exact / round(width * DAY_US))


def origin(first: float, tz: tzinfo) -> int:
    """From where steps that begin with this time are counted, in microseconds: see `steps_of`."""
    return round((MONDAY - _offset(first, tz)) * DAY_US)


def middles(steps: Any, times: Any, width: float, tz: tzinfo) -> Any:
    """The middles of those steps, as days of the axis."""
    return (steps + 0.5) * width + MONDAY - _offset(times, tz)


def _offset(times: Any, tz: tzinfo) -> float:
    """How far the zone is from UTC at the first of the times, in days."""
    first = EPOCH + timedelta(days=float(np.min(times))) if np.size(times) else EPOCH
    return (first.astimezone(tz).utcoffset() or timedelta()) / timedelta(days=1)


def offsets(first: float, last: float, tz: tzinfo) -> list[tuple[int | None, int]]:
    """How far ahead of UTC a zone is from the first to the last of these days: (until when, how far) in microseconds, the
    last without an end."""

    def ahead(minute: int) -> int:
        offset = (EPOCH + timedelta(minutes=minute)).astimezone(tz).utcoffset() or timedelta()
        return round(offset / timedelta(microseconds=1))

    found: list[tuple[int | None, int]] = []
    start, end = floor(first * 1440), ceil(last * 1440)
    for minute in range(start, end, 1440):
        low, high = minute, min(minute + 1440, end)
        if ahead(low) == ahead(high):
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if ahead(middle) == ahead(low) else (low, middle)
        found.append((high * 60_000_000, ahead(low)))
    return [*found, (None, ahead(end))]


def spelled(days_: float, words: Language) -> str:
    """A span in words, in the largest unit that is whole: `3 days`, `36 hours`, `90 minutes`."""
    for unit, name in ((1.0, "days"), (1 / 24, "hours"), (1 / 1440, "minutes")):
        count = days_ / unit
        if count >= 0.95 and abs(count - round(count)) < 0.05 * min(1, count / 20 + 0.01):
            return words(name, n=round(count))
    minutes = max(1, round(days_ * 1440))
    return words("hours", n=round(minutes / 60)) if minutes > 180 else words("minutes", n=minutes)


def runs(times: Numbers, gap: float) -> NDArray[np.int64]:
    """For sorted times the number of the unbroken run each belongs to, from 0."""
    return np.concatenate([[0], np.cumsum(np.diff(times) > gap * (1 + 1e-9))]).astype(np.int64)[: times.size]


def thin(times: Numbers, values: Numbers, groups: NDArray[np.int64], steps: int) -> NDArray[np.int64]:
    """The places worth drawing: of each of `steps` equal steps of time the first, last, lowest and highest.

    A line through them covers the same pixels as a line through all, if a step is no wider than a pixel (the M4
    aggregation of Jugel et al., VLDB 2014). Points of two groups never stand for each other."""
    if times.size <= 4 * steps:
        return np.arange(times.size)
    width = (times[-1] - times[0]) / steps or 1.0
    step = groups * (steps + 1) + ((times - times[0]) / width).astype(np.int64)
    first = np.flatnonzero(np.diff(step, prepend=-1))
    last = np.append(first[1:], step.size) - 1
    by_value = np.lexsort((values, step))
    return np.unique(np.concatenate([first, last, by_value[first], by_value[last]]))


def broken(times: Numbers, values: Numbers, groups: NDArray[np.int64]) -> tuple[Numbers, Numbers]:
    """The same points with a NaN wherever one group ends and the next begins, so that no line crosses."""
    cuts = np.flatnonzero(np.diff(groups)) + 1
    return np.insert(times, cuts, np.nan), np.insert(values, cuts, np.nan)
