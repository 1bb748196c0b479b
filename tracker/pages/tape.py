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
from pathlib import Path
from typing import Any

from .source import MAX_PAGE, Bytes, Cuttable, Packing, Rejoined, unpacked

_STEP = 4 << 20  # bytes looked through at a time
_BEGINNING = (
    256 << 10
)  # packed bytes that hold the beginning of any record: a zstd block is at most half as large
_CANDIDATES = 100_000  # places looked at for the next record: more are made on purpose
_PLAIN = re.compile(rb"(?<=\n)WARC/[01]\.\d{1,2}\r?\n")
_MAGIC = {"gzip": re.compile(rb"\x1f\x8b\x08"), "zstd": re.compile(rb"\x28\xb5\x2f\xfd")}
_DICTIONARY = b"\x5d\x2a\x4d\x18"
_LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,18})[ \t\r]*$", re.IGNORECASE | re.MULTILINE)
_MAX_HEADER = 64 << 10


@dataclass(frozen=True)
class Tape:
    """One WARC file. Its methods raise OSError, EOFError or zlib.error as the file gives cause."""

    path: str
    packing: Packing

    @cached_property
    def whole(self) -> bool:
        """Packed as a whole: its records have no place of their own in the file."""
        return bool(self.packing) and not self._packed_singly()

    def _packed_singly(self) -> bool:
        """By its first records: each starts where a packed piece does, no two at the same one."""
        from fastwarc.warc import ArchiveIterator

        places: list[int] = []
        try:
            for record in ArchiveIterator(self.path, parse_http=False, quirks_mode=self.lenient):
                places.append(record.stream_pos)
                if len(places) == 3:
                    break
        except OSError:
            return True
        return len(set(places)) == len(places) and all(self._starts(self._at(place)) for place in places[1:])

    def _at(self, offset: int) -> bytes:
        with self._file(offset) as stream:
            return stream.read(_BEGINNING)

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
            yield self.path, 0
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
    def _file(self, offset: int) -> Iterator[Bytes]:
        with Path(self.path).open("rb") as stream:
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

    def is_sound(self, offset: int) -> bool:
        """The record here is whole and as long as it says: an empty line ends it and no other record lies in it."""
        try:
            with self.unpacked(offset) as stream:
                size, content = _content(stream)
        except (OSError, EOFError, zlib.error):
            return False
        if size is None or len(content) < size or content[size:].strip(b"\r\n"):
            return False
        return b"\r\n\r\nWARC/1." not in content[:size]

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

    def is_cut_off(self, offset: int) -> bool:
        """The packed data breaks off behind the record here. FastWARC does not say so of gzip."""
        try:
            with self.unpacked(offset) as stream:
                while stream.read(_STEP):
                    pass
        except EOFError:
            return True
        except (OSError, zlib.error):
            return False
        return False


def _content(stream: Bytes) -> tuple[int | None, bytes]:
    """What a record's header says of its length, and what stands behind the header: so much and four bytes more, if
    they are there. Takes no byte more than that: what lies behind may be damaged. None without a length."""
    head = bytearray()
    while not head.endswith((b"\n\r\n", b"\n\n")) and len(head) < _MAX_HEADER and (byte := stream.read(1)):
        head += byte
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
