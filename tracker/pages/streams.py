"""Streams of bytes: what is packed inside another, what breaks off, what is looked at before it is read, what is bounded."""

from __future__ import annotations

import io
import os
import zlib
from typing import BinaryIO, Literal, cast

from ..errors import SourceError

Bytes = io.BufferedIOBase  # a stream of bytes: a file, what is packed in one, a member of a bundle
Packing = Literal["", "gzip", "zstd", "bzip2", "xz"]
FOLDED: tuple[Packing, ...] = (
    "bzip2",
    "xz",
)  # in blocks that are too large to find a record in: read in order only

HEAD = 64 << 10  # bytes looked at to tell the kind: the first record of a packed archive lies well within
# A bundle may unfold to so many times its size. Pages pack to a tenth, a folder of one page's copies to a hundredth;
# a hostile kilobyte unfolds to a thousand. Below the floor any ratio is harmless.
MAX_RATIO = 200
FLOOR = 1 << 30
CUT_OFF = ("cut off: its packed data breaks off", "fetch it again")
DAMAGED = ("its packed data is damaged: what was read last from it may be wrong", "fetch it again")
_PIECE = 1 << 20  # bytes unpacked at a time


def peek(stream: Bytes) -> tuple[bytes, Bytes]:
    """The first bytes of a stream, HEAD of them if there are as many, and a stream that still holds them."""
    head = stream.read(HEAD)
    if stream.seekable():
        stream.seek(-len(head), os.SEEK_CUR)
        return head, stream
    return head, io.BufferedReader(Rejoined(head, stream))


class Rejoined(io.RawIOBase):
    """Bytes that were read from a stream, and then the rest of it."""

    def __init__(self, head: bytes, rest: Bytes) -> None:
        self._head, self._rest, self._at = memoryview(head), rest, 0

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = bytes(self._head[: len(buffer)])
        self._head = self._head[len(buffer) :]
        data += self._rest.read(len(buffer) - len(data))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def unpacked(stream: Bytes, packing: Packing, dictionary: bytes | None = None) -> Bytes:
    """A stream of what is packed inside another, a zstd one by its dictionary if it has one."""
    if packing == "gzip":
        import gzip

        return gzip.GzipFile(fileobj=stream, mode="rb")
    if packing == "zstd":
        return _Zstd(stream, dictionary)
    if packing == "bzip2":
        import bz2

        return io.BufferedReader(Member(bz2.BZ2File(stream), ()), HEAD)
    if packing == "xz":
        import lzma

        return io.BufferedReader(Member(lzma.LZMAFile(cast(BinaryIO, stream)), (lzma.LZMAError,)), HEAD)
    return stream


class _Zstd(io.BufferedIOBase):
    """FastWARC's zstd reader in the clothes of a Python stream; it unpacks no more than is asked for."""

    def __init__(self, stream: Bytes, dictionary: bytes | None) -> None:
        from fastwarc.stream_io import ZstdReader

        self._reader = ZstdReader(stream, dictionary=dictionary)
        self._count = 0

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._count

    def read(self, size: int | None = -1) -> bytes:
        try:
            data = self._reader.read() if size is None or size < 0 else self._reader.read(size)
        except OSError as error:
            if "incomplete" in str(error):
                raise EOFError(str(error)) from error
            raise
        self._count += len(data)
        return data

    def read1(self, size: int = -1) -> bytes:
        return self.read(size)


class Interrupted(OSError):
    """What comes over a network broke off; the text is the reason."""


class Cuttable(io.BufferedIOBase):
    """A stream that ends where its packed data breaks off or is damaged, and then says so.

    fault   what is wrong with the data: reason and remedy; None as long as nothing is
    """

    def __init__(self, stream: Bytes) -> None:
        self._stream = stream
        self.fault: tuple[str, str] | None = None

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._stream.tell()

    def read(self, size: int | None = -1) -> bytes:
        parts: list[bytes] = []
        left = float("inf") if size is None or size < 0 else size
        try:
            while left > 0 and (data := self._stream.read1(int(min(left, _PIECE)))):
                parts.append(data)
                left -= len(data)
        except EOFError:
            self.fault = CUT_OFF
        except Interrupted as error:
            self.fault = (str(error), "try later")
        except (OSError, zlib.error):
            self.fault = DAMAGED
        return b"".join(parts)


class Member(io.RawIOBase):
    """A member of a bundle, to be read once and in order. What its bundle raises becomes an OSError."""

    def __init__(self, stream: Bytes, errors: tuple[type[Exception], ...]) -> None:
        self._stream, self._errors, self._at = stream, errors, 0

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self._stream.read(len(buffer))
        except self._errors as error:
            raise OSError(f"is damaged: {error}") from error
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


class Budget:
    """How much a bundle, and what is in it, may unfold to. `name` is the outermost bundle's."""

    def __init__(self, name: str, size: int) -> None:
        self.name, self.left = name, max(FLOOR, MAX_RATIO * size)

    def spend(self, count: int) -> None:
        """Raises Unfolds when it is used up."""
        self.left -= count
        if self.left < 0:
            reason = f"refused: it unfolds to more than {MAX_RATIO} times its size"
            raise Unfolds(self.name, reason, "unpack it yourself if you trust it")


class Unfolds(SourceError):
    """A bundle unfolds without end: the whole of it is refused."""
