"""The noun: one capture of a page, as an index of an archive tells it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

STAMP = "%Y%m%d%H%M%S"
PAGES = (
    "text/html",
    "application/xhtml+xml",
    "text/plain",
    "application/json",
)  # media types that may hold a list
REVISIT = "warc/revisit"
UNKNOWN = (None, "", "-", "unk", REVISIT)  # media types that say nothing


@dataclass(frozen=True, slots=True)
class Capture:
    """A copy of a page: what an index says of it.

    url     the address as it was captured
    stamp   when, 14 digits, UTC: as indexes and replays name it
    status  of HTTP; None where the index does not say (of a revisit it never does)
    mime    media type; `warc/revisit` for a copy that is the same as another
    digest  of the payload, as the index writes it; None if unknown
    length  packed bytes of the record; 0 if unknown
    file, offset  where the record stands, of an index that says it
    """

    url: str
    stamp: str
    status: int | None = None
    mime: str | None = None
    digest: str | None = None
    length: int = 0
    file: str = ""
    offset: int = 0

    @property
    def when(self) -> datetime:
        """The capture's time: aware, UTC."""
        return moment(self.stamp)

    @property
    def is_page(self) -> bool:
        """By its media type it may hold a list of prices."""
        return self.mime in UNKNOWN or (self.mime or "").partition(";")[0].strip().lower() in PAGES


_USUAL = re.compile(
    r"(?i)^(http(?=://[^/?#]*:80(?:[/?#]|$))|https(?=://[^/?#]*:443(?:[/?#]|$)))(://[^/?#]*):\d+"
)


def without_port(url: str) -> str:
    """An address without the port that goes without saying: the Wayback Machine's index has `http://a.kr:80/`."""
    return _USUAL.sub(r"\1\2", url)


@lru_cache(maxsize=1024)
def moment(stamp: str) -> datetime:
    """14 digits -> aware, UTC. ValueError for what is none."""
    return datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)


def stamped(when: datetime) -> str:
    """A time -> its 14 digits, UTC."""
    return when.astimezone(UTC).strftime(STAMP)
