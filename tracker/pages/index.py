"""A WARC file on this machine as a tape: where its records start, also behind damage; nothing of what they say.

Records are found by their offset in the file where each is packed by itself, as the WARC standard wants it. Where a
file was packed as a whole, its offsets are those of the unpacked stream.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, Protocol

from .source import MAX_PAGE, Source, part, plain
from .streams import CUT_OFF, DAMAGED, Bytes, Cuttable, Packing, Rejoined, unpacked

_STEP = 4 << 20  # bytes looked through at a time
_BEGINNING = 256 << 10  # packed bytes that hold a record's beginning: a zstd block is at most half as large
_CANDIDATES = 100_000  # places looked at for the next record: more are made on purpose
_PLAIN = re.compile(rb"(?<=\n)WARC/[01]\.\d{1,2}\r?\n")
_MAGIC = {"gzip": re.compile(rb"\x1f\x8b\x08"), "zstd": re.compile(rb"\x28\xb5\x2f\xfd")}
_DICTIONARY = b"\x5d\x2a\x4d\x18"
_LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,18})[ \t\r]*$", re.IGNORECASE | re.MULTILINE)
_MAX_HEADER = 64 << 10


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class Tape:
    """One WARC file. Its methods raise OSError, EOFError or zlib.error as the file gives cause."""

    source: Source
    packing: Packing

    @cached_property
    def whole(self) -> bool:
        """Packed as a whole: its records have no place of their own in the file."""
        return bool(self.packing) and not self._packed_singly()

    def _packed_singly(self) -> bool:
        """By the first record: it lies in one packed piece, and behind it begins another."""
        from fastwarc.stream_io import GzipReader, ZstdReader

        try:
            with self._file(0) as stream:
                gzip = self.packing == "gzip"
                reader = GzipReader(stream) if gzip else ZstdReader(stream, dictionary=self._dictionary)
                reader.read(1)
                begin = reader.frame_start_position()
                size, _ = _content(reader)
                end = reader.frame_start_position()
                more = reader.read(1)
                return size is None or begin == end != reader.frame_start_position() or not more
        except (OSError, EOFError, zlib.error):
            return True

    @cached_property
    def lenient(self) -> bool:
        """Its header lines end without a carriage return. FastWARC then passes damage over without a word."""
        try:
            with self._file(0) as stream:
                line, newline, _ = unpacked(stream, self.packing, self._dictionary).read(12).partition(b"\n")
                return line.startswith(b"WARC/") and bool(newline) and not line.endswith(b"\r")
        except (OSError, EOFError, zlib.error):
            return False

    @cached_property
    def _dictionary_frame(self) -> bytes:
        """The first frame of a zstd WARC if it carries a dictionary."""
        with self._file(0) as stream:
            head = stream.read(8)
            return (
                head + stream.read(int.from_bytes(head[4:], "little"))
                if head.startswith(_DICTIONARY)
                else b""
            )

    @cached_property
    def _dictionary(self) -> bytes | None:
        """The dictionary, which may be packed itself."""
        data = self._dictionary_frame[8:]
        return (
            unpacked(io.BytesIO(data), "zstd").read()
            if data.startswith(b"\x28\xb5\x2f\xfd")
            else data or None
        )

    @contextmanager
    def reader(self, offset: int) -> Iterator[tuple[Any, int]]:
        """What FastWARC takes to read from a record on, and what to add to the offsets it then gives.

        For the first record that is the path: it is fastest. A dictionary is only seen at a stream's very beginning.
        """
        if self.whole:
            with self.unpacked(offset) as stream:
                yield Cuttable(stream), 0
        elif offset == 0:
            with self._beginning() as reader:
                yield reader, 0
        else:
            with self._file(offset) as stream:
                frame = self._dictionary_frame if self.packing == "zstd" else b""
                yield (Rejoined(frame, stream), offset - len(frame)) if frame else (stream, 0)

    @contextmanager
    def unpacked(self, offset: int) -> Iterator[Bytes]:
        """The unpacked bytes from a record on."""
        with self._file(0 if self.whole else offset) as stream:
            inside = unpacked(stream, self.packing, self._dictionary)
            if self.whole:
                _pass_over(inside, offset)
            yield inside

    @contextmanager
    def _beginning(self) -> Iterator[Any]:
        """The path, or where there is none a stream."""
        if self.source.is_file:
            yield self.source.path
        else:
            with self._file(0) as stream:
                yield stream

    @contextmanager
    def _file(self, offset: int) -> Iterator[Bytes]:
        with plain(self.source) as stream:
            stream.seek(offset)
            yield stream

    @contextmanager
    def _from(self, offset: int) -> Iterator[Bytes]:
        """The bytes that offsets count."""
        with self.unpacked(offset) if self.whole else self._file(offset) as stream:
            yield stream

    def next_record(self, after: int) -> int | None:
        """Where the first record behind an offset starts; None if there is none."""
        pattern = _PLAIN if self.whole or not self.packing else _MAGIC[self.packing]
        with self._from(after) as stream:
            for at, data in islice(_matches(stream, pattern, after), _CANDIDATES):
                if pattern is _PLAIN or self._starts(data):
                    return at
        return None

    def _starts(self, data: bytes) -> bool:
        """These packed bytes begin with a piece that unpacks to a record."""
        try:
            if self.packing == "gzip":
                return zlib.decompressobj(31).decompress(data[:4096], 16).startswith(b"WARC/")
            return unpacked(io.BytesIO(data), "zstd", self._dictionary).read(5) == b"WARC/"
        except (OSError, EOFError, zlib.error):
            return False

    def parts(self, size: int) -> Iterator[Source]:
        """The file as parts of about `size` bytes, each from the beginning of a record. Whether it is one, and not
        something that only looks like it, shows when the part before ends there."""
        start, end = self.source.start, self.source.size
        while not self.whole and start + size + size // 2 < end and (stop := self.next_record(start + size)):
            yield part(self.source, start, stop, stop - start)
            start = stop
        yield part(self.source, start, None, end - start) if start else self.source

    def last_record(self, offset: int) -> int:
        """Where the last record starts that can be read from a record on, of whatever type."""
        from fastwarc.warc import ArchiveIterator

        try:
            with self.reader(offset) as (reader, base):
                for record in ArchiveIterator(reader, parse_http=False, quirks_mode=self.lenient):
                    offset = base + record.stream_pos
        except OSError:
            pass  # it is found damaged where this is asked for
        return offset

    def is_sound(self, offset: int, empty: bool = False) -> bool:
        """The record here is whole and as long as it says: an empty line ends it and no other record lies in it.

        empty: FastWARC found it without content; then it must say so.
        """
        try:
            with self.unpacked(offset) as stream:
                size, content = _content(stream)
        except (OSError, EOFError, zlib.error):
            return False
        if size is None or (empty and size) or len(content) < size or content[size:].strip(b"\r\n"):
            return False
        return b"\r\n\r\nWARC/1." not in content[:size]

    def is_clipped(self, offset: int) -> bool:
        """The record here is one byte longer than it says, and that byte closes markup: no figure or word loses by it."""
        try:
            with self.unpacked(offset) as stream:
                size, content = _content(stream)
        except (OSError, EOFError, zlib.error):
            return False
        return size is not None and content[size:] == b">\r\n\r" and b"\r\n\r\nWARC/1." not in content[:size]

    def ends_with(self, offset: int) -> bool:
        """Behind the record here is nothing but padding: zeros and line ends."""
        try:
            with self.unpacked(offset) as stream:
                size, content = _content(stream)
                while size is not None and not content[size:].strip(b"\r\n\0"):
                    size, content = 0, stream.read(_STEP)
                    if not content:
                        return True
        except (OSError, EOFError, zlib.error):
            pass
        return False

    def fault(self, offset: int) -> tuple[str, str] | None:
        """What is wrong with the packed data from a record on to the end of the file: reason and remedy."""
        try:
            with self.unpacked(offset) as stream:
                while stream.read(_STEP):
                    pass
        except EOFError:
            return CUT_OFF
        except (OSError, zlib.error):
            return DAMAGED
        return None


def _content(stream: _Readable) -> tuple[int | None, bytes]:
    """What a record's header says of its length, and what stands behind the header: so much and four bytes more, if
    they are there. Takes no byte more than that: what lies behind may be damaged. None without a length."""
    head, line = bytearray(), 0
    while len(head) < _MAX_HEADER and (byte := stream.read(1)):
        head += byte
        if byte == b"\n":
            if not head[line:].strip() or (line and b":" not in head[line:]):
                break  # the empty line that ends a header, or a line that is not of one
            line = len(head)
    length = _LENGTH.search(head)
    if length is None or (size := int(length[1])) > MAX_PAGE:
        return None, b""
    return size, stream.read(size + 4)


def _pass_over(stream: Bytes, count: int) -> None:
    """Go forward, by seeking where that works."""
    if stream.seekable():
        stream.seek(count)
        return
    while count > 0 and (data := stream.read(min(count, _STEP))):
        count -= len(data)


def _matches(stream: Bytes, pattern: re.Pattern[bytes], offset: int) -> Iterator[tuple[int, bytes]]:
    """Where a pattern stands behind the first byte of a stream, which is at `offset`, and what begins there."""
    window = stream.read(_STEP)
    while window:
        more = stream.read(_STEP)
        limit = max(1, len(window) - _BEGINNING) if more else len(window)
        for match in pattern.finditer(window, 1):
            if match.start() < limit:
                yield offset + match.start(), window[match.start() : match.start() + _BEGINNING]
        window = window[limit - 1 :] + more if more else b""  # one byte is looked back at
        offset += limit - 1
