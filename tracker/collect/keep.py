"""The WARC files of one site: records go in, each whole; a file is rolled, has its index beside it, and is gone on with.

A file that grows ends in `.open` and gets its name when the run ends. A kill at any moment leaves a file that every
reader opens; what the next run finds behind its last whole record is cut off, and said.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Self

from .. import __version__
from ..errors import OutputError
from . import cdxj, known
from .capture import Capture, stamped
from .known import OPEN, WARC, Place, bare, final, index_of
from .mend import locked, mended, sort_index
from .notes import Notes
from .record import IDENTICAL, INDEX_DIGEST, digest_of, fields_of, members, new_name, packed

ROLL = 1_000_000_000  # bytes of a file
_OWN = re.compile(r".+-\d{5,}-\d{14}\.warc\.gz")  # as `_fresh` calls them
_HTTP = "application/http; msgtype="


def utc_now() -> datetime:
    """Now, in whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


class Keep:
    """The files of one site, open for writing; `with` closes them.

    folder   data/warc/<site>: made if it is not there
    roll     bytes after which a new file is begun
    contact  who collects, for the record that says so in each file
    about    the command that is run, for the same
    on_say   is told of what was cut off
    written  bytes written so far

    Raises OutputError where nothing can be written, and where another run writes.
    """

    def __init__(
        self, folder: Path, *, roll: int = ROLL, contact: str | None = None, about: str = "",
        on_say: Callable[[str], object] = lambda line: None, now: Callable[[], datetime] = utc_now,
    ) -> None:  # fmt: skip
        self.folder, self.roll, self.contact, self.about, self.now = folder, roll, contact, about, now
        self.written = 0
        self._file: IO[bytes] | None = None
        self._path, self._index = folder, list[str]()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = locked(folder)
            for path in self._own():
                mended(path, on_say)
            self.known, self.notes = known.read(folder), Notes(folder)
        except OSError as error:
            raise _unwritable(folder, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def has(self, url: str, stamp: str) -> bool:
        """Whether a capture is kept, or was met and noted as one that is not."""
        return self.known.has(url, stamp) or self.notes.has(url, stamp)

    def response(
        self, url: str, when: datetime, head: bytes, body: bytes, *, request: bytes = b"", source: str = "",
        digest: str | None = None,
    ) -> str:  # fmt: skip
        """Keep an answer, and the request it is one to. Returns its place: `….warc.gz#OFFSET`.

        head, body  as HTTP has them, the body without chunks
        source      the archive's address it was had from
        digest      what the archive's index calls the payload
        """
        own, name = digest_of(body).removeprefix("sha1:"), new_name()
        fields = [("WARC-Target-URI", url), ("Content-Type", _HTTP + "response")]
        fields += [("WARC-Source-URI", source)] * bool(source)
        calls = bare(digest or own)
        fields += [(INDEX_DIGEST, calls)] * (calls != own)
        before = self._asked(url, when, request, name)
        record = packed("response", when, fields, head + body, body, name)
        return self._write(before, record)

    def revisit(
        self, url: str, when: datetime, of: Place, *, profile: str = IDENTICAL, digest: str | None = None,
        head: bytes = b"", request: bytes = b"",
    ) -> str:  # fmt: skip
        """Keep that a page was the same as the copy of it that is kept at `of`. Returns its place.

        digest  what the archive's index calls the payload
        """
        own = self.fields_at(of)[0].get("warc-payload-digest", "")
        fields = [("WARC-Target-URI", url), ("WARC-Profile", profile), ("WARC-Refers-To-Target-URI", url)]
        fields += [("WARC-Refers-To-Date", _iso(of.stamp))]
        fields += [("WARC-Payload-Digest", own)] * bool(own)
        fields += [(INDEX_DIGEST, bare(digest or ""))] * bool(digest and bare(digest) != bare(own))
        fields += [("Content-Type", _HTTP + "response")] * bool(head)
        name = new_name()
        before = self._asked(url, when, request, name)
        return self._write(before, packed("revisit", when, fields, head, None, name))

    def resource(self, url: str, when: datetime, media: str, data: bytes) -> str:
        """Keep what a page was after its scripts had run. Returns its place."""
        fields = [("WARC-Target-URI", url), ("Content-Type", media)]
        return self._write(b"", packed("resource", when, fields, data, data))

    def own(self, record: bytes) -> str:
        """Keep a record that an archive packed, its bytes as they are. Returns its place."""
        return self._write(b"", record)

    def note(self, capture: Capture, reason: str) -> None:
        """Note beside the files that a capture was met and is not kept."""
        self._noted(capture.url, capture.stamp, reason)

    def note_live(self, url: str, when: datetime, reason: str) -> None:
        """The same of a live page."""
        self._noted(url, stamped(when), reason)

    def _noted(self, url: str, stamp: str, reason: str) -> None:
        try:
            self.notes.add(self.now(), url, stamp, reason)
        except OSError as error:
            raise _unwritable(self.notes.path, error) from error

    def fields_at(self, place: Place) -> tuple[dict[str, str], bytes]:
        """The head of a record that is kept, and what stands behind it."""
        path = self.folder / place.file
        path = path if path.exists() else path.with_name(path.name + OPEN)
        with path.open("rb") as file:
            return fields_of(next(members(file, place.offset)).record)

    def close(self) -> None:
        """Give the file its name, and let others in."""
        self._finish()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _asked(self, url: str, when: datetime, request: bytes, name: str) -> bytes:
        """The record of the request that was answered by the record of that name; nothing without one."""
        fields = [("WARC-Target-URI", url), ("WARC-Concurrent-To", f"<urn:{name}>")]
        return (
            packed("request", when, [*fields, ("Content-Type", _HTTP + "request")], request)
            if request
            else b""
        )

    def _write(self, before: bytes, record: bytes) -> str:
        """Write records in one go; of the second there is a line in the index. Whole or not at all."""
        try:
            file = self._opened()
            start = file.seek(0, os.SEEK_END)
            try:
                _all(file, before + record)
            except BaseException:
                file.truncate(start)
                raise
            self.written += len(before) + len(record)
            place = start + len(before)
            self._tell(place, record)
        except OSError as error:
            raise _unwritable(self._path, error) from error
        return f"{self._path}#{place}"

    def _tell(self, place: int, record: bytes) -> None:
        """Put a record that was written into the index, and remember it."""
        import io

        for row in cdxj.rows_of(members(io.BytesIO(record))):
            placed = row._replace(offset=place)
            with index_of(self._path).open("ab") as index:
                _all(index, (cdxj.line(placed, self._path.name) + "\n").encode("utf-8", "replace"))
            self.known.add(placed, self._path.name)

    def _opened(self) -> IO[bytes]:
        """The file that grows: the last one, if there is room in it, else a new one."""
        if self._file and self._file.seek(0, os.SEEK_END) >= self.roll:
            self._finish()
        if self._file is None:
            own = self._own()
            last = own[-1] if own and own[-1].stat().st_size < self.roll else None
            self._path = final(last) if last else self._fresh(len(own))
            growing = self._path.with_name(self._path.name + OPEN)
            if last and last != growing:
                if not index_of(last).exists():
                    sort_index(last)
                last.rename(growing)
            self._file = growing.open("ab", buffering=0)
            if not last:
                _all(self._file, self._info())
        return self._file

    def _own(self) -> list[Path]:
        """The files that such runs wrote, the last one last; others that lie there are read, and left as they are."""
        return [path for path in known.files(self.folder) if _OWN.fullmatch(final(path).name)]

    def _fresh(self, number: int) -> Path:
        """A name that no file has, behind those that are there."""
        stamp = stamped(self.now())
        while True:
            path = self.folder / f"{self.folder.name}-{number + 1:05}-{stamp}{WARC}"
            if not path.exists():
                return path
            number += 1

    def _info(self) -> bytes:
        """The record that says what the file is."""
        about: Mapping[str, str] = {
            "software": f"ticker-tracker/{__version__}", "format": "WARC File Format 1.1", "operator": self.contact or "",
            "isPartOf": self.folder.name, "description": self.about,
        }  # fmt: skip
        block = "".join(f"{name}: {' '.join(value.split())}\r\n" for name, value in about.items() if value)
        fields = [("WARC-Filename", self._path.name), ("Content-Type", "application/warc-fields")]
        return packed("warcinfo", self.now(), fields, block.encode())

    def _finish(self) -> None:
        """The file is whole: its index is sorted, and it gets its name."""
        if self._file is None:
            return
        try:
            os.fsync(self._file.fileno())
            self._file.close()
            self._file = None
            growing = self._path.with_name(self._path.name + OPEN)
            sort_index(growing)
            growing.rename(self._path)
        except OSError as error:
            raise _unwritable(self._path, error) from error


def _all(file: IO[bytes], data: bytes) -> None:
    """Write everything: an unbuffered file may take a part of it."""
    left = memoryview(data)
    while left:
        left = left[file.write(left) :]


def _iso(stamp: str) -> str:
    """14 digits as WARC writes a time."""
    parts = [stamp[:4], *(stamp[at : at + 2] for at in range(4, 14, 2))]
    return f"{'-'.join(parts[:3])}T{':'.join(parts[3:])}Z"


def _unwritable(path: Path, error: OSError) -> OutputError:
    reason = (error.strerror or str(error)).lower()
    return OutputError(
        str(path), f"cannot be written: {reason}", "make room or give --into; a run goes on where it ended"
    )
