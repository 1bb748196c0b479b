"""One request after the other, politely: its turn, its tries, and when a host has said enough.

The tries are ours and not a library's: a pause that an answer asks for holds for all that is asked of that host, and all
waiting goes through the one clock of `pace`, which is handed in.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple, TypeVar

import httpx2

from ..errors import Refused, SourceError, Unanswered
from ..pages.source import MAX_PAGE
from ..pages.streams import Interrupted
from ..pages.web import Web, refusal
from .pace import AGAIN, PATIENCE, TRIES, Gap, Pace, pause

_EXCLUDED = b"AccessControlException"  # how the Wayback Machine says that a site is left out of it
_WHY = 64 << 10  # bytes of an answer in which it may say why
LONG = 15.0  # seconds of a pause that is worth a word
T = TypeVar("T")


class Got(NamedTuple):
    """An answer that was read to its end; `body` is as it was sent, without chunks; cut: it is longer than we read."""

    response: httpx2.Response
    body: bytes
    cut: bool

    @property
    def status(self) -> int:
        """Of HTTP."""
        return self.response.status_code

    def head(self, name: str) -> str:
        """A field of the head; empty if it is not there."""
        return str(self.response.headers.get(name, ""))


class Asking:
    """Requests of one kind.

    web, pace, gap  who asks, when, and how often
    tries           of one request
    forbids         statuses by which the host says stop
    settles         an answer that stands, whatever its status: an archived 503 is a capture
    now             the time of day
    on_say          is told of long pauses
    asked           requests made so far
    began           when the last one of them was made
    """

    def __init__(
        self, web: Web, pace: Pace, gap: Gap, *, tries: int = TRIES, forbids: frozenset[int] = frozenset(),
        settles: Callable[[httpx2.Response], bool] = lambda response: False,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        on_say: Callable[[str], object] = lambda line: None,
    ) -> None:  # fmt: skip
        self.web, self.pace, self.gap, self.tries = web, pace, gap, tries
        self.forbids, self.settles, self.now, self.on_say = forbids, settles, now, on_say
        self.began = now()
        self.asked = self._refusals = 0

    def get(
        self, address: str, heads: Mapping[str, str] | None = None, *, led: bool = False, most: int = MAX_PAGE
    ) -> Got:
        """The answer to a GET, read to its end. Raises as `ask` does."""
        return self.ask(address, lambda response: self._read(response, most), heads, led=led)

    def ask(
        self, address: str, take: Callable[[httpx2.Response], T], heads: Mapping[str, str] | None = None,
        *, led: bool = False,
    ) -> T:  # fmt: skip
        """What `take` makes of the answer to a GET, tried again where another try may do better.

        Raises Unanswered if none did, Refused where the host says stop, SourceError for what is no address.
        """
        reason = ""
        for attempt in range(1, self.tries + 1):
            self.pace.turn(self.gap)
            self.asked += 1
            self.began = self.now()
            try:
                response = self.web.ask(address, heads, led=led)
                status = response.status_code
                if self.settles(response) or status not in AGAIN | self.forbids:
                    taken = take(response)
                    self._refusals = 0
                    return taken
                why = self._read(response, _WHY).body if status in self.forbids else b""
                response.close()
                if _EXCLUDED in why:
                    raise SourceError(address, "the archive gives out nothing of this site: it is excluded")
                reason, wait = refusal(response)[0], response.headers.get("retry-after")
                self._heed(status, reason)
            except (Unanswered, Interrupted) as error:
                reason, status, wait = getattr(error, "reason", str(error)), 0, None
            seconds = pause(attempt, status, wait)
            if attempt < self.tries or wait:
                self.pace.later(self.gap, seconds)
            if seconds > PATIENCE:
                reason = f"{reason}; it wants to be asked again in {seconds:,.0f} s"
                break
            if attempt < self.tries and seconds >= LONG:
                self.on_say(f"{self.gap.host}: {reason}; the next try is in {seconds:.0f} s")
        raise Unanswered(address, reason, "the next run asks again")

    def _heed(self, status: int, reason: str) -> None:
        """Raises Refused where the host has said enough."""
        self._refusals = self._refusals + 1 if status == 429 else 0
        if status in self.forbids:
            raise Refused(self.gap.host, f"wants no more requests: {reason}", "leave it alone for a day")
        if self._refusals >= TRIES:
            raise Refused(self.gap.host, f"says stop again and again: {reason}", "leave it alone for an hour")

    def _read(self, response: httpx2.Response, most: int) -> Got:
        try:
            data = io.BufferedReader(self.web.body(response), 1 << 16).read(most + 1)
        finally:
            response.close()
        return Got(response, data[:most], len(data) > most)
