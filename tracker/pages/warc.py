"""Web archives: WARC and WET, one page a record, by FastWARC.

`source` is `file#offset`: where the record starts in the file, so that it can be read alone. A page's time is its
WARC-Date, or the Memento-Datetime of a response that a web archive served.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ..errors import SourceError
from ..model import Page
from . import document, http
from .source import MAX_PAGE, Bytes, Cuttable, Found, Intake, Packing, Revisit, Source, opened, part, unpacked
from .tape import Tape
from .times import capture_time, http_date

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

MAX_DAMAGE = 1000  # places in one file; each costs a search, and a file with more is no archive
_TICK = 1024  # pages between two words on progress
_CUT_OFF = ("cut off: it ends inside a record", "fetch it again")


def read(source: Source, packing: Packing, intake: Intake) -> Iterator[Found | Revisit]:
    """The pages of an archive, a part of it, or the one record that was asked for.

    Damage is passed over to the next record and counted. Raises SourceError at the end for a file that is cut off,
    and for a record that is not there.
    """
    with opened(source) as stream:
        if not source.is_file:
            yield from _from_stream(source, unpacked(stream, packing), intake)
        elif (offset := source.number()) is None:
            yield from _from_tape(source, Tape(source.path, packing), intake)
        else:
            yield _record(source, Tape(source.path, packing), intake, offset)


def _record(source: Source, tape: Tape, intake: Intake, offset: int) -> Found | Revisit:
    """The one record at an offset."""
    skipped: list[SourceError] = []
    alone = replace(intake, wanted=None, on_skip=skipped.append)
    found = next(_from_tape(part(source, offset, offset + 1), tape, alone), None)
    if alone.first == offset and found is not None:
        intake.pages += 1
        return found
    if alone.first == offset and skipped:
        raise skipped[0]
    raise SourceError(source.name, "no page is recorded at this offset", "take it from a row's source")


def _from_tape(source: Source, tape: Tape, intake: Intake) -> Iterator[Found | Revisit]:
    """The pages of a file or a part of it, from record to record, past every damage."""
    at = source.start
    for _ in range(MAX_DAMAGE):
        walk = _Walk(source.path, intake, source.stop, tape.lenient)
        with tape.reader(at) as (reader, walk.base):
            yield from walk.through(reader)
        if not walk.damaged:
            if source.stop is None and tape.packing == "gzip" and tape.is_cut_off(walk.offset or at):
                raise SourceError(source.path, *_CUT_OFF)
            return
        last = at if walk.offset is None else walk.offset
        sound = walk.offset is None or (not walk.short and tape.is_sound(last))
        if sound:
            yield from walk.held
        behind = tape.next_record(last)
        if behind is None and sound and tape.ends_with(last):
            return
        if behind is None and (walk.short or tape.is_cut_off(last)):
            raise SourceError(source.path, *_CUT_OFF)
        if behind is None and intake.first is None and not source.start:
            raise SourceError(source.path, "holds no record of a web archive")
        intake.skip(
            f"{source.path}#{last}", "damaged bytes behind this record" if sound else "a damaged record"
        )
        if behind is None or (source.stop is not None and behind >= source.stop):
            intake.end = behind
            return
        at = behind
    raise SourceError(source.path, f"damaged in more than {MAX_DAMAGE} places", "the rest of it is not read")


def _from_stream(source: Source, stream: Bytes, intake: Intake) -> Iterator[Found | Revisit]:
    """The pages of an archive that can be read once only: damage ends it."""
    offset = source.number()
    walk = _Walk(source.path, intake if offset is None else replace(intake, wanted=None))
    whole = Cuttable(stream)
    for item in walk.through(whole):
        if offset is None or item.page.source.endswith(f"#{offset}"):
            yield item
    if whole.cut:
        raise SourceError(source.path, *_CUT_OFF)
    if walk.damaged:
        reason = f"damaged behind offset {walk.offset or 0}; the rest of it is not read"
        raise SourceError(source.path, reason, "unpack it, so that the damage can be passed over")


class _Walk:
    """One way through an archive, to its end or the first damage.

    offset    where the last record starts; None before the first
    damaged   it ended at damage, of which FastWARC knows only that no record can be read there
    short     the last record is shorter than it says
    base      what is added to FastWARC's offsets
    held      the last record's page: it is given only when the next record starts where it should
    """

    def __init__(self, path: str, intake: Intake, stop: int | None = None, lenient: bool = False) -> None:
        self.path, self.intake, self.stop, self.lenient = path, intake, stop, lenient
        self.offset: int | None = None
        self.base = 0
        self.damaged = self.short = False
        self.held: list[Found | Revisit] = []

    def through(self, reader: Any) -> Iterator[Found | Revisit]:
        """The pages that are wanted, each when the record behind it was found in its place.

        A loop without calls: FastWARC needs some five microseconds for a record, and this is to cost a tenth of it.
        """
        from fastwarc.warc import ArchiveIterator, WarcRecordType

        kinds = (
            WarcRecordType.response
            | WarcRecordType.resource
            | WarcRecordType.conversion
            | WarcRecordType.revisit
        )
        intake, wanted, stop, held, pages = self.intake, self.intake.wanted, self.stop, self.held, 0
        record = None
        try:
            for record in ArchiveIterator(
                reader, record_types=kinds, parse_http=False, quirks_mode=self.lenient
            ):
                if held:
                    yield held.pop()
                if intake.first is None:
                    intake.first = self.base + record.stream_pos
                if stop is not None and self.base + record.stream_pos >= stop:
                    intake.end = self.base + record.stream_pos
                    return
                size = record.content_length
                if size > MAX_PAGE:
                    if record.consume() < size:
                        self.damaged = self.short = True
                        return
                    intake.on_skip(document.too_large(self._name(record)))
                    continue
                raw = record.reader.read()
                if len(raw) < size:
                    self.damaged = self.short = True
                    return
                if raw[:5] == b"HTTP/" or not raw:
                    pages += self._take_response(record, raw)
                else:
                    pages += 1
                    if wanted is None or wanted(raw):
                        self._take_text(record, raw)
                if pages >= _TICK:
                    intake.pages, pages = intake.pages + pages, 0
                    intake.on_tick(record.stream_pos)
        except OSError:
            self.damaged = True
        finally:
            intake.pages += pages
            self.offset = self.base + record.stream_pos if record is not None else None
        if not self.damaged:
            yield from held

    def _take_text(self, record: WarcRecord, data: bytes) -> None:
        """A conversion, which is text, or a resource, whose type its header says."""
        head = http.Head(record.headers.get("Content-Type") or "")
        if head.is_text:
            self._take(record, data, head)

    def _take_response(self, record: WarcRecord, raw: bytes) -> bool:
        """A response, or a revisit: one without its payload. False for a picture and the like, which is no page."""
        from fastwarc.warc import WarcRecordType

        if record.record_type == WarcRecordType.revisit:
            keys = _keys(record, "WARC-Refers-To", "WARC-Refers-To-Target-URI", "WARC-Refers-To-Date")
            self.held.append(Revisit(self._page(record), keys))
            return True
        head, start = http.split(raw)
        if not raw or not head.is_text:
            return False
        try:
            body = http.body(raw, head, start)
        except http.BadBody as error:
            self.intake.skip(self._name(record), str(error))
            return True
        wanted = self.intake.wanted
        if body.strip() and (wanted is None or wanted(document.searchable(body, head.charset))):
            self._take(record, body, head)
        return True

    def _take(self, record: WarcRecord, body: bytes, head: http.Head) -> None:
        """Hold the page in a body."""
        bare = self._page(record, http_date(head.memento))
        try:
            page = document.page(body, bare, charset=head.charset, markup=head.is_markup)
        except SourceError as error:
            self.intake.skip(error.subject, error.reason, error.remedy)
        else:
            self.held.append(Found(page, _keys(record, "WARC-Record-ID", "WARC-Target-URI", "WARC-Date")))

    def _page(self, record: WarcRecord, memento: datetime | None = None) -> Page:
        """Address and time of a record, without its text."""
        url = (record.headers.get("WARC-Target-URI") or "").strip("<> ") or None
        return Page(
            "",
            self._name(record),
            url,
            memento or capture_time(record.headers.get("WARC-Date")),
            None,
            self.intake.at,
        )

    def _name(self, record: WarcRecord) -> str:
        return f"{self.path}#{self.base + record.stream_pos}"


def _keys(record: WarcRecord, record_id: str, uri: str, date: str) -> tuple[str, ...]:
    """Under what a payload is known: the record's id, its address and time, its digest."""
    names = [record.headers.get(name) or "" for name in (record_id, uri, date, "WARC-Payload-Digest")]
    address = f"{names[1]} {names[2]}" if names[1] and names[2] else ""
    return tuple(key for key in (names[0], address, names[3]) if key)
