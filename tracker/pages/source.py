"""What is read: a source, its kind by its first bytes, its bytes as a stream, and how the reading goes.

A source is a file, an address, standard input, or a member of a bundle. `crawl.warc.gz#1063` names one record of it:
a WARC record by its offset, a JSON line or a Parquet row by its number from 1, a member of a bundle by its name.
"""

from __future__ import annotations

import io
import re
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast

from ..clock.stamps import Told
from ..errors import Skipped, SourceError
from ..model import Page
from .streams import CUT_OFF, Budget, Bytes, Interrupted, Packing, unpacked

if TYPE_CHECKING:
    from .http import Head

Kind = Literal["document", "warc", "jsonl", "parquet", "zip", "tar", "mhtml", "har", "csv", "json"]

MAX_PAGE = 64 << 20  # bytes of one page; the largest real ones, with their pictures inside, stay below 50 MB
STANDARD_INPUT = "-"

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_GROWING = re.compile(r"(\.warc(?:\.gz|\.zst)?)\.open$")  # as crawlers call a file that they write
_WEB = re.compile(r"https?://", re.IGNORECASE)
_MAGIC: tuple[tuple[bytes, Packing], ...] = (
    (b"\x1f\x8b\x08", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\x5d\x2a\x4d\x18", "zstd"),  # the frame that carries a zstd WARC's dictionary
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
)
_PACKED_ENDINGS = (".gz", ".zst", ".bz2", ".xz")
_WARC_ENDINGS = (".warc", ".wet")
_JSON_ENDINGS = (".jsonl", ".ndjson", ".json")

_MAIL = re.compile(rb"[a-z-]+: ")
_HAR = re.compile(rb'\s*\{\s*"log"\s*:\s*\{\s*"(?:version|creator|browser|pages|entries)"\s*:')
_UNREAD: tuple[tuple[re.Pattern[bytes], str, str], ...] = (
    (
        re.compile(rb"filedesc://\S+ \S+ \d{14} \S+ \d+\r?\n"),
        "is an ARC file, as archives were before WARC, and is not read",
        "make a WARC file of it: warcio recompress",
    ),
    (re.compile(rb"\x04\x22\x4d\x18"), "is packed by LZ4, which is not read", "unpack it: lz4 -d"),
    (
        re.compile(rb" CDX [\w ]{3,}\r?\n|!OpenWayback-CDXJ|[^\s,]+(?:,[^\s,)]+)+\)\S* \d{14} \{"),
        "is an index of archives, no page",
        "name the archives",
    ),
    (
        re.compile(
            rb"PK\x03\x04[\s\S]{26}(?:\[Content_Types\]\.xml|_rels/|docProps/|xl/|word/|ppt/|mimetypeapplication/vnd\.oasis)"
        ),
        "is an office document (XLSX, DOCX, ODS and the like), which is not read",
        "save its table as CSV, a store's export as CSV or Parquet",
    ),
)


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to read, or a part of it.

    path         as the user named it; pages carry it in their `source`
    record       the one record that was asked for, as it stands behind the `#`
    size         bytes, of a part its own; 0 if unknown
    start, stop  the part: bytes of a WARC or JSON Lines file, row groups of a Parquet file; stop None: to the end
    line         lines of a JSON Lines file before `start`
    stream       the bytes of a member of a bundle or of standard input: to be read once, in order
    depth        bundles around it
    budget       how much the bundle around it may still unfold to
    """

    path: str
    record: str = ""
    size: int = 0
    start: int = 0
    stop: int | None = None
    line: int = 0
    stream: Bytes | None = field(default=None, compare=False)
    depth: int = 0
    budget: Budget | None = field(default=None, compare=False)

    @property
    def title(self) -> str:
        """The path as it can be stored and shown: file names may hold bytes that are no text. An archive that grows is
        called as it will be when it is whole."""
        return _GROWING.sub(r"\1", self.path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")

    @property
    def name(self) -> str:
        """The title, and the record if one was asked for."""
        return f"{self.title}#{self.record}" if self.record else self.title

    @property
    def is_file(self) -> bool:
        """A file on this machine: it can be read anywhere, and twice."""
        return self.stream is None and self.path != STANDARD_INPUT and not is_address(self.path)

    def number(self) -> int | None:
        """The record as a number, None if none was asked for. Raises SourceError if it is no number."""
        if not self.record:
            return None
        if not re.fullmatch("[0-9]{1,18}", self.record):
            raise SourceError(self.name, "this is no number of a record", "take it from a row's source")
        return int(self.record)


class Limits(NamedTuple):
    """How many seconds to wait for a web server.

    connect  for a connection
    silence  for the next bytes
    whole    for a page in all, and for every 16 MB of an archive
    """

    connect: float = 10.0
    silence: float = 30.0
    whole: float = 300.0


LIMITS = Limits()


class Origin(NamedTuple):
    """Where a body of the web was had.

    url       its address, after redirects
    captured  when; aware, UTC
    head      what the answer says of the body
    size      bytes, 0 if the server does not say
    """

    url: str
    captured: datetime
    head: Head
    size: int

    def unpacked(self) -> Origin:
        """The same of what is packed in the body, of which the server says nothing."""
        return self._replace(head=type(self.head)(), size=0)


class Answered(io.BufferedReader):
    """The body of an answer, and its origin."""

    def __init__(self, raw: io.RawIOBase, origin: Origin) -> None:
        super().__init__(raw)
        self.origin = origin


class Found(NamedTuple):
    """A page, and the names under which a revisit record may refer to its payload."""

    page: Page
    keys: tuple[str, ...] = ()


Capture = tuple[str, datetime]  # the address and the time of a copy: what the store knows it by


class Revisit(NamedTuple):
    """A record without payload: what `keys` (the first that is known) named was served again.

    page     its address and time; the text is empty
    capture  the copy it refers to, if it says so by address and time
    """

    page: Page
    keys: tuple[str, ...]
    capture: Capture | None = None


def _ignore(_: object) -> None:
    """Nobody asked."""


@dataclass(slots=True)
class Intake:
    """How to read, and what has come of it.

    given        the time the user vouches for, for every page
    url          the address the user gives for documents
    text_column  the column of a corpus that holds the text
    tz           the zone of times in files' names that name none
    limits       how long to wait for a web server
    wanted       decides on a page's bytes before it is decoded; None takes every page. What it wants, it wants with
                 more bytes around it too: pages are searched by the dozen
    worth        decides on the bytes of one page that is wanted: whether it is worth reading
    on_skip      is told of each record, line or member left out
    on_export    takes an export of a store: its source, form and bytes (see own), which are packed so; None: nobody
    on_tick      is told now and then how many bytes of the source or part are read
    pages        pages met so far, wanted or not
    first, end   of a WARC part: where its first record starts, and the first one behind it; None for none
    """

    given: Told | None = None
    url: str | None = None
    text_column: str | None = None
    tz: str = "Asia/Seoul"
    limits: Limits = LIMITS
    wanted: Callable[[bytes], object] | None = None
    worth: Callable[[bytes], object] | None = None
    on_skip: Callable[[SourceError], object] = _ignore
    on_tick: Callable[[int], object] = _ignore
    on_export: Callable[[Source, Any, Bytes, Packing], object] | None = None
    pages: int = 0
    first: int | None = None
    end: int | None = None

    def bare(
        self, source: str, url: str | None, captured: datetime | None, published: datetime | None = None,
        flags: tuple[str, ...] = (),
    ) -> Page:  # fmt: skip
        """A page without its text: what its container knows of it, and what the user says."""
        at, day = self.given or (None, False)
        return Page("", source, url, captured, published, at, day, None, flags)

    def takes(self, page: bytes) -> bool:
        """Whether one page is wanted, and worth reading."""
        return all(asked is None or asked(page) for asked in (self.wanted, self.worth))

    def skip(self, subject: str, reason: str, remedy: str = "") -> None:
        """Leave one record out and say so."""
        self.on_skip(Skipped(subject, reason, remedy))


def is_address(path: str) -> bool:
    """`https://…`, `s3://…`: not a file of this machine."""
    return _ADDRESS.match(path) is not None


def is_web(path: str) -> bool:
    """`http://…`, `https://…`: an address as it stands, in which `?` and `*` are no pattern."""
    return _WEB.match(path) is not None


def locate(path: str) -> Source:
    """The source that a path names, its `#record` taken off. Raises SourceError if there is no such file."""
    if path == STANDARD_INPUT:
        return Source(path)
    if is_address(path):
        address, _, record = path.partition("#")
        if is_web(path):  # asked once, when it is read
            return Source(address, record)
        from .remote import size_of

        return Source(address, record, size_of(address))
    with named(Source(path)):
        for file, record in _readings(path):
            if Path(file).exists():
                return Source(file, record, Path(file).stat().st_size)
    raise SourceError(Source(path).title, "there is no such file", "check the path")


def _readings(path: str) -> Iterator[tuple[str, str]]:
    """A `#` may stand in a file's name, and in the record's; an archive may grow still, or be whole by now."""
    cut, record = len(path), ""
    while cut > 0:
        file = path[:cut]
        yield file, record
        yield _GROWING.sub(r"\1", file) if _GROWING.search(file) else f"{file}.open", record
        cut = path.rfind("#", 0, cut)
        record = path[cut + 1 :]


@contextmanager
def plain(source: Source, limits: Limits = LIMITS) -> Iterator[Bytes]:
    """The bytes of a source. Errors are the system's."""
    if source.stream is not None:
        yield source.stream
    elif source.path == STANDARD_INPUT:
        yield cast(Bytes, sys.stdin.buffer)
    elif is_web(source.path):
        from .web import open_web

        with open_web(source.path, limits) as stream:
            yield stream
    elif is_address(source.path):
        from .remote import open_remote

        with open_remote(source.path) as stream:
            yield stream
    else:
        with Path(source.path).open("rb") as stream:
            yield stream


@contextmanager
def named(source: Source) -> Iterator[None]:
    """What the system refuses inside becomes a SourceError with its reason."""
    try:
        yield
    except EOFError as error:
        raise SourceError(source.title, *CUT_OFF) from error
    except Interrupted as error:
        raise SourceError(source.title, str(error), "try later") from error
    except (OSError, zlib.error) as error:
        raise SourceError(source.title, reason_of(error)) from error


@contextmanager
def opened(source: Source, limits: Limits = LIMITS) -> Iterator[Bytes]:
    """The bytes of a source. What the system refuses, then or later, becomes a SourceError with its reason."""
    with named(source), plain(source, limits) as stream:
        yield stream


def reason_of(error: Exception) -> str:
    """The system's reason in plain words."""
    if isinstance(error, FileNotFoundError):
        return "there is no such file (any more)"
    if isinstance(error, PermissionError):
        return "this user may not read it"
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).rstrip(".")


def kind_of(head: bytes, path: str, column: str | None = None) -> tuple[Kind, Packing]:
    """What a source is by its first bytes, by its name where they leave it open, and how it is packed.

    column  the text column that was named, by which a CSV file is a corpus
    """
    from .rows import is_answer, is_csv, is_json

    packing = packing_of(head)
    name = (path.partition("?")[0] if is_web(path) else path).lower()
    name = name.removesuffix(next((e for e in _PACKED_ENDINGS if name.endswith(e)), ""))
    inside = _unpack_head(head, packing)
    if inside.startswith(b"WARC/") or name.endswith(_WARC_ENDINGS):
        return "warc", packing
    if inside[257:262] == b"ustar" or name.endswith((".tar", ".tgz")):
        return "tar", packing
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip", packing
    if inside.startswith(b"PAR1"):
        return "parquet", packing
    if _is_mhtml(inside):
        return "mhtml", packing
    if name.endswith(".har") or _HAR.match(inside):
        return "har", packing
    if name.endswith(".csv") and is_csv(inside, column):
        return "csv", packing
    if name.endswith(".json") and not column and is_answer(inside):
        return "document", packing
    if name.endswith(_JSON_ENDINGS) and is_json(inside):
        return "json", packing
    if name.endswith(_JSON_ENDINGS) or (not Path(name).suffix and _is_json_line(inside)):
        return "jsonl", packing
    return "document", packing


def _is_mhtml(head: bytes) -> bool:
    """A mail's head, which says that what follows belongs together."""
    fields = head.replace(b"\r\n", b"\n").partition(b"\n\n")[0].lower()
    return _MAIL.match(fields) is not None and b"\nmime-version:" in fields and b"multipart/related" in fields


def packing_of(head: bytes) -> Packing:
    """How a file is packed that begins so."""
    return next((packing for magic, packing in _MAGIC if head.startswith(magic)), "")


def inside_of(head: bytes) -> bytes:
    """The first bytes of a file, unpacked if they are packed."""
    return _unpack_head(head, packing_of(head))


def check_readable(inside: bytes, name: str) -> None:
    """Raises SourceError, by its name, for a file that is known by its first bytes and that is not read."""
    for known, reason, remedy in _UNREAD:
        if known.match(inside):
            raise SourceError(name, reason, remedy)


def _is_json_line(head: bytes) -> bool:
    """Starts with an object that fills a line, or one too long to see the end of."""
    line, newline, _ = head.lstrip().partition(b"\n")
    return re.match(rb'\{\s*"', line) is not None and (not newline or line.rstrip().endswith(b"}"))


def _unpack_head(head: bytes, packing: Packing) -> bytes:
    """The first bytes inside; empty where they cannot be had."""
    if not packing:
        return head
    try:
        return unpacked(io.BytesIO(head), packing).read(4096)
    except (OSError, EOFError, zlib.error):
        return b""


def part(source: Source, start: int, stop: int | None, size: int, line: int = 0) -> Source:
    """A part of a source; `size` bytes are its own."""
    return replace(source, start=start, stop=stop, size=size, line=line)
