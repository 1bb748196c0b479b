"""Records of WARC 1.1, each packed by itself: what a file of them is put together of."""

from __future__ import annotations

import io
import re
import zlib
from base64 import b32encode
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from hashlib import sha1
from typing import BinaryIO, NamedTuple
from uuid import uuid4

LEVEL = 6  # of gzip: on pages, 9 takes twice the time and saves nothing
IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
UNMODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
INDEX_DIGEST = "WARC-X-Index-Digest"  # what the archive's index calls the payload: by that it is known again
_STEP = 1 << 20
MOST = 160 << 20  # bytes of a record unpacked: what we write has less than half of that
_BREAKS = re.compile(r"[\r\n\0]+")
Fields = Iterable[tuple[str, str]]


class Member(NamedTuple):
    """A packed record in a file: where it starts, how many bytes it has, and the record unpacked."""

    offset: int
    length: int
    record: bytes


def packed(
    kind: str, when: datetime, fields: Fields, block: bytes, payload: bytes | None = None, name: str = ""
) -> bytes:
    """One record, packed.

    kind     WARC-Type
    when     its WARC-Date, in whole seconds: replays know no fractions, and the same capture must be one snapshot
    fields   of its head, besides those that every record has
    payload  what WARC-Payload-Digest is of; None for a record without one
    name     its id, where another record shall refer to it; else one is made
    """
    from fastwarc.stream_io import GzipWriter
    from fastwarc.warc import WarcRecord, WarcRecordType

    record = WarcRecord()
    record.init_headers(record_type=getattr(WarcRecordType, kind), record_urn=(name or new_name()).encode())
    record.headers["WARC-Date"] = when.strftime("%Y-%m-%dT%H:%M:%SZ")
    for name, value in fields:
        record.headers.append(name, _BREAKS.sub(" ", value))
    record.set_bytes_content(block)
    into = io.BytesIO()
    writer = GzipWriter(into, compression_level=LEVEL)
    record.write(
        writer, checksum_data=True, payload_digest=None if payload is None else sha1(payload).digest()
    )
    writer.finish()  # else the gzip member has no end
    return into.getvalue()


def new_name() -> str:
    """An id for a record."""
    return uuid4().urn.removeprefix("urn:")


def digest_of(payload: bytes) -> str:
    """`sha1:…`, as the records write it."""
    return f"sha1:{b32encode(sha1(payload).digest()).decode()}"


def head_of(status_line: str, fields: Sequence[tuple[bytes, bytes]]) -> bytes:
    """An HTTP head, with the empty line that ends it."""
    lines = b"".join(b"%s: %s\r\n" % field for field in fields)
    return status_line.encode("latin-1", "replace") + b"\r\n" + lines + b"\r\n"


def members(file: BinaryIO, start: int = 0) -> Iterator[Member]:
    """The packed records of a file from an offset on, as long as they are whole and no longer than MOST.
    What is behind the last is no record."""
    file.seek(start)
    data, offset = file.read(_STEP), start
    while data:
        unpacker, parts, used, room = zlib.decompressobj(31), list[bytes](), 0, MOST
        try:
            while data:
                parts.append(unpacker.decompress(data, room))
                used, room = used + len(data), room - len(parts[-1])
                if unpacker.unconsumed_tail or room <= 0:
                    return
                if unpacker.eof:
                    break
                data = file.read(_STEP)
        except zlib.error:
            return
        if not unpacker.eof:
            return
        rest = unpacker.unused_data
        length = used - len(rest)
        yield Member(offset, length, b"".join(parts))
        offset += length
        data = rest or file.read(_STEP)
        if len(data) < 18:  # shorter than the shortest gzip member: there may be more
            data += file.read(_STEP)


def fields_of(record: bytes) -> tuple[dict[str, str], bytes]:
    """A record unpacked -> the fields of its head, names in lower case, and its block."""
    head, _, block = record.partition(b"\r\n\r\n")
    fields: dict[str, str] = {}
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        fields[name.decode("latin-1").strip().lower()] = value.decode("utf-8", "replace").strip()
    size = fields.get("content-length", "")
    return fields, block[: int(size)] if size.isdecimal() else block
