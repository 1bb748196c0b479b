"""A capture out of an archive's own file, by its range: the record's bytes are kept as they are."""

from __future__ import annotations

import io
import re

from ..errors import Unanswered
from ..pages.web import refusal
from .asking import Asking
from .capture import Capture, without_port
from .keep import Keep
from .record import fields_of, members
from .replay import Unfit, soft_404

MOST = 64 << 20  # packed bytes of a record
_RANGE = re.compile(r"bytes (\d+)-(\d+)/")


class Ranges:
    """The files of an archive, by the template of their addresses."""

    def __init__(self, asking: Asking, template: str) -> None:
        self.asking, self._template = asking, template

    def fetch(self, capture: Capture, keep: Keep) -> str:
        """Fetch a record and keep it. Returns its place. Raises Unfit, Unanswered, Refused, OutputError."""
        if not capture.file or capture.length <= 0 or capture.offset < 0:
            raise Unfit("the index does not say where it lies")
        if capture.length > MOST:
            raise Unfit("too long")
        first, last = capture.offset, capture.offset + capture.length - 1
        address = self._template.replace("{file}", capture.file)
        heads = {"Accept-Encoding": "identity", "Range": f"bytes={first}-{last}"}
        got = self.asking.get(address, heads, most=capture.length)
        if got.status == 200:
            raise Unfit("its server does not give ranges")
        if got.status != 206:
            raise Unfit(f"not given: {refusal(got.response)[0]}")
        said = _RANGE.match(got.head("content-range"))
        if not said or (int(said[1]), int(said[2])) != (first, last) or len(got.body) != capture.length:
            raise Unanswered(address, "another range was given", "the next run asks again")
        _check(got.body, capture)
        return keep.own(got.body)


def _check(packed: bytes, capture: Capture) -> None:
    """Raises Unfit for a record that is not the capture, or is no page."""
    found = list(members(io.BytesIO(packed)))
    if len(found) != 1 or found[0].length != len(packed):
        raise Unfit("no whole record lies there")
    fields, block = fields_of(found[0].record)
    stamp = re.sub(r"\D", "", fields.get("warc-date", ""))[:14]
    url = fields.get("warc-target-uri", "").strip("<> ")
    if (without_port(url), stamp) != (capture.url, capture.stamp):
        raise Unfit(f"another record lies there: {url[:200]} of {stamp}")
    status = re.match(rb"HTTP/\S+ (\d{3})", block)
    if fields.get("warc-type") != "response" or not status:
        raise Unfit(f"a record of the type {fields.get('warc-type')}")
    if status[1] != b"200":
        raise Unfit(f"status {status[1].decode()}")
    if reason := soft_404(block.partition(b"\r\n\r\n")[2]):
        raise Unfit(reason)
