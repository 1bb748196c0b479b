"""Text corpora as CSV, and as one JSON value: an array of objects, or one object over many lines.

`source` is `file#number`, rows counted from 1 without the head. The columns are those of `corpus`, in any order and
case, and a few more names that crawlers give them.
"""

from __future__ import annotations

import codecs
import csv
import json
from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import SourceError
from ..finder.gate import opens
from . import corpus
from .source import MAX_PAGE, Found, Intake, Kind, Source, opened
from .streams import Cuttable, Packing, unpacked

MAX_HELD = 128 << 20  # bytes of one JSON value, which is held
_NAMES = {"link": "url", "uri": "url", "page_url": "url", "target_uri": "url"} | dict.fromkeys(
    ("captured_at", "crawled_at", "fetched_at", "crawl_date", "warc_date", "capture_time"), "timestamp"
)


def read(source: Source, kind: Kind, packing: Packing, intake: Intake) -> Iterator[Found]:
    """The pages of such a corpus, or of the row that was asked for.

    A row without text is counted. Raises SourceError for a file without a text column, that is cut off or too large
    to hold, and for a row that is not there.
    """
    only, last, column = source.number(), 0, ""
    with opened(source) as stream:
        inside = Cuttable(unpacked(stream, packing))
        for last, row in enumerate(_csv(source, inside) if kind == "csv" else _json(source, inside), 1):
            column = column or _column(source, row, intake)
            if only in (None, last):
                yield from _found(row, column, f"{source.title}#{last}", intake, only is None)
    intake.on_tick(source.size)
    if inside.fault:
        raise SourceError(source.title, *inside.fault)
    if only is not None and not 1 <= only <= last:
        raise SourceError(source.name, f"there are only {last} rows")


def _column(source: Source, row: Mapping[str, Any], intake: Intake) -> str:
    """The text column, by the first row."""
    named = intake.text_column
    return corpus.text_column(source.title, row, named if named in row else named and named.lower())


def _found(row: Mapping[str, Any], column: str, name: str, intake: Intake, search: bool) -> Iterator[Found]:
    """The page in a row, if it is wanted."""
    text = row.get(column)
    if not isinstance(text, str):
        intake.skip(name, f"has no text in {column}")
        return
    intake.pages += 1
    if search and intake.wanted and not intake.wanted(text.encode("utf-8", "replace")):
        return
    try:
        yield Found(corpus.page(row, text, name, intake, "\ufffd" in text))
    except SourceError as error:
        intake.skip(name, error.reason, error.remedy)


def _columns(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row under the names that `corpus` knows."""
    plain = {str(name).strip().lower(): value for name, value in row.items()}
    return {_NAMES[name]: value for name, value in plain.items() if name in _NAMES} | plain


def _csv(source: Source, stream: Cuttable) -> Iterator[dict[str, Any]]:
    """The rows of a CSV file; not the last one before the place where packed data breaks off."""
    csv.field_size_limit(MAX_PAGE)
    reader = csv.DictReader(_lines(stream), restkey="")
    held: list[dict[str, Any]] = []
    try:
        for row in reader:
            yield from held
            held = [_columns(row)]
    except csv.Error as error:
        raise SourceError(source.title, f"is damaged at line {reader.line_num}: {error}") from error
    if not stream.fault:
        yield from held


def _lines(stream: Cuttable) -> Iterator[str]:
    """The lines of a stream, in UTF-8 or in CP949 if its beginning is not UTF-8."""
    codec = ""
    for chunk in corpus.chunks(stream, None):
        codec = codec or ("utf-8" if _is_utf8(chunk) else "cp949")
        for line in chunk.splitlines(keepends=True):
            yield line.decode(codec, "replace").removeprefix("\ufeff")


def _is_utf8(data: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return False
    return True


def _json(source: Source, stream: Cuttable) -> Iterator[dict[str, Any]]:
    """The objects of a JSON value."""
    data = stream.read(MAX_HELD + 1)
    if stream.fault:
        return
    if len(data) > MAX_HELD:
        raise SourceError(
            source.title, f"one JSON value of more than {MAX_HELD >> 20} MB", "write JSON Lines"
        )
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise SourceError(source.title, "is not valid JSON, or is cut off", "fetch it again") from error
    for row in value if isinstance(value, list) else [value]:
        yield _columns(row) if isinstance(row, dict) else {}


def is_csv(head: bytes, column: str | None) -> bool:
    """The first line of a CSV file names a text column: other CSV files are tables, and each is a page of text."""
    line = head.removeprefix(codecs.BOM_UTF8).partition(b"\n")[0].decode("utf-8", "replace")
    names = {name.strip().strip('"').lower() for name in line.split(",")}
    return len(names) > 1 and not names.isdisjoint((column.lower(),) if column else corpus.TEXTS)


def is_answer(head: bytes) -> bool:
    """What an interface answers: JSON that speaks of coins and has no text column, so one page of data."""
    begins = head.removeprefix(codecs.BOM_UTF8).lstrip()[:1] in (b"{", b"[")
    return begins and not any(f'"{name}"'.encode() in head for name in corpus.TEXTS) and opens(head)


def is_json(head: bytes) -> bool:
    """One JSON value over many lines, not a line an object."""
    begin = head.removeprefix(codecs.BOM_UTF8).lstrip()
    line = begin.partition(b"\n")[0].strip()
    return line == b"{" or (begin[:1] == b"[" and begin[1:].lstrip()[:1] == b"{")
