"""Politeness: the one place where collecting waits. The clock and the sleep are handed in.

What archives and sites ask for, and where that was said; each figure is the pause between the beginnings of two requests:

CDX of the Wayback Machine  2.5 s   30 look-ups a minute; a 429 that is not heeded for a minute shuts an address out for an
                                    hour, then for twice as long (edgi-govdata-archiving/wayback #137)
its pages                   0.2 s   600 a minute
Common Crawl's index        1 s     one for everybody; 403 and 503 are its limits (commoncrawl/cc-index-server #15, #16)
its files, by range         0.6 s   its status page: more than one request a second and a half does not work well
Arquivo.pt, any other CDX   1 s     250 look-ups a minute; over it an address is shut out for good
live sites                  1 s     as Scrapy's defaults, one request at a time, with jitter; robots.txt may ask for more
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from ..pages.times import http_date

TRIES = 5  # of one request; then it is left for the next run
FIRST = 4.0  # seconds after the first failure; twice as long after each further one
TOO_MANY = 60.0  # seconds after a 429 that does not say how long: what the Wayback Machine wants
PATIENCE = 900.0  # a host that wants a longer pause than this is asked again in the next run
JITTER = 0.25  # a live site's pause is up to so much longer: many collectors shall not march in step
AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504, 522, 524})  # what may be otherwise at the next try


@dataclass(frozen=True, slots=True)
class Gap:
    """The pause between two requests of a kind.

    host     whose pace it is
    what     it is asked for
    seconds  between the beginnings of two requests
    loose    up to a quarter longer, by chance
    """

    host: str
    what: str
    seconds: float
    loose: bool = False


class Pace:
    """Who may be asked when.

    clock, sleep  as time.monotonic and time.sleep
    jitter        a number from 0 to 1
    free          hosts that need no pauses: a server of one's own
    slow          seconds that are at least between two requests of a kind, whatever its pace (`--rate`)
    waited        seconds waited so far
    """

    def __init__(
        self, *, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], object] = time.sleep,
        jitter: Callable[[], float] = random.random, free: frozenset[str] = frozenset(), slow: float = 0.0,
    ) -> None:  # fmt: skip
        self.clock, self._sleep, self._jitter, self.free, self.slow = clock, sleep, jitter, free, slow
        self.waited = 0.0
        self._next: dict[tuple[str, str], float] = {}

    def turn(self, gap: Gap) -> None:
        """Wait until a request of this kind may be made; the next one then waits its pause."""
        if gap.host in self.free:
            return
        kind = (gap.host, gap.what)
        self.wait(self._next.get(kind, 0.0) - self.clock())
        seconds = max(gap.seconds, self.slow) * (1 + JITTER * self._jitter() * gap.loose)
        self._next[kind] = self.clock() + seconds

    def later(self, gap: Gap, seconds: float) -> None:
        """Nothing of this kind before so many seconds have gone."""
        if gap.host not in self.free:
            kind = (gap.host, gap.what)
            self._next[kind] = max(self._next.get(kind, 0.0), self.clock() + seconds)

    def wait(self, seconds: float) -> None:
        """Wait, if there is anything to wait for."""
        if seconds > 0:
            self.waited += seconds
            self._sleep(seconds)


def pause(attempt: int, status: int, retry_after: str | None, now: datetime | None = None) -> float:
    """Seconds until the next try after the attempt of that number, from 1: what the host says, else longer each time."""
    said = seconds_of(retry_after, now)
    if said is not None:
        return max(said, 1.0)
    return float((TOO_MANY if status == 429 else FIRST) * 2 ** (attempt - 1))


def seconds_of(retry_after: str | None, now: datetime | None = None) -> float | None:
    """A `Retry-After`: seconds, or a date of HTTP; None without one."""
    text = (retry_after or "").strip()
    if text.isdecimal():
        return float(text[:9])
    when = http_date(text)
    return max(0.0, (when - (now or datetime.now(UTC))).total_seconds()) if when else None
