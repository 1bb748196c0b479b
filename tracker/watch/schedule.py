"""When an address is due. Pure: the clock and chance are handed in.

An address is due an interval after it was last tried, a tenth sooner or later by chance, so that many watchers do not
come at once. One that fails is tried again after the same interval, then after twice and four times of it, up to eight
times, but not longer than an hour where the interval is shorter. What was missed while the machine slept is one visit,
not many.
"""

from __future__ import annotations

from datetime import datetime, timedelta

JITTER = 0.1  # part of the wait
MOST, LONGEST = 8, timedelta(hours=1)  # how much longer one that fails waits, and no longer than that


def wait(interval: timedelta, failures: int) -> timedelta:
    """How long an address that failed so often in a row rests."""
    longer = interval * min(MOST, 1 << max(0, min(failures, 10) - 1))
    return max(interval, min(longer, LONGEST))


def due(interval: timedelta, tried: datetime | None, failures: int, luck: float, now: datetime) -> datetime:
    """When an address is to be asked for next; at once if it never was, or if the clock was set back since.

    luck  from 0 to 1: the middle is the interval itself
    """
    if tried is None or tried > now:
        return now
    return tried + wait(interval, failures) * (1 + JITTER * (2 * luck - 1))
