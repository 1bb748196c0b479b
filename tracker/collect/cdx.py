"""What an archive says it has: the three dialects of CDX servers. Which one it is is found out by the first answer.

Asked how many pages of rows there are, each answers in its own way: the Wayback Machine with a number, pywb on a zipnum
cluster (Common Crawl) with an object, plain pywb with the rows themselves, all of them. So there is no request in vain.

wayback  an array of arrays, the head first; goes on by resume keys, which are only right if `fl` names `urlkey`
         (internetarchive/wayback#121); its `page=` lacks recent captures. A prefix with `from=` may answer 504 (#285): then
         it is asked without times. No `collapse`: it drops adjacent rows only, and we choose ourselves
zipnum   an object a line, page by page
plain    the same, all at once; `page=` would give everything again
"""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from typing import IO, Any, Literal
from urllib.parse import urlencode

import httpx2

from ..errors import SourceError, Unanswered
from ..pages.streams import Interrupted
from ..pages.web import refusal
from .asking import Asking
from .capture import Capture, moment, stamped, without_port
from .target import Target

Dialect = Literal["wayback", "zipnum", "plain"]
FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
# Rows of the Wayback Machine in one answer. It looks through so much data for one and then ends, as if there were no more: a
# large number is right only where captures are many, which an answer that is full tells.
ROWS, MOST_ROWS = 1_000, 10_000
_HELD = 4 << 20  # bytes of an answer in memory; the rest of it waits on the disk
_NAMES = {"original": "url", "mimetype": "mime", "statuscode": "status"}


class Listing:
    """The captures of a target, as an index lists them: sorted by address, then by time. Iterate once.

    never_empty  an empty answer is trouble: so Common Crawl says that it is asked too much
    dialect      which one the server speaks; None until it answered
    malformed    rows that are none
    """

    def __init__(
        self, asking: Asking, index: str, target: Target, since: datetime | None, until: datetime | None, *,
        never_empty: bool = False,
    ) -> None:  # fmt: skip
        self._asking, self._index, self._target, self._never_empty = asking, index, target, never_empty
        self._since, self._until = since, until
        self.dialect: Dialect | None = None
        self.malformed = 0

    def __iter__(self) -> Iterator[Capture]:
        first = self._fetched(showNumPages="true")
        with closing(first):
            begin = first.read(4096).lstrip()
            first.seek(0)
            pages = _pages(begin)
            self.dialect = "plain" if begin.startswith(b"{") and pages is None else "zipnum"
            if begin[:1].isdigit() or begin.startswith(b"["):
                self.dialect = "wayback"
            elif begin and not begin.startswith(b"{"):
                raise SourceError(
                    self._index, "is no index of an archive", "give the address of a CDX server"
                )
            if self.dialect == "plain":
                yield from self._captures(first)
        if self.dialect == "zipnum":
            for page in range(pages or 0):
                with closing(self._fetched(page=str(page))) as rows:
                    yield from self._captures(rows)
        elif self.dialect == "wayback":
            yield from self._resumed()

    def _resumed(self) -> Iterator[Capture]:
        """Answer after answer, each behind the key that the one before ended with."""
        key: str | None = ""
        limit = ROWS
        while key is not None:
            before, key, number = key, None, 0
            more = {"resumeKey": before} if before else {}
            options = {"fl": ",".join(FIELDS), "limit": str(limit), "showResumeKey": "true"}
            with closing(self._timely(options | more)) as file:
                head: list[str] = []
                for row in _arrays(file):
                    number += 1
                    if not head:
                        head = [_NAMES.get(name, name) for name in row]
                    elif len(row) == 1:
                        key = row[0]
                    elif row and (capture := self._capture(dict(zip(head, row, strict=False)))):
                        yield capture
            limit = min(MOST_ROWS, limit * 2) if number > limit else limit
            if key == before:
                raise SourceError(
                    self._index, "its list does not end: it goes on where it began", "try later"
                )

    def _timely(self, options: dict[str, str]) -> IO[bytes]:
        """An answer; without times where the server cannot do with them."""
        try:
            return self._fetched(**options)
        except Unanswered as error:
            if not (error.reason.startswith("504") and (self._since or self._until)):
                raise
            self._since = self._until = None
            return self._fetched(**options)

    def _fetched(self, **options: str) -> IO[bytes]:
        """An answer of the index, whole. Raises as `Asking.ask` does."""
        target = self._target
        asked = {"url": target.url, "matchType": target.match, "output": "json"} | options
        if self._since:
            asked["from"] = stamped(self._since)
        if self._until:
            asked["to"] = stamped(self._until)
        return self._asking.ask(f"{self._index}?{urlencode(asked)}", self._spooled)

    def _spooled(self, response: httpx2.Response) -> IO[bytes]:
        """The body of an answer, on the disk if it is long: what is chosen from it is fetched slowly, and a server does
        not wait for that."""
        file = tempfile.SpooledTemporaryFile(_HELD)  # noqa: SIM115 - the reader closes it
        try:
            with closing(response):
                body = self._asking.web.body(response)
                while piece := body.read(1 << 16):
                    file.write(piece)
            self._check(file)
            file.seek(0)
            if response.status_code == 404 and file.read(64).lstrip().startswith(b"{"):
                file.truncate(0)  # Common Crawl says so that it has nothing
            elif not response.is_success:
                raise SourceError(self._index, *refusal(response))
        except BaseException:
            file.close()
            raise
        file.seek(0)
        return file

    def _check(self, file: IO[bytes]) -> None:
        """Raises Interrupted for a list that is not whole, though nobody said so."""
        end = file.seek(0, io.SEEK_END)
        file.seek(0)
        first = file.read(1)
        file.seek(max(0, end - 64))
        last = file.read().rstrip()[-1:]
        if not end and (self._never_empty or self.dialect == "wayback"):
            raise Interrupted("an empty answer came")
        if (first, last[:1]) not in ((b"{", b"}"), (b"[", b"]")) and first in (b"{", b"["):
            raise Interrupted("the list broke off")

    def _captures(self, file: IO[bytes]) -> Iterator[Capture]:
        for text in file:
            if text.strip() and (capture := self._capture(_object(text))):
                yield capture

    def _capture(self, row: dict[str, Any]) -> Capture | None:
        """A row as a capture; None for one that is none."""
        try:
            stamp = str(row["timestamp"])
            moment(stamp)
            status, url = str(row.get("status") or "-"), without_port(str(row["url"]).strip())
            if not url.isprintable() or not url.lower().startswith(("http://", "https://")):
                raise ValueError
            return Capture(
                url, stamp, int(status) if status.isdecimal() else None, str(row.get("mime") or "") or None,
                _said(row.get("digest")), int(_said(row.get("length")) or 0), str(row.get("filename") or ""),
                int(_said(row.get("offset")) or 0),
            )  # fmt: skip
        except (KeyError, ValueError):
            self.malformed += 1
            return None


def _said(value: Any) -> str | None:
    """A field that says something."""
    return None if value in (None, "", "-") else str(value)


def _pages(begin: bytes) -> int | None:
    """How many pages an object says there are; None for another object. A page of rows begins with an object too."""
    try:
        said = json.loads(begin)
        return int(said["pages"])
    except (ValueError, KeyError, TypeError):
        return None


def _object(text: bytes) -> dict[str, Any]:
    try:
        said = json.loads(text)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _arrays(file: IO[bytes]) -> Iterator[list[str]]:
    """The rows of an array of arrays, a line each as these servers write them; at once where one writes otherwise."""
    for number, text in enumerate(file):
        line = text.strip().rstrip(b",")
        if not number:
            line = line.removeprefix(b"[")
        if not line or line == b"]":
            continue
        try:
            row = json.loads(line if line.count(b"]") <= line.count(b"[") else line.removesuffix(b"]"))
        except ValueError:
            row = None
        if not isinstance(row, list) or (row and not isinstance(row[0], str)):
            if number:
                raise SourceError("the list of captures", "is no list of rows", "try later")
            file.seek(0)
            yield from json.load(file)
            return
        yield [str(part) for part in row]
