"""The index beside a WARC file: CDXJ, a line a page, as pywb reads it. It can always be made anew from its file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from .capture import REVISIT, without_port
from .record import INDEX_DIGEST, Member, fields_of

_KNOWN = INDEX_DIGEST.lower()
_PAGES = {"response", "resource", "revisit"}
_STATUS = re.compile(rb"HTTP/\S+ (\d{3})")
_TYPE = re.compile(rb"^content-type:[ \t]*([^;\r\n]*)", re.IGNORECASE | re.MULTILINE)


class Row(NamedTuple):
    """What the index says of one record; `known` is the digest by which the archive it is from knows the payload."""

    url: str
    stamp: str
    mime: str
    status: str
    digest: str
    length: int
    offset: int
    known: str = ""

    @property
    def end(self) -> int:
        """Where the record ends in its file."""
        return self.offset + self.length


def line(row: Row, file: str) -> str:
    """A row as a line of CDXJ, without its line end."""
    fields = {
        "url": row.url, "mime": row.mime, "status": row.status, "digest": row.digest,
        "length": str(row.length), "offset": str(row.offset), "filename": file, "known": row.known,
    }  # fmt: skip
    said = {name: value for name, value in fields.items() if value}
    return f"{surt(row.url)} {row.stamp} {json.dumps(said, ensure_ascii=False)}"


def rows(index: Path) -> Iterator[Row]:
    """The rows of an index, as far as they are whole; none of an index that is not there."""
    if not index.exists():
        return
    with index.open(encoding="utf-8", errors="replace") as lines:
        for text in lines:
            try:
                _, stamp, said = text.split(" ", 2)
                at = json.loads(said)
                yield Row(
                    at["url"], stamp, at.get("mime", ""), at.get("status", ""), at.get("digest", ""),
                    int(at["length"]), int(at["offset"]), at.get("known", ""),
                )  # fmt: skip
            except (ValueError, KeyError, TypeError):
                continue  # cut off by the end of a run: the record behind it is found in the file


def rows_of(found: Iterable[Member]) -> Iterator[Row]:
    """The rows of records as they stand in their file."""
    for member in found:
        fields, block = fields_of(member.record)
        kind, url = fields.get("warc-type", ""), fields.get("warc-target-uri", "").strip("<> ")
        if kind not in _PAGES or not url:
            continue
        digest = fields.get("warc-payload-digest", "").removeprefix("sha1:")
        status = _STATUS.match(block)
        mime = _TYPE.search(block, 0, max(block.find(b"\r\n\r\n"), 0)) if status else None
        media = mime[1].decode("latin-1").strip() if mime else fields.get("content-type", "") * (not status)
        yield Row(
            without_port(url), re.sub(r"\D", "", fields.get("warc-date", ""))[:14], REVISIT if kind == "revisit" else media,
            status[1].decode() if status else "", digest, member.length, member.offset, fields.get(_KNOWN, digest),
        )  # fmt: skip


def surt(url: str) -> str:
    """An address as indexes sort it: `https://www.Example.kr/a?b=2&a=1` -> `kr,example)/a?a=1&b=2`.

    As pywb and the Wayback Machine have it: no scheme, no `www.`, no port that goes without saying, all in lower case,
    the query sorted, no slash at the end.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return url
    host = re.sub(r"^www\d*\.", "", host)
    numeric = re.fullmatch(r"[\d.]+|[\da-f:]+", host)
    place = host if numeric else ",".join(reversed(host.split(".")))
    if port and port != {"http": 80, "https": 443}.get(parts.scheme):
        place += f":{port}"
    path = parts.path.lower().rstrip("/") or "/"
    query = "&".join(sorted(parts.query.lower().split("&"))) if parts.query else ""
    return f"{place}){path}{'?' * bool(query)}{query}".replace(" ", "%20")
