"""Pages as browsers save them with all that they load: MHTML, HAR, the log of the network panel, and what SingleFile
says of a page.

Each HTML or JSON body is a page with its own address; `source` is `file#number`, parts or entries counted from 1. The
capture is the `Date` of the MHTML file, and an entry's `startedDateTime`.
"""

from __future__ import annotations

import binascii
import html as entities
import json
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from datetime import datetime
from email import message_from_bytes
from typing import Any, NamedTuple

from ..errors import SourceError
from . import document, encoding, http
from .source import Found, Intake, Kind, Source, opened
from .streams import Cuttable, Packing, unpacked
from .times import capture_time, http_date

MAX_SAVED = 128 << 20  # bytes of one such file; it is held, and its JSON takes some times as much
_SINGLE_FILE = re.compile(
    rb"<!--\s*Page saved with SingleFile\s+url: (https?://\S+)\s+saved date: "
    rb"([A-Z][a-z]{2}) ([A-Z][a-z]{2}) (\d{2}) (\d{4} \d{2}:\d{2}:\d{2} GMT[+-]\d{4})\b"
)


class _Part(NamedTuple):
    """A body with its number, its head, where it was had and when. No body: none was saved."""

    number: int
    head: http.Head
    url: str
    captured: datetime | None
    body: bytes | None


def read(source: Source, kind: Kind, packing: Packing, intake: Intake) -> Iterator[Found]:
    """The pages of a saved file, or the one that was asked for.

    A body that is none, or was not saved, is counted. Raises SourceError for a file that is no such, is cut off or is
    too large to hold, and for a part that is not there.
    """
    data, only, last = _data(source, packing), source.number(), 0
    for part in _mhtml(data, source) if kind == "mhtml" else _har(data, source):
        if only in (None, part.number) and _is_page(part.head):
            last = part.number
            yield from _found(part, f"{source.title}#{part.number}", intake, only is None)
    intake.on_tick(source.size)
    if only is not None and not last:
        raise SourceError(source.name, "no page has this number", "take it from a row's source")


def _data(source: Source, packing: Packing) -> bytes:
    with opened(source) as stream:
        inside = Cuttable(unpacked(stream, packing))
        data = inside.read(MAX_SAVED + 1)
    if inside.fault:
        raise SourceError(source.title, *inside.fault)
    if len(data) > MAX_SAVED:
        raise SourceError(source.title, f"a saved page of more than {MAX_SAVED >> 20} MB", "save it as HTML")
    return data


def _is_page(head: http.Head) -> bool:
    kind = head.media_type.partition(";")[0].lower()
    return "html" in kind or "json" in kind


def _found(part: _Part, name: str, intake: Intake, search: bool) -> Iterator[Found]:
    """The page in a body, if it is wanted."""
    intake.pages += 1
    if part.body is None:
        intake.skip(name, "its body was not saved, or is damaged", "save it with contents")
        return
    charset = part.head.charset
    if not part.body.strip() or (search and not intake.takes(encoding.searchable(part.body, charset))):
        return
    url = part.url if part.url.lower().startswith(("http://", "https://")) else intake.url
    url = url and url.encode("utf-8", "replace").decode()  # JSON may hold half a character
    bare = intake.bare(name, url, part.captured)
    try:
        yield Found(document.page(part.body, bare, charset=charset, markup=part.head.is_markup or False))
    except SourceError as error:
        intake.skip(name, error.reason, error.remedy)


def _mhtml(data: bytes, source: Source) -> Iterator[_Part]:
    """The parts of an MHTML file: the page first, then what its frames and scripts had loaded."""
    try:
        message = message_from_bytes(data)
        parts = [part for part in message.walk() if not part.is_multipart()]
    except RecursionError as error:
        raise SourceError(source.title, "is no MHTML file: parts in parts without end") from error
    if not data.rstrip().endswith(b"--") and message.is_multipart():
        raise SourceError(source.title, "cut off: its last part has no end", "save it again")
    when = http_date(str(message.get("Date") or ""))
    for number, part in enumerate(parts, 1):
        body = part.get_payload(decode=True)
        url = part.get("Content-Location") or message.get("Snapshot-Content-Location") or ""
        head = http.Head(f"{part.get_content_type()}; charset={part.get_content_charset() or ''}")
        yield _Part(number, head, str(url).strip(), when, body if isinstance(body, bytes) else None)


def _har(data: bytes, source: Source) -> Iterator[_Part]:
    """The entries of a HAR file."""
    try:
        entries = json.loads(data)["log"]["entries"]
    except (ValueError, RecursionError, LookupError, TypeError) as error:
        raise SourceError(source.title, "is no HAR file, or is cut off", "save it again") from error
    for number, entry in enumerate(entries if isinstance(entries, list) else (), 1):
        content = _at(_at(entry, "response"), "content")
        media, url = _at(content, "mimeType"), _at(_at(entry, "request"), "url")
        packed = _at(content, "encoding") == "base64"
        yield _Part(
            number,
            http.Head(_told(media, packed) if isinstance(media, str) else ""),
            url if isinstance(url, str) else "",
            capture_time(_at(entry, "startedDateTime")),
            _body(_at(content, "text"), packed),
        )


def _at(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, Mapping) else None


def _told(media: str, packed: bool) -> str:
    """The media type; of a body that stands there as text the charset is no longer the server's."""
    return media if packed else f"{media.partition(';')[0]}; charset=utf-8"


def _body(text: Any, packed: bool) -> bytes | None:
    """A body's bytes; None if it was not saved, or is damaged."""
    if not isinstance(text, str):
        return None
    try:
        return b64decode(text) if packed else text.encode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return None


def single_file(head: bytes) -> tuple[str | None, datetime | None]:
    """The address and the time in the comment with which SingleFile begins a page: `url: …`, `saved date: …`."""
    found = _SINGLE_FILE.search(head[:4096])
    if found is None:
        return None, None
    url, week, month, day, rest = (part.decode("utf-8", "replace") for part in found.groups())
    return entities.unescape(url), http_date(f"{week}, {day} {month} {rest.replace('GMT', '')}")
