"""A capture as an archive gives it back: raw, of the stamp asked for and of no other, with the head it once had.

`GET {archive}/{stamp}id_/{url}`. pywb gives the nearest capture instead of one it has not, and only Memento-Datetime tells;
the Wayback Machine redirects to it. An archived 503 carries Memento-Datetime and is a capture, no trouble of the server.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..errors import Unanswered
from ..pages.http import GZIP
from ..pages.times import http_date
from ..pages.web import ORIGINAL, refusal
from .asking import Asking, Got
from .capture import Capture, stamped, without_port
from .keep import Keep
from .known import bare
from .record import digest_of, head_of

HEADS = {"Accept-Encoding": "identity"}
_ORIGINAL = "x-archive-orig-"
# What an archive says for itself, beside the head of the capture.
_ARCHIVES_OWN = frozenset(
    b"connection content-encoding content-length content-location date keep-alive link memento-datetime nel"
    b" permissions-policy preference-applied referrer-policy report-to server server-timing transfer-encoding vary".split()
)
_ARCHIVES_PREFIXES = (
    b"x-archive-",
    b"x-app-",
    b"x-t",
    b"x-cache",
    b"x-location",
    b"x-page-cache",
    b"x-nid",
    b"x-rl",
    b"x-na",
)
_DROPPED = frozenset({b"transfer-encoding", b"content-length", b"content-encoding"})
_TITLE = re.compile(rb"<title[^>]*>(.{0,300}?)</title", re.IGNORECASE | re.DOTALL)
_GONE = re.compile(  # a price of 404 in a title is none
    r"^\W*(?:error\W*)?404\W*$|\b404\W{1,3}(?:error|not found|page|file)|(?:error|http)\W{1,3}404\b"
    r"|\b(?:page|file|document) not found\b|^\W*not found\W*$"
    r"|페이지를 찾을 수 없|존재하지 않는|ページが見つかりません",
    re.IGNORECASE,
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")


class Unfit(Exception):
    """A capture that is not kept; the text is the reason."""


class Replay:
    """The replay of an archive, by the template of its addresses."""

    def __init__(self, asking: Asking, template: str) -> None:
        self.asking, self._template = asking, template
        asking.settles = is_capture

    def fetch(self, capture: Capture, keep: Keep) -> str:
        """Fetch a capture and keep it. Returns its place. Raises Unfit, Unanswered, Refused, OutputError."""
        address = self._template.replace("{stamp}", capture.stamp).replace(
            "{url}", capture.url.replace("#", "%23")
        )
        got = self.asking.get(address, HEADS)
        if reason := against(got, capture):
            raise Unfit(reason)
        if not _is_whole(got, capture):
            raise Unanswered(address, "it may be cut off: its length was not said", "the next run asks again")
        head = head_as_it_was(got)
        return keep.response(capture.url, capture.when, head, got.body, source=address, digest=capture.digest)


def is_capture(response: object) -> bool:
    """An answer out of the archive, whatever its status."""
    return "memento-datetime" in getattr(response, "headers", {})


def against(got: Got, capture: Capture) -> str | None:
    """Why an answer is not the capture that was asked for, or is no page; None if it is one."""
    when = http_date(got.head("memento-datetime"))
    if when is None:
        if got.response.has_redirect_location:
            return f"redirect to another capture: {got.head('location')[:200]}"
        return f"not given: {refusal(got.response)[0]}" if got.status != 200 else "not given: no capture came"
    if stamped(when) != capture.stamp:
        return f"another capture was given: {stamped(when)}"
    if (found := ORIGINAL.search(got.head("link"))) and _host(found[1]) != _host(capture.url):
        return f"another address was given: {found[1][:200]}"
    if got.status != 200:
        return f"status {got.status}"
    if got.cut:
        return "too long"
    return "empty" if got.head("content-length") == "0" else soft_404(got.body)


def soft_404(body: bytes) -> str | None:
    """A page that says by its title that it is not there, though its status does not."""
    title = _TITLE.search(body, 0, 64 << 10)
    if title and _GONE.search(title[1].decode("utf-8", "replace")):
        return "soft 404: " + " ".join(title[1].decode("utf-8", "replace").split())[:80]
    return None


def _host(url: str) -> str:
    """Scheme and host: archives look an address up without them, and `http` may lead to `https` within a second."""
    return "/".join(without_port(url).lower().split("/", 3)[:3])


def _is_whole(got: Got, capture: Capture) -> bool:
    """All of it came: its length was said, or it is what the index says."""
    said = {"content-length", "transfer-encoding"} & set(got.response.headers)
    return bool(said) or (capture.digest is not None and bare(capture.digest) == bare(digest_of(got.body)))


def head_as_it_was(got: Got) -> bytes:
    """The head that the capture had: what the archive renamed is called as before, what it says for itself is left out,
    and what is said of the body's coding and length holds for the body as it came."""
    fields = list(_fields(got.response.headers.raw))
    if coding := _coding(got):
        fields.append((b"Content-Encoding", coding.encode("latin-1")))
    fields.append((b"Content-Length", b"%d" % len(got.body)))
    return head_of(f"HTTP/1.1 {got.status} {got.response.reason_phrase}", fields)


def _fields(raw: Iterable[tuple[bytes, bytes]]) -> Iterable[tuple[bytes, bytes]]:
    fields = list(raw)
    said = {name.lower() for name, _ in fields}
    for name, value in fields:
        low = name.lower()
        if low.startswith(_ORIGINAL.encode()):
            if low[len(_ORIGINAL) :] not in _DROPPED:
                yield name[len(_ORIGINAL) :], value
        elif (
            _ORIGINAL.encode() + low not in said
            and low not in _ARCHIVES_OWN
            and not low.startswith(_ARCHIVES_PREFIXES)
        ):
            yield name, value


def _coding(got: Got) -> str:
    """How the body that came is coded, whatever is said: archives decode some and say nothing, and some send gzip
    without a word."""
    if got.body.startswith(GZIP):
        return "gzip"
    said = got.head("content-encoding") or got.head(_ORIGINAL + "content-encoding")
    return "" if "gzip" in said.lower() or not _CONTROL.search(got.body[:1024]) else said
