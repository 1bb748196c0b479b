"""A source of any kind -> its pages; and how a large one is divided."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace

from ..clock.stamps import time_in_name
from ..errors import Skipped, SourceError
from . import bundle, document, encoding, own
from .source import (
    MAX_PAGE,
    STANDARD_INPUT,
    Answered,
    Found,
    Intake,
    Kind,
    Origin,
    Revisit,
    Source,
    check_readable,
    inside_of,
    kind_of,
    named,
    opened,
    packing_of,
)
from .streams import FOLDED, Cuttable, Packing, Unfolds, peek, unpacked

MAX_HELD = 512 << 20  # bytes held in memory of what cannot be read in order: a Parquet file in a bundle, say
_MARKUP = (".html", ".htm", ".xhtml")


def read(source: Source, intake: Intake) -> Iterator[Found | Revisit]:
    """The pages of a source, whatever its kind, one after the other as they are read.

    What is wrong with one record is told to the intake. Raises SourceError for what is wrong with the whole source,
    be it after its last readable page.
    """
    with opened(source, intake.limits) as stream:
        origin = stream.origin if isinstance(stream, Answered) else None
        head, whole = peek(stream)
        folded = packing_of(head) in FOLDED
        if folded:
            head, whole = peek(unpacked(whole, packing_of(head)))
            source = replace(source, stream=whole)
        if not head:
            raise SourceError(source.title, "is empty")
        inside = inside_of(head)
        check_readable(inside, source.title)
        kind, packing = kind_of(head, source.path, intake.text_column)
        if form := own.form_of(inside, source.title):
            own.hand_over(source, form, whole, packing, intake)
            return
        if kind == "document" and origin:
            # A packed page, whatever type its server calls it.
            if (packing or folded) and not origin.head.codings:
                origin, whole = origin.unpacked(), unpacked(whole, packing)
            yield from _fetched(source, origin, Cuttable(whole), intake)
            return
        if kind == "document":
            yield from _document(source, Cuttable(unpacked(whole, packing)), intake)
            return
        if source.path == STANDARD_INPUT or source.stream is not None or not whole.seekable():
            yield from _contents(replace(source, stream=whole), kind, packing, intake)
            return
    yield from _contents(source, kind, packing, intake)


def _contents(source: Source, kind: Kind, packing: Packing, intake: Intake) -> Iterator[Found | Revisit]:
    """The pages of a container."""
    if kind == "warc":
        from . import warc

        return warc.read(source, packing, intake)
    if kind == "jsonl":
        from . import corpus

        return corpus.read_lines(source, packing, intake)
    if kind == "parquet":
        from . import parquet

        return parquet.read_rows(_held(source, packing), intake)
    if kind in ("mhtml", "har"):
        from . import saved

        return saved.read(source, kind, packing, intake)
    if kind in ("csv", "json"):
        from . import rows

        return rows.read(source, kind, packing, intake)
    return _members(_held(source) if kind == "zip" else source, kind, packing, intake)


def _members(source: Source, kind: Kind, packing: Packing, intake: Intake) -> Iterator[Found | Revisit]:
    """The pages in a bundle's members, or in the one that was asked for."""
    for member in bundle.members(source, kind, packing):
        try:
            if isinstance(member, Skipped):
                intake.on_skip(member)
            else:
                yield from read(member, intake)
        except Unfolds:
            raise
        except SourceError as error:
            if source.record:
                raise
            intake.skip(error.subject, error.reason, error.remedy)


def _held(source: Source, packing: Packing = "") -> Source:
    """The same source, in memory if it is packed or a stream in which one cannot go back."""
    if not packing and (source.stream is None or source.stream.seekable()):
        return source
    with opened(source) as stream:
        data = unpacked(stream, packing).read(MAX_HELD + 1)
    if len(data) > MAX_HELD:
        reason = f"of more than {MAX_HELD >> 20} MB is not read from a stream or a bundle"
        raise SourceError(source.title, reason, "unpack it first")
    return replace(source, stream=io.BytesIO(data))


def _document(source: Source, stream: Cuttable, intake: Intake) -> Iterator[Found]:
    """The one page of a document."""
    from .saved import single_file

    if source.record:
        raise SourceError(source.name, "this file is one page and has no records", "name the file alone")
    data = stream.read(MAX_PAGE + 1)
    if stream.fault:
        raise SourceError(source.title, *stream.fault)
    document.check(data, source.title)
    intake.pages += 1
    intake.on_tick(source.size)
    if intake.takes(encoding.searchable(data)):
        inner = source.path.rpartition("#")[2] if source.depth else source.path
        url, saved = single_file(data)
        named = None if saved else time_in_name(inner, intake.tz)
        captured = named.at if named and not named.day else saved
        bare = replace(intake.bare(source.title, intake.url, captured), named_at=named and named.at)
        found = document.page(data, bare, markup=True if inner.lower().endswith(_MARKUP) else None)
        yield Found(replace(found, url=found.url or url))


def _fetched(source: Source, origin: Origin, stream: Cuttable, intake: Intake) -> Iterator[Found]:
    """The one page of an answer, where and when it was had; a copy that says its own address and time is believed.
    What stands behind the `#` of an address is a place on the page."""
    from . import http
    from .saved import single_file

    head = origin.head
    if not head.is_text:
        raise SourceError(source.title, f"is {head.media_type.partition(';')[0]}, not a page of text")
    raw = b"" if origin.size > MAX_PAGE else stream.read(MAX_PAGE + 1)
    if not raw or len(raw) > MAX_PAGE:
        raise document.too_large(source.title)
    if stream.fault:
        raise SourceError(source.title, *stream.fault)
    try:
        data = http.body(raw, head, 0)
    except http.BadBody as error:
        raise SourceError(source.title, str(error)) from error
    document.check(data, source.title)
    intake.pages += 1
    if intake.takes(encoding.searchable(data, head.charset)):
        url, saved = single_file(data)
        bare = intake.bare(source.title, intake.url or url or origin.url, saved or origin.captured)
        yield Found(document.page(data, bare, charset=head.charset, markup=head.is_markup))


def split(source: Source, size: int) -> Iterator[Source]:
    """A large file as parts of about `size` bytes that can be read side by side; the file itself where its format
    does not allow it."""
    if not source.is_file or source.record or source.size < size + size // 2:
        yield source
        return
    with opened(source) as stream:
        kind, packing = kind_of(peek(stream)[0], source.path)
    if packing in FOLDED:
        yield source
    elif kind == "warc":
        from .index import Tape

        with named(source):
            yield from Tape(source, packing).parts(size)
    elif kind == "jsonl" and not packing:
        from .corpus import split_lines

        yield from split_lines(source, size)
    elif kind == "parquet" and not packing:
        from .parquet import split_rows

        yield from split_rows(source, size)
    else:
        yield source
