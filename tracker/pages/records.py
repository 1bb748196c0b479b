"""A record of a web archive -> its page: a response, a resource, a conversion, or a revisit of one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import SourceError
from ..model import Page
from . import document, encoding, http
from .source import Capture, Found, Intake, Revisit
from .times import capture_time, http_date

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord


_TEXT = "text/plain; charset=utf-8"


def is_revisit(record: WarcRecord) -> bool:
    """A record without payload: it was the same as that of another."""
    return _is(record, "revisit")


def is_aside(record: WarcRecord) -> bool:
    """What a crawler adds of its own to a page that it keeps as well: its text, its state, under a name that is no
    address (`urn:text:https://…`)."""
    return (record.headers.get("WARC-Target-URI") or "").lstrip("<").startswith("urn:")


def _is(record: WarcRecord, kind: str) -> bool:
    return record.headers.get("WARC-Type") == kind


def page(record: WarcRecord, raw: bytes, name: str, intake: Intake) -> Found | Revisit | None:
    """The page in a record of that content, or what it revisits; None if it is none, or none that is wanted.

    Pages are counted, and what is wrong with one is told to the intake.
    """
    try:
        if raw and not raw.startswith(b"HTTP/"):
            # A conversion is text in UTF-8, whatever it says of the page it was made from.
            media = _TEXT if _is(record, "conversion") else record.headers.get("Content-Type") or ""
            bare = http.Head(media)
            return _document(record, http.body(raw, bare, 0), bare, name, intake) if bare.is_text else None
        if is_revisit(record):
            intake.pages += 1
            keys = _keys(record, "WARC-Refers-To", "WARC-Refers-To-Target-URI", "WARC-Refers-To-Date")
            return Revisit(_bare(record, http.Head(), name, intake), keys, _capture(record))
        head, start = http.split(raw)
        return _document(record, http.body(raw, head, start), head, name, intake) if head.is_text else None
    except http.BadBody as error:
        intake.pages += 1
        intake.skip(name, str(error))
    except SourceError as error:
        intake.skip(error.subject, error.reason, error.remedy)
    return None


def _document(record: WarcRecord, body: bytes, head: http.Head, name: str, intake: Intake) -> Found | None:
    """The page in a body without chunks and compression. Raises SourceError if it is none."""
    if not head.is_text:
        return None
    intake.pages += 1
    if not body.strip() or not intake.takes(encoding.searchable(body, head.charset)):
        return None
    bare = _bare(record, head, name, intake)
    found = document.page(body, bare, charset=head.charset, markup=head.is_markup)
    return Found(found, _keys(record, "WARC-Record-ID", "WARC-Target-URI", "WARC-Date"))


def _bare(record: WarcRecord, head: http.Head, name: str, intake: Intake) -> Page:
    """Address and time of a record, without its text."""
    url = _address(record, "WARC-Target-URI")
    captured = http_date(head.memento) or capture_time(record.headers.get("WARC-Date"))
    return intake.bare(name, url, captured)


def _capture(record: WarcRecord) -> Capture | None:
    """The copy that a revisit record refers to by address and time."""
    url = _address(record, "WARC-Refers-To-Target-URI")
    when = capture_time(record.headers.get("WARC-Refers-To-Date"))
    return (url, when) if url and when else None


def _address(record: WarcRecord, field: str) -> str | None:
    return (record.headers.get(field) or "").strip("<> ") or None


def _keys(record: WarcRecord, record_id: str, uri: str, date: str) -> tuple[str, ...]:
    """Under what a payload is known: the record's id, its address and time, its digest."""
    names = [record.headers.get(name) or "" for name in (record_id, uri, date, "WARC-Payload-Digest")]
    address = f"{names[1]} {names[2]}" if names[1] and names[2] else ""
    return tuple(key for key in (names[0], address, names[3]) if key)
