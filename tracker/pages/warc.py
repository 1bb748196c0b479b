"""Web archives: WARC and WET, one page a record, by FastWARC.

`source` is `file#offset`: where the record starts in the file, so that it can be read alone. A page's time is its
WARC-Date, or the Memento-Datetime of a response that a web archive served.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from ..errors import SourceError
from . import document, http, records
from .index import Tape
from .source import MAX_PAGE, Found, Intake, Revisit, Source, named, part
from .streams import CUT_OFF, Bytes, Cuttable, Packing, unpacked

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

MAX_DAMAGE = 1000  # places in one file; each costs a search, and a file with more is no archive
CLIPPED = "its length is a byte short: it is read without its last sign"
_TICK = 32  # records between two words on progress
_BUFFER = 256 << 10  # bytes read of a file at a time


def read(source: Source, packing: Packing, intake: Intake) -> Iterator[Found | Revisit]:
    """The pages of an archive, a part of it, or the one record that was asked for.

    Damage is passed over to the next record and counted. Raises SourceError at the end for a file that is cut off,
    and for a record that is not there.
    """
    with named(source):
        if source.stream is not None:
            yield from _from_stream(source, unpacked(source.stream, packing), intake)
        elif (offset := source.number()) is None:
            yield from _from_tape(source, Tape(source, packing), intake)
        else:
            yield _record(source, Tape(source, packing), intake, offset)


def _record(source: Source, tape: Tape, intake: Intake, offset: int) -> Found | Revisit:
    """The one record at an offset."""
    skipped: list[SourceError] = []
    alone = replace(intake, wanted=None, worth=None, on_skip=skipped.append)
    found = next(_from_tape(part(source, offset, offset + 1, 0), tape, alone), None)
    if alone.first == offset and found is not None:
        intake.pages += 1
        return found
    if alone.first == offset and skipped:
        raise skipped[0]
    raise _no_page(source)


def _from_tape(source: Source, tape: Tape, intake: Intake) -> Iterator[Found | Revisit]:
    """The pages of a file or a part of it, from record to record, past every damage."""
    at, damage = source.start, 0
    while damage < MAX_DAMAGE:
        walk = _Walk(source, intake, at, tape.lenient)
        with tape.reader(at) as (reader, walk.base):
            yield from walk.through(reader)
        if walk.outcome == "stop":
            return
        last = tape.last_record(walk.offset) if walk.outcome == "end" else walk.offset
        sound = walk.outcome != "short" and tape.is_sound(last, walk.outcome == "empty")
        clipped = walk.outcome in ("end", "damage") and not sound and tape.is_clipped(last)
        if sound or clipped or last != walk.offset:
            yield from walk.held
        if sound and tape.ends_with(last):
            return
        behind = _behind(source, tape, last, walk.outcome == "short")
        if behind is None and intake.first is None and not source.start:
            raise SourceError(source.title, "holds no record of a web archive")
        if not (sound and walk.outcome == "empty"):
            damage += 1
            reason = (
                "damaged bytes behind this record" if sound else CLIPPED if clipped else "a damaged record"
            )
            intake.skip(f"{source.title}#{last}", reason)
        if behind is None or (source.stop is not None and behind >= source.stop):
            intake.end = behind
            return
        at = behind
    raise SourceError(source.title, f"damaged in more than {MAX_DAMAGE} places", "the rest of it is not read")


def _behind(source: Source, tape: Tape, last: int, short: bool) -> int | None:
    """Where the next record is behind damage; None if there is none. Raises SourceError if the file is cut off."""
    fault = tape.fault(last) if tape.whole else None
    if fault is None and (behind := tape.next_record(last)) is not None:
        return behind
    fault = fault or tape.fault(last)
    if tape.whole or short or fault == CUT_OFF:
        raise SourceError(source.title, *(fault or ("cut off: it ends inside a record", "fetch it again")))
    return None


def _from_stream(source: Source, stream: Bytes, intake: Intake) -> Iterator[Found | Revisit]:
    """The pages of an archive that can be read once only, or the one that was asked for: damage ends it."""
    offset = source.number()
    walk = _Walk(source, intake if offset is None else replace(intake, wanted=None))
    whole = Cuttable(stream)

    def items() -> Iterator[Found | Revisit]:
        yield from walk.through(whole)
        if walk.outcome == "end":
            yield from walk.held

    if offset is not None:
        found = next((item for item in items() if item.page.source == source.name), None)
        if found is None:
            raise _no_page(source)
        yield found
        return
    yield from items()
    if whole.fault:
        raise SourceError(source.title, *whole.fault)
    if walk.outcome != "end":
        reason = f"damaged behind offset {walk.offset}; the rest of it is not read"
        raise SourceError(source.title, reason, "unpack it, so that the damage can be passed over")


def _no_page(source: Source) -> SourceError:
    return SourceError(source.name, "no page is recorded at this offset", "take it from a row's source")


class _Walk:
    """One way through an archive, to its end or the first thing that is not as it should be.

    offset    where the last record starts, and before the first where the walk does
    held      the last record's page: it is given only when the next record starts where it should
    base      what is added to FastWARC's offsets
    outcome   end, as FastWARC takes it, or stop: the first record behind the part; damage, where no record can be
              read; short: the last record is shorter than it says; empty: it has no content
    """

    def __init__(self, source: Source, intake: Intake, start: int = 0, lenient: bool = False) -> None:
        self.source, self.intake, self.lenient = source, intake, lenient
        self.offset, self.base = start, 0
        self.held: list[Found | Revisit] = []
        self.outcome: Literal["end", "stop", "damage", "short", "empty"] = "end"

    def through(self, reader: Any) -> Iterator[Found | Revisit]:
        """The pages that are wanted, each when the record behind it was found in its place.

        FastWARC needs some five microseconds for a record; what is done here for one that is not wanted costs one,
        with the search: it is searched while it is still in the processor's cache.
        """
        intake, stop, held, base = self.intake, self.source.stop, self.held, self.base
        wanted, at, count = intake.wanted, self.offset, 0
        try:
            for record in _records(reader, self.lenient):
                if held:
                    yield held.pop()
                at = base + record.stream_pos
                if not count and intake.first is None:
                    intake.first = at
                if stop is not None and at >= stop:
                    intake.end = at
                    self.outcome = "stop"
                    break
                size = record.content_length
                if size > MAX_PAGE:
                    if record.consume() < size:
                        self.outcome = "short"
                        break
                    intake.on_skip(document.too_large(self._name(record)))
                    continue
                raw = record.reader.read()
                if len(raw) < size:
                    self.outcome = "short"
                    break
                if not raw and not records.is_revisit(record):
                    self.outcome = "empty"
                    break
                if raw[:5] != b"HTTP/" and records.is_aside(record):
                    pass
                elif wanted and raw and http.is_searched(raw) and not wanted(raw):
                    intake.pages += 1  # a search of the bytes as they stand was enough
                elif item := records.page(record, raw, self._name(record), intake):
                    held.append(item)
                count += 1
                if not count % _TICK:
                    intake.on_tick(at - self.source.start)
        except OSError:
            self.outcome = "damage"
        self.offset = at

    def _name(self, record: WarcRecord) -> str:
        return f"{self.source.title}#{self.base + record.stream_pos}"


def _records(reader: Any, lenient: bool) -> Iterable[WarcRecord]:
    """The records that may hold a page, each in the place of the one before: nothing of it may be kept."""
    from fastwarc.warc import ArchiveIterator
    from fastwarc.warc import WarcRecordType as Type

    kinds = Type.response | Type.resource | Type.conversion | Type.revisit
    return ArchiveIterator(
        reader, record_types=kinds, parse_http=False, quirks_mode=lenient, inplace=True, buffer_size=_BUFFER
    )
