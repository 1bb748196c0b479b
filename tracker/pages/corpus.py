"""Text corpora: the columns they have, and JSON Lines, one page a line.

The text stands in a column `text`, `content` or `raw_content`, or in the one that is named. `url` is taken if it is
there, and a capture time from `timestamp` or `date`, or both from `warc_headers`. `source` is `file#number`, lines
counted from 1.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..errors import Skipped, SourceError
from ..model import Page, site_of
from . import document, encoding
from .source import MAX_PAGE, Found, Intake, Source, opened, part
from .streams import Cuttable, Packing, unpacked
from .times import capture_time, first_moment

TEXTS = ("text", "content", "raw_content")
TIMES = ("timestamp", "date")
HEADERS = "warc_headers"
OTHERS = ("url", *TIMES, HEADERS)

_CHUNK = 256 << 10  # bytes of lines read, and searched, at a time
_MAX_LINE = 2 * MAX_PAGE  # a page's text may grow in JSON; longer lines are passed over
_ESCAPES = re.compile(rb"\\[u/]")
_TOO_LONG = b"\0"


def text_column(path: str, columns: Iterable[str], named: str | None) -> str:
    """The column that holds the text. Raises SourceError with the columns there are."""
    there = list(columns)
    for name in (named,) if named else TEXTS:
        if name in there:
            return name
    looked = f"column {named!r}" if named else "text column (" + ", ".join(TEXTS) + ")"
    has = ", ".join(there[:20]) + (", …" if len(there) > 20 else "")
    raise SourceError(
        path, f"has no {looked}; its columns are {has or 'none'}", "name one with --text-column"
    )


def page(row: Mapping[str, Any], text: str, name: str, intake: Intake, damaged: bool = False) -> Page:
    """The page in a row of a corpus, flagged if bytes of it were `damaged`. SourceError for too much text."""
    if len(text) > MAX_PAGE:
        raise document.too_large(name)
    headers = _mapping(row.get(HEADERS))
    url = row.get("url") or headers.get("warc-target-uri")
    address = (url.strip("<> ") if isinstance(url, str) else None) or None
    stamps = [*(row.get(column) for column in TIMES), headers.get("warc-date")]
    captured = next((when for stamp in stamps if (when := capture_time(stamp))), None)
    site = site_of(address)
    # A day without a clock is no capture time; but the prices shown on it are not older than its beginning.
    day = None if captured else next((when for stamp in stamps if (when := first_moment(stamp, site))), None)
    flags = (document.REPAIRED,) if damaged else ()
    return document.from_text(
        text, intake.bare(name, address, captured, day, flags), document.is_markup(text)
    )


def _mapping(value: Any) -> Mapping[str, Any]:
    """`warc_headers` as they come: an object, a list of pairs, or the JSON text of an object."""
    if isinstance(value, str) and value.startswith("{"):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {}
    if isinstance(value, list) and all(isinstance(pair, list | tuple) and len(pair) == 2 for pair in value):
        value = dict(value)
    return {str(key).lower(): v for key, v in value.items()} if isinstance(value, Mapping) else {}


def read_lines(source: Source, packing: Packing, intake: Intake) -> Iterator[Found]:
    """The pages of a JSON Lines file, of a part of it, or of the line that was asked for.

    A line that may hold a block is read; of the others only the outside is looked at: an object with a text. A bad
    line is counted. Raises SourceError for a file whose first object has no text column, and for one that is cut off.
    """
    with opened(source) as stream:
        if source.start:
            stream.seek(source.start)
        lines, inside = _Lines(source, intake), Cuttable(unpacked(stream, packing))
        for chunk in chunks(inside, None if source.stop is None else source.stop - source.start):
            yield from lines.pages(chunk)
            if lines.number == lines.only:
                return
    if inside.fault:
        raise SourceError(source.title, *inside.fault)
    if lines.only is not None:
        raise SourceError(source.name, f"there are only {lines.number} lines")
    if lines.number and not lines.checked:
        raise SourceError(source.title, "holds no line that is a JSON object", "write one object a line")


def split_lines(source: Source, size: int) -> Iterator[Source]:
    """A JSON Lines file that is not packed as parts of whole lines, each of about `size` bytes."""
    with opened(source) as stream:
        start = lines = 0
        while start < source.size:
            stop, count = start, 0
            while stop < start + size and (data := stream.read(min(_CHUNK, size))):
                stop, count = stop + len(data), count + data.count(b"\n")
            tail = stream.readline()
            yield part(source, start, stop + len(tail), stop + len(tail) - start, lines)
            start, lines = stop + len(tail), lines + count + tail.count(b"\n")


def chunks(stream: Cuttable, left: int | None) -> Iterator[bytes]:
    """A stream as chunks of whole lines, without more than `left` bytes of it. Of a line that is too long, _TOO_LONG
    takes the place; the piece of a line at which packed data breaks off is left out."""
    kept: list[bytes] = []
    length, too_long = 0, False
    while left != 0 and (data := stream.read(_CHUNK if left is None else min(_CHUNK, left))):
        left = None if left is None else left - len(data)
        cut = data.rfind(b"\n") + 1
        if cut:
            head = _TOO_LONG + data[data.find(b"\n") : cut] if too_long else b"".join(kept) + data[:cut]
            yield head
            kept, length, too_long = [], 0, False
        kept.append(data[cut:])
        length += len(kept[-1])
        if length > _MAX_LINE:
            kept, length, too_long = [], 0, True
    if not stream.fault and (length or too_long):
        yield _TOO_LONG if too_long else b"".join(kept)


class _Lines:
    """The lines of one file on their way to pages.

    number   of the last line read, from 1
    only     the number of the one line that was asked for
    keys     the beginnings of a text, as JSON spells them; key: the one that was met last
    checked  the file is known to have a text column
    """

    def __init__(self, source: Source, intake: Intake) -> None:
        self.source, self.intake = source, intake
        self.number, self.only = source.line, source.number()
        self.read = 0
        self.columns = (intake.text_column,) if intake.text_column else TEXTS
        self.keys = tuple(
            f'{json.dumps(c, ensure_ascii=False)}:{s}"'.encode() for c in self.columns for s in (" ", "")
        )
        self.key = self.keys[0]
        self.checked = source.start > 0
        self.wanted = intake.wanted if self.only is None else None

    def pages(self, chunk: bytes) -> Iterator[Found]:
        """The wanted pages in some whole lines."""
        # One search decides on most chunks.
        unwanted = (
            self.wanted is not None and self.checked and not _is_escaped(chunk) and not self.wanted(chunk)
        )
        passed = 0
        for line in chunk.removesuffix(b"\n").split(b"\n"):
            self.number += 1
            if unwanted and line[:1] == b"{" and line[-1:] == b"}" and self.key in line:
                passed += 1
            elif self.only in (None, self.number) and not self._is_passed(line, unwanted):
                yield from self._found(line)
            if self.number == self.only:
                break
        self.intake.pages += passed
        self.read += len(chunk)
        self.intake.on_tick(self.read)

    def _is_passed(self, line: bytes, unwanted: bool) -> bool:
        """Blank, or a text in which nothing is wanted."""
        if not line or line.isspace():
            return True
        if self.wanted is None or not self.checked or not self._has_text(line):
            return False
        passed = unwanted or not (_is_escaped(line) or self.wanted(line))
        self.intake.pages += passed
        return passed

    def _has_text(self, line: bytes) -> bool:
        """Looks like an object with a text, from outside."""
        if line[:1] != b"{" or line[-1:] not in b"}\r":
            return False
        self.key = next((key for key in self.keys if key in line), self.key)
        return self.key in line

    def _found(self, line: bytes) -> Iterator[Found]:
        try:
            found = self._page(line, f"{self.source.title}#{self.number}")
        except Skipped as error:
            if self.only is not None:
                raise
            self.intake.on_skip(error)
        else:
            self.intake.pages += 1
            if found is not None:
                yield Found(found)

    def _page(self, line: bytes, name: str) -> Page | None:
        """The page in a line, if it is wanted. Raises Skipped for a line that is none."""
        row, damaged = _parsed(line, name)
        if not self.checked:
            text_column(self.source.title, row, self.intake.text_column)
            self.checked = True
        text = next((row[column] for column in self.columns if isinstance(row.get(column), str)), None)
        if text is None:
            raise Skipped(name, "has no text in " + " or ".join(self.columns))
        if self.wanted is not None and not self.wanted(text.encode("utf-8", "replace")):
            return None
        try:
            return page(row, text, name, self.intake, damaged)
        except SourceError as error:
            raise Skipped(error.subject, error.reason, error.remedy) from error


def _is_escaped(data: bytes) -> bool:
    """What is searched for may be spelt otherwise: `\\ube44`, `\\/`."""
    return _ESCAPES.search(data) is not None


def _parsed(line: bytes, name: str) -> tuple[dict[str, Any], bool]:
    """The object in a line, and whether bytes of it had to be replaced. Raises Skipped if there is none."""
    if line == _TOO_LONG:
        raise Skipped(name, f"a line of more than {_MAX_LINE >> 20} MB")
    try:
        text, damaged = encoding.decode(line, "utf-8")
        row = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise Skipped(name, "is not valid JSON") from error
    if not isinstance(row, dict):
        raise Skipped(name, "is JSON of another type, not an object")
    return row, damaged
