"""Live pages: one request now, as robots.txt allows, with what we know of the last answer; kept as it was received."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from ..errors import Refused, SourceError
from ..pages import LIMITS, Limits
from ..pages import http as heads
from ..pages.source import MAX_PAGE
from ..pages.web import MAX_REDIRECTS, Web, bare, redirected, refusal
from .asking import LONG, Asking, Got
from .keep import Keep, utc_now
from .pace import TRIES, Gap, Pace
from .record import UNMODIFIED, head_of
from .robots import Robots

SECONDS = 1.0  # between two requests to a host
_CHUNKS = b"transfer-encoding"


@dataclass(frozen=True)
class Seen:
    """By what a site knows its last answer again."""

    etag: str | None = None
    last_modified: str | None = None

    @property
    def conditions(self) -> dict[str, str]:
        """The heads of a request that wants the page only if it changed."""
        said = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True)
class Answer:
    """What came of asking for a page.

    url          after redirects
    status       of HTTP; 0 if nobody answered
    captured_at  when the request that was answered was made: aware, UTC, whole seconds
    page         the WARC file it is kept in, by its final name
    records      where in it: sources that `ingest` reads
    seen         by what the site knows this answer again
    unchanged    it is the same as the last time: kept as a revisit if that copy is kept
    reason       why nothing is kept; None if something is, or it is unchanged
    """

    url: str
    status: int
    captured_at: datetime
    page: Path | None = None
    records: tuple[str, ...] = ()
    seen: Seen = Seen()
    unchanged: bool = False
    reason: str | None = None


class Live:
    """The client of a run: it holds the connections and what robots.txt said.

    pace     when who may be asked
    robots   obey robots.txt
    contact  who collects: part of the User-Agent
    tries    of one request
    now      the time of a capture
    on_say   is told of long pauses
    """

    def __init__(
        self, pace: Pace, *, robots: bool = True, contact: str | None = None, limits: Limits = LIMITS,
        tries: int = TRIES, now: Callable[[], datetime] = utc_now,
        on_say: Callable[[str], object] = lambda line: None,
    ) -> None:  # fmt: skip
        self.on_say = on_say
        self.pace, self.contact, self.limits, self.tries, self.now = pace, contact, limits, tries, now
        self.robots = Robots(pace) if robots else None
        self._webs: dict[str, Web] = {}
        self._askings: dict[tuple[str, str], Asking] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def asked(self) -> int:
        """Requests made."""
        return sum(asking.asked for asking in self._askings.values())

    def close(self) -> None:
        """Close all connections."""
        for web in self._webs.values():
            web.close()
        self._webs.clear()
        self._askings.clear()

    def fetch(self, url: str, keep: Keep, seen: Seen | None = None) -> Answer:
        """Ask for a page and keep it.

        seen   by what the site knows its last answer; None: what is kept of it says so
        What a site does is told in the answer. Raises Refused where it says stop again and again, OutputError.
        """
        when = self.now()
        try:
            got, conditions, when = self._follow(url, keep, seen)
        except Refused:
            raise
        except _Reason as why:
            return self._nothing(url, 0, when, keep, str(why))
        except SourceError as error:
            return self._nothing(url, 0, when, keep, error.reason)
        address = bare(got.response)
        now_seen = Seen(got.head("etag") or None, got.head("last-modified") or None)
        if got.status == 304:
            place = self._unchanged(address, when, got, keep)
            page = Path(place.rpartition("#")[0]) if place else None
            return Answer(
                address, 304, when, page, (place,) if place else (), _or(now_seen, conditions), True
            )
        if reason := _unfit(got):
            return self._nothing(address, got.status, when, keep, reason)
        place = keep.response(address, when, head_as_received(got), got.body, request=_request(got))
        return Answer(address, got.status, when, Path(place.rpartition("#")[0]), (place,), now_seen)

    def _follow(self, url: str, keep: Keep, seen: Seen | None) -> tuple[Got, Seen, datetime]:
        """The answer at the end of all redirects, each of them looked at; and when it was asked for, all pauses over."""
        target, typed = url, urlsplit(url).netloc
        for hop in range(MAX_REDIRECTS + 1):
            asking, led = self._asking(typed, target), hop > 0
            if self.robots:
                if not self.robots.allows(target, asking, led):
                    raise _Reason("robots.txt forbids it")
                seconds = max(SECONDS, self.robots.delay(target))
                if seconds >= LONG and seconds != asking.gap.seconds:
                    self.on_say(f"{asking.gap.host}: robots.txt asks for {seconds:g} s between two requests")
                asking.gap = replace(asking.gap, seconds=seconds)
            known = seen if seen is not None and not led else self._kept(target, keep)
            got = asking.get(target, known.conditions, led=led)
            if not got.response.has_redirect_location:
                return got, known, asking.began
            target = redirected(got.response, target)
        raise _Reason(f"more than {MAX_REDIRECTS} redirects")

    def _asking(self, typed: str, target: str) -> Asking:
        """Who asks a host, for what the user typed: only from there may it lead into an inner network."""
        parts = urlsplit(target)
        key = typed, parts.netloc
        if key not in self._askings:
            if typed not in self._webs:
                self._webs[typed] = Web(self.limits, self.contact)
            gap = Gap(parts.hostname or "", "live", SECONDS, loose=True)
            self._askings[key] = Asking(
                self._webs[typed], self.pace, gap, tries=self.tries, now=self.now, on_say=self.on_say
            )
        return self._askings[key]

    def _kept(self, url: str, keep: Keep) -> Seen:
        """By what the site knows the copy that is kept."""
        place = keep.known.last(url)
        if place is None:
            return Seen()
        _, block = keep.fields_at(place)
        head = block.partition(b"\r\n\r\n")[0].split(b"\r\n")[1:]
        fields = {
            name.strip().lower(): value.strip().decode("latin-1")
            for name, _, value in (f.partition(b":") for f in head)
        }
        return Seen(fields.get(b"etag"), fields.get(b"last-modified"))

    def _unchanged(self, url: str, when: datetime, got: Got, keep: Keep) -> str | None:
        """A revisit of the copy that is kept; None if none is."""
        place = keep.known.last(url)
        if place is None:
            return None
        head, request = head_as_received(got), _request(got)
        return keep.revisit(url, when, place, profile=UNMODIFIED, head=head, request=request)

    def _nothing(self, url: str, status: int, when: datetime, keep: Keep, reason: str) -> Answer:
        keep.note_live(url, when, reason)
        return Answer(url, status, when, reason=reason)


class _Reason(Exception):
    """Why nothing is kept."""


def _or(now: Seen, before: Seen) -> Seen:
    """A 304 need not say again what holds."""
    return Seen(now.etag or before.etag, now.last_modified or before.last_modified)


def _unfit(got: Got) -> str | None:
    """Why an answer is no page to keep; None for one that is."""
    media = got.head("content-type")
    if not got.response.is_success:
        return refusal(got.response)[0]
    if not heads.Head(media).is_text:
        return f"is {media.partition(';')[0].strip()}, not a page"
    if got.cut:
        return f"is longer than {MAX_PAGE >> 20} MB"
    return None if got.body.strip() else "is empty"


def head_as_received(got: Got) -> bytes:
    """The head of an answer. That it came in chunks is said by another name, as the body stands here without them."""
    response = got.response
    fields = [
        (b"X-Crawler-" + name if name.lower() == _CHUNKS else name, value)
        for name, value in response.headers.raw
    ]
    return head_of(f"{response.http_version} {got.status} {response.reason_phrase}", fields)


def _request(got: Got) -> bytes:
    """The head of the request that was answered, without a password."""
    request = got.response.request
    fields = [(name, value) for name, value in request.headers.raw if name.lower() != b"authorization"]
    return head_of(f"{request.method} {request.url.raw_path.decode('ascii')} HTTP/1.1", fields)
