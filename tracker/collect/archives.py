"""Archives: where each is asked what it has, where it gives it back, and how often it may be asked. The reasons for the
pauses stand in `pace`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from ..errors import SourceError
from .pace import Gap

WAYBACK, COMMONCRAWL = "wayback", "commoncrawl"
NAMES = ("live", WAYBACK, COMMONCRAWL)
CRAWLS = "https://index.commoncrawl.org/collinfo.json"
_CRAWL = re.compile(r"CC-MAIN-\d{4}-[\w-]+")
_WAYBACK_HOST, _CRAWL_HOST = "web.archive.org", "index.commoncrawl.org"
_FORBIDDEN = frozenset({403})  # an index that answers so has shut us out


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive that can be asked.

    index     the address of its CDX server
    records   where a capture is had: an address with `{stamp}` and `{url}`, or with `{file}`, of which a range is asked
    listing   how often its index may be asked
    fetching  how often for a record
    """

    index: str
    records: str
    listing: Gap
    fetching: Gap
    forbids: frozenset[int] = _FORBIDDEN

    @property
    def by_range(self) -> bool:
        """Its records are ranges of files, not replays."""
        return "{file}" in self.records


def archives(
    named: str, crawls: Iterable[str] = (), replay: str | None = None,
    listed: Callable[[], Iterable[dict[str, str]]] = tuple,
    since: datetime | None = None, until: datetime | None = None,
) -> list[Archive]:  # fmt: skip
    """The archives that a name stands for: one, or a crawl each.

    named    `wayback`, `commoncrawl`, or the address of a CDX server
    crawls   of Common Crawl: `CC-MAIN-2024-18`; without any those that lie between since and until, else the newest
    replay   where captures are had, if that cannot be told from the address
    listed   asks Common Crawl for its crawls, where none is named
    Raises SourceError for a name that is none.
    """
    if named == WAYBACK:
        return [_server(f"https://{_WAYBACK_HOST}/cdx/search/cdx", replay)]
    if named == COMMONCRAWL:
        names = list(crawls) or chosen(listed(), since, until)
        wrong = next((name for name in names if not _CRAWL.fullmatch(name)), None)
        if wrong:
            raise SourceError(
                wrong, "is no crawl of Common Crawl", f"one is CC-MAIN-2024-18; {CRAWLS} lists them"
            )
        return [_server(f"https://{_CRAWL_HOST}/{name}-index", replay) for name in names]
    if not re.match(r"https?://", named, re.IGNORECASE):
        raise SourceError(
            named, "is no archive that is known", f"give {', '.join(NAMES)} or the address of a CDX server"
        )
    return [_server(named, replay)]


def chosen(listed: Iterable[dict[str, str]], since: datetime | None, until: datetime | None) -> list[str]:
    """The crawls that lie between two times, the newest first; without times the newest alone."""
    crawls = sorted(listed, key=lambda crawl: crawl.get("to", ""), reverse=True)
    if since is None and until is None:
        return [crawl["id"] for crawl in crawls[:1]]
    return [
        crawl["id"] for crawl in crawls
        if (until is None or _time(crawl.get("from", "")) < until) and (since is None or _time(crawl.get("to", "")) >= since)
    ]  # fmt: skip


def _time(text: str) -> datetime:
    when = datetime.fromisoformat(text)
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _server(index: str, replay: str | None) -> Archive:
    """A CDX server at an address. Raises SourceError where nothing says where it replays."""
    parts = urlsplit(index)
    index = index.partition("?")[0].rstrip("/")
    host = parts.hostname or ""
    records = _template(replay) if replay else _beside(index, host)
    if host == _WAYBACK_HOST:
        return Archive(index, records, Gap(host, "cdx", 2.5), Gap(host, "pages", 0.2))
    if "{file}" in records:
        where = urlsplit(records).hostname or ""
        return Archive(index, records, Gap(host, "cdx", 1.0), Gap(where, "ranges", 0.6))
    return Archive(index, records, Gap(host, "cdx", 1.0), Gap(host, "pages", 1.0))


def _beside(index: str, host: str) -> str:
    """Where an archive replays, by the address of its index: as pywb and OpenWayback have it."""
    if host == _CRAWL_HOST:
        return "https://data.commoncrawl.org/{file}"
    if index.endswith("/cdx/search/cdx"):
        return index.removesuffix("/cdx/search/cdx") + "/web/{stamp}id_/{url}"
    if re.search(r"/[^/]+/cdx$", urlsplit(index).path):
        return index.removesuffix("/cdx") + "/{stamp}id_/{url}"
    raise SourceError(
        index, "where this archive replays cannot be told from its address",
        "give --replay http://host/coll/{stamp}id_/{url}, or with {file} where ranges of its files are had",
    )  # fmt: skip


def _template(replay: str) -> str:
    """Where captures are had, as it was typed. The host is the user's, never the index's."""
    whole = "{file}" in replay or ("{stamp}" in replay and "{url}" in replay)
    if not re.match(r"https?://[^/{}]+/", replay) or ("{" in replay and not whole):
        raise SourceError(
            replay, "does not say where captures are had",
            "write http://host/coll/{stamp}id_/{url}, or http://host/{file} where ranges of files are had",
        )  # fmt: skip
    return replay if whole else replay.rstrip("/") + "/{stamp}id_/{url}"
