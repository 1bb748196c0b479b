"""Pages and files of the web, `http://` and `https://`: one GET for each, read once and in order as it comes.

httpx2 speaks HTTP. What is ours stands between it and the network, in `network`: how long we wait, and to which
machines a redirect may lead. Bodies are taken as they were sent: a gzip of many members, as archives are, is more than
a client's own decoder reads.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import Self
from urllib.request import getproxies

import httpx2

from .. import __version__
from ..errors import SourceError
from . import http
from .network import Network, Transport, told
from .network import is_inner as is_inner
from .source import LIMITS, Answered, Limits, Origin
from .streams import Bytes, Interrupted
from .times import http_date

USER_AGENT = f"ticker-tracker/{__version__}"
MAX_REDIRECTS = 10  # browsers stop at 20, and real ways home are shorter than 5
_HEADS = {"User-Agent": USER_AGENT, "Accept": "text/html,*/*;q=0.8", "Accept-Encoding": "gzip"}
_TRY_LATER = (408, 425, 429, 500, 502, 503, 504)
_SIGN_IN = (401, 402, 403, 407, 451)
ORIGINAL = re.compile(r'<([^>]+)>\s*;[^,<]*\brel="?original\b')


class Web:
    """A client of the web that keeps to the limits. Connections are kept, cookies no longer than a chain of redirects,
    and none of those is followed unasked.

    What the user named is asked for first: a machine of an inner network that it names may be led to from there.
    """

    def __init__(self, limits: Limits = LIMITS, contact: str | None = None) -> None:
        self.network = Network(limits)
        # Behind a proxy the network is the proxy's.
        transport = None if getproxies() else Transport(self.network)
        heads = _HEADS | ({"User-Agent": f"{USER_AGENT} (+{contact})"} if contact else {})
        timeout = httpx2.Timeout(limits.silence, connect=limits.connect)
        self._client = httpx2.Client(transport=transport, headers=heads, timeout=timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def ask(
        self, address: str, heads: Mapping[str, str] | None = None, *, led: bool = False
    ) -> httpx2.Response:
        """The answer to one GET, whatever its status; its body is still to be read, and it is to be closed.

        led   a redirect led to the address
        Raises SourceError where there is none, Unanswered where another try may do better.
        """
        if not led:
            self.network.begin(address)
            self._client.cookies.clear()
        self.network.led = led
        with told(self.network):
            request = self._client.build_request("GET", address, headers=heads)
            return self._client.send(request, stream=True, follow_redirects=False)

    def body(self, response: httpx2.Response) -> io.RawIOBase:
        """The body of an answer as it was sent, without chunks. Interrupted where it breaks off."""
        return _Body(response, self.network)


@contextmanager
def open_web(address: str, limits: Limits) -> Iterator[Bytes]:
    """The body at an address, and with it where and when it was had: an Answered stream.

    Raises SourceError with the reason where there is none: an error of HTTP, a redirect that is not followed, no such
    host, a certificate, a limit of time. A body that breaks off raises Interrupted where it is read.
    """
    with Web(limits) as web:
        begun = datetime.now(UTC).replace(microsecond=0)
        response = _answer(web, address)
        with closing(response), Answered(web.body(response), _origin(response, begun)) as stream:
            yield stream


def _answer(web: Web, address: str) -> httpx2.Response:
    """The answer at the end of all redirects. Raises SourceError for one that is none."""
    target = address
    for hop in range(MAX_REDIRECTS + 1):
        response = web.ask(target, led=hop > 0)
        if not response.has_redirect_location:
            if response.is_success:
                return response
            response.close()
            raise SourceError(address, *refusal(response))
        response.close()
        target = redirected(response, address)
    raise SourceError(address, f"more than {MAX_REDIRECTS} redirects: they have no end", "check the address")


def redirected(response: httpx2.Response, address: str) -> str:
    """Where a redirect leads. Raises SourceError, for the address that was asked for, if that is not the web."""
    location = response.headers["location"]
    with _no_address(address):
        target = response.url.join(location)
    if target.scheme not in ("http", "https"):
        raise SourceError(
            address, f"it leads to {location[:200]}, which is no address of the web", "check it"
        )
    return str(target)


@contextmanager
def _no_address(address: str) -> Iterator[None]:
    try:
        yield
    except httpx2.InvalidURL as error:
        raise SourceError(address, f"is no address: {error}", "check it") from error


def refusal(response: httpx2.Response) -> tuple[str, str]:
    """Reason and remedy of an answer without what was asked for: `404 Not Found`."""
    code = response.status_code
    reason = f"{code} {httpx2.codes.get_reason_phrase(code)}".rstrip()
    if code in _TRY_LATER:
        wait = response.headers.get("retry-after", "")
        return reason, f"try later: in {wait} s" if wait.isdigit() else "try later"
    if code in _SIGN_IN:
        return reason, "open it in a browser and save the page"
    return reason, "check the address"


def _origin(response: httpx2.Response, begun: datetime) -> Origin:
    """Where and when the body was had. Of a web archive's answer: where and when the archive had it (RFC 7089)."""
    heads = response.headers
    media = heads.get("content-type", "")
    codings = tuple(part.strip().lower() for part in heads.get("content-encoding", "").split(",") if part)
    url = bare(response)
    captured = http_date(heads.get("date")) or begun
    if memento := http_date(heads.get("memento-datetime")):
        found = ORIGINAL.search(heads.get("link", ""))
        url, captured = found[1] if found else url, memento
    length = heads.get("content-length", "")
    return Origin(url, captured, http.Head(media, codings), int(length) if length.isdigit() else 0)


def bare(response: httpx2.Response) -> str:
    """The address that answered, without a name, a password and a place on the page."""
    return str(response.url.copy_with(username=None, password=None, fragment=None))


class _Body(io.RawIOBase):
    """The bytes of an answer as they come. Raises Interrupted where they break off."""

    def __init__(self, response: httpx2.Response, network: Network) -> None:
        self._parts, self._network = response.iter_raw(), network
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            while not self._rest and (part := next(self._parts, None)) is not None:
                self._rest = memoryview(part)
        except httpx2.TimeoutException as error:
            raise Interrupted(f"the transfer broke off: {self._network.late}") from error
        except httpx2.HTTPError as error:
            raise Interrupted("the transfer broke off") from error
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size
