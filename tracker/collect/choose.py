"""Which of the captures that an index lists are wanted: by time, by kind, and one in each interval. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ..errors import TimeError
from .capture import Capture, moment
from .cdxj import surt

ANOTHER = "another of its interval is taken"
_INTERVAL = re.compile(r"(\d{1,4})(min|h|d|w|mo|y)")
_SECONDS = {"min": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
Bucket = Callable[[str], int]


def every(text: str) -> Bucket | None:
    """`1d`, `6h`, `30min`, `2w`, `1mo`, `1y` -> stamp -> the number of its interval, in UTC; None for `all`.

    Raises TimeError for what is no interval.
    """
    if text == "all":
        return None
    found = _INTERVAL.fullmatch(text.strip().lower())
    if not found or not int(found[1]):
        raise TimeError(text, "is no interval", "write all, or one such as 1d, 6h, 30min, 1w, 1mo, 1y")
    number, unit = int(found[1]), found[2]
    if unit in ("mo", "y"):
        months = number * (12 if unit == "y" else 1)
        return lambda stamp: (int(stamp[:4]) * 12 + int(stamp[4:6]) - 1) // months
    return lambda stamp: int(moment(stamp).timestamp()) // (number * _SECONDS[unit])


@dataclass(slots=True)
class Choice:
    """Looks at captures in the order of an index: by address, then by time. The first of each interval that can be had
    is taken, so that a later run, with more in the index, chooses the same.

    since, until  of the capture's time; until is not part of it
    bucket        the intervals; None: all are wanted
    """

    since: datetime | None = None
    until: datetime | None = None
    bucket: Bucket | None = None
    _taken: tuple[str, int] | None = None

    def against(self, capture: Capture) -> str | None:
        """Why a capture is not wanted; None if it is."""
        when = capture.when
        if (self.since and when < self.since) or (self.until and when >= self.until):
            return "outside of the time asked for"
        if not capture.is_page:
            return f"no page: {(capture.mime or '').partition(';')[0]}"
        if self.bucket and self._taken == (surt(capture.url), self.bucket(capture.stamp)):
            return ANOTHER
        return None

    def take(self, capture: Capture) -> None:
        """The capture stands for its interval."""
        if self.bucket:
            self._taken = surt(capture.url), self.bucket(capture.stamp)
