"""An HTTP response as an archive holds it: its head, and its body without chunks and compression."""

from __future__ import annotations

import io
import re
import zlib
from dataclasses import dataclass

from .source import MAX_PAGE

_FIELD = re.compile(
    rb"^(content-type|content-encoding|transfer-encoding|memento-datetime):[ \t]*(.*?)[ \t\r]*$", re.I | re.M
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_TEXTUAL = re.compile(r"text/|[\w/.+-]*(?:html|xml|json|javascript)\b", re.IGNORECASE)
_TEXTS = (b"text/html", b"text/plain", b"application/xhtml")
_READ = (b"utf-8", b"euc-kr", b"ks_c", b"iso-8859-1", b"windows-1252")
_MARKS = (b"\xff", b"\xfe", b"\x00")  # a byte order mark of UTF-16 or 32 begins so
GZIP = b"\x1f\x8b\x08"
_HEAD_END = re.compile(rb"\r?\n\r?\n")
MAX_HEAD = 64 << 10


class BadBody(ValueError):
    """A body that cannot be had; the text is the reason."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a response's head says, as far as it matters here."""

    media_type: str = ""
    codings: tuple[str, ...] = ()
    chunked: bool = False
    memento: str | None = None

    @property
    def charset(self) -> str | None:
        """The charset of the content type."""
        found = _CHARSET.search(self.media_type)
        return found[1] if found else None

    @property
    def is_markup(self) -> bool | None:
        """True for HTML, False for plain text, None to see for itself."""
        kind = self.media_type.partition(";")[0].strip().lower()
        return True if "html" in kind else False if kind == "text/plain" else None

    @property
    def is_text(self) -> bool:
        """Not declared as a picture, a font or the like."""
        return not self.media_type or _TEXTUAL.match(self.media_type) is not None


def split(raw: bytes) -> tuple[Head, int]:
    """The head of a response, and where its body begins; (an empty head, 0) if there is no head."""
    if not raw.startswith(b"HTTP/"):
        return Head(), 0
    end = _HEAD_END.search(raw, 0, MAX_HEAD)
    if end is None:
        return Head(), 0
    fields: dict[bytes, str] = {}
    for name, value in _FIELD.findall(raw[: end.start()]):
        text = value.decode("latin-1")
        fields[name.lower()] = f"{fields[name.lower()]}, {text}" if name.lower() in fields else text
    codings = tuple(c.strip().lower() for c in fields.get(b"content-encoding", "").split(",") if c.strip())
    transfer = fields.get(b"transfer-encoding", "").lower()
    return Head(
        fields.get(b"content-type", ""), codings, "chunked" in transfer, fields.get(b"memento-datetime")
    ), end.end()


def lies_open(raw: bytes) -> bool:
    """A response with a body that a search reads as it stands: text, not packed, in UTF-8 or one of its like.

    False only means that one must look closer. Every page of a crawl passes here: it costs a microsecond.
    """
    end = raw.find(b"\r\n\r\n", 0, MAX_HEAD)
    head = raw[: max(end, 0)].lower()
    kind = head[head.find(b"\ncontent-type:") + 14 :].lstrip()
    if end + 4 == len(raw) or not kind.startswith(_TEXTS) or raw.startswith(GZIP, end + 4):
        return False
    if b"\ncontent-encoding:" in head or b"\ntransfer-encoding:" in head:
        return False
    at, label = head.find(b"charset=", len(head) - len(kind)), head
    if at < 0:
        label = raw[end : end + 2048].lower()
        at = label.find(b"charset=")
        if at < 0:
            return raw[end + 4 : end + 5] not in _MARKS and b"encoding=" not in label
    return label[at + 8 : at + 24].lstrip(b" \"'").startswith(_READ)


def is_searched(raw: bytes) -> bool:
    """A record's content that a search reads as it stands: one without a head and not packed, or one that lies open."""
    return lies_open(raw) if raw.startswith(b"HTTP/") else not raw.startswith(GZIP)


def body(raw: bytes, head: Head, start: int) -> bytes:
    """The body of a response, or of a record without a head. A coding that was declared and not applied is passed
    over, and a gzip that nobody declared is undone; crawlers store such bodies.

    Raises BadBody for one that breaks off, unfolds without end, or is coded in a way nobody knows.
    """
    data = raw[start:]
    if head.chunked:
        data = _dechunked(data)
    for coding in reversed(head.codings):
        data = _decoded(data, coding)
    return _decoded(data, "gzip") if data.startswith(GZIP) else data


def _dechunked(data: bytes) -> bytes:
    """A chunked body put together; as it is if it is not chunked."""
    parts: list[bytes] = []
    at = 0
    while (line_end := data.find(b"\n", at, at + 1024)) >= 0:
        size = data[at:line_end].partition(b";")[0].strip()
        if not re.fullmatch(rb"[0-9a-fA-F]{1,8}", size):
            break
        if (length := int(size, 16)) == 0:
            return b"".join(parts)
        at = line_end + 1 + length
        if at > len(data):
            raise BadBody("a chunked body that breaks off")
        parts.append(data[at - length : at])
        at += 2 if data.startswith(b"\r\n", at) else 1
    if parts:
        raise BadBody("a chunked body that breaks off")
    return data


def _decoded(data: bytes, coding: str) -> bytes:
    """One content coding undone."""
    if coding in ("gzip", "x-gzip"):
        return _inflated(data, 31, coding) if data.startswith(b"\x1f\x8b") else data
    if coding == "deflate":
        return _deflated(data)
    if coding in ("br", "zstd"):
        return _by_fastwarc(data, coding)
    if coding in ("compress", "x-compress", "dcb", "dcz", "sdch"):
        raise BadBody(f"a body coded as {coding}, which is not read")
    return data


def _deflated(data: bytes) -> bytes:
    """`deflate` means zlib, some servers send it bare, some not at all."""
    for bits in (15, -15):
        try:
            return _inflated(data, bits, "deflate")
        except BadBody:
            continue
    if _is_plain(data):
        return data
    raise BadBody("a deflate body that breaks off")


def _inflated(data: bytes, bits: int, coding: str) -> bytes:
    parts: list[bytes] = []
    room = MAX_PAGE
    while data:
        unpacker = zlib.decompressobj(bits)
        try:
            parts.append(unpacker.decompress(data, room))
        except zlib.error as error:
            raise BadBody(f"a {coding} body that is damaged") from error
        room -= len(parts[-1])
        if unpacker.unconsumed_tail or room <= 0:
            raise BadBody(f"a body that unfolds to more than {MAX_PAGE >> 20} MB")
        if not unpacker.eof:
            raise BadBody(f"a {coding} body that breaks off")
        data = unpacker.unused_data if unpacker.unused_data.startswith(b"\x1f\x8b") else b""
    return b"".join(parts)


def _by_fastwarc(data: bytes, coding: str) -> bytes:
    from fastwarc.stream_io import BrotliReader, ZstdReader

    reader = (BrotliReader if coding == "br" else ZstdReader)(io.BytesIO(data))
    try:
        unpacked = reader.read(MAX_PAGE + 1)
    except OSError as error:
        if _is_plain(data):
            return data
        raise BadBody(f"a {coding} body that is damaged") from error
    if len(unpacked) > MAX_PAGE:
        raise BadBody(f"a body that unfolds to more than {MAX_PAGE >> 20} MB")
    return unpacked


def _is_plain(data: bytes) -> bool:
    """Starts as text does: no control character but white space in the first kilobyte."""
    return re.search(rb"[\x00-\x08\x0e-\x1f]", data[:1024]) is None
