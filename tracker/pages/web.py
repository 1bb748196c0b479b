"""Pages and files of the web, `http://` and `https://`: one GET for each, read once and in order as it comes.

httpx2 speaks HTTP. What is ours stands between it and the network, in `_Network`: how long we wait, and to which
machines a redirect may lead. Bodies are taken as they were sent: a gzip of many members, as archives are, is more than
a client's own decoder reads.
"""

from __future__ import annotations

import io
import re
import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any
from urllib.request import getproxies

import httpcore2
import httpx2

from .. import __version__
from ..errors import SourceError
from . import http
from .source import Answered, Limits, Origin
from .streams import Bytes, Interrupted
from .times import http_date

USER_AGENT = f"ticker-tracker/{__version__}"
MAX_REDIRECTS = 10  # browsers stop at 20, and real ways home are shorter than 5
PIECE = 16 << 20  # bytes of an archive for which one may wait as long as for a page
_HEADS = {"User-Agent": USER_AGENT, "Accept": "text/html,*/*;q=0.8", "Accept-Encoding": "gzip"}
_TRY_LATER = (408, 425, 429, 500, 502, 503, 504)
_SIGN_IN = (401, 402, 403, 407, 451)
_ARCHIVED = re.compile(r'<([^>]+)>\s*;[^,<]*\brel="?original\b')


@contextmanager
def open_web(address: str, limits: Limits) -> Iterator[Bytes]:
    """The body at an address, and with it where and when it was had: an Answered stream.

    Raises SourceError with the reason where there is none: an error of HTTP, a redirect that is not followed, no such
    host, a certificate, a limit of time. A body that breaks off raises Interrupted where it is read.
    """
    network = _Network(address, limits)
    # Behind a proxy the network is the proxy's.
    transport = None if getproxies() else _Transport(network)
    timeout = httpx2.Timeout(limits.silence, connect=limits.connect)
    with httpx2.Client(transport=transport, headers=_HEADS, timeout=timeout) as client:
        begun = datetime.now(UTC).replace(microsecond=0)
        with _told(network):
            response = _answer(client, network)
        with closing(response), Answered(_Body(response, network), _origin(response, begun)) as stream:
            yield stream


def _answer(client: httpx2.Client, network: _Network) -> httpx2.Response:
    """The answer at the end of all redirects. Raises SourceError for one that is none."""
    address = network.address
    request = client.build_request("GET", address)
    for _ in range(MAX_REDIRECTS + 1):
        response = client.send(request, stream=True, follow_redirects=False)
        if not response.has_redirect_location:
            if response.is_success:
                return response
            response.close()
            raise SourceError(address, *_refusal(response))
        response.close()
        location = response.headers["location"]
        target = response.url.join(location)
        if target.scheme not in ("http", "https"):
            raise SourceError(
                address, f"it leads to {location[:200]}, which is no address of the web", "check it"
            )
        network.led = True
        request = client.build_request("GET", target)
    raise SourceError(address, f"more than {MAX_REDIRECTS} redirects: they have no end", "check the address")


def _refusal(response: httpx2.Response) -> tuple[str, str]:
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
    url = str(response.url.copy_with(username=None, password=None, fragment=None))
    captured = http_date(heads.get("date")) or begun
    if memento := http_date(heads.get("memento-datetime")):
        found = _ARCHIVED.search(heads.get("link", ""))
        url, captured = found[1] if found else url, memento
    length = heads.get("content-length", "")
    return Origin(url, captured, http.Head(media, codings), int(length) if length.isdigit() else 0)


@contextmanager
def _told(network: _Network) -> Iterator[None]:
    """What the client raises becomes a SourceError with its reason."""
    address, limits = network.address, network.limits
    try:
        yield
    except httpx2.ConnectTimeout as error:
        raise SourceError(address, f"no connection within {limits.connect:g} s", "try later") from error
    except httpx2.TimeoutException as error:
        raise SourceError(address, network.late, "try later, or give it more time") from error
    except (httpx2.InvalidURL, httpx2.UnsupportedProtocol) as error:
        raise SourceError(address, f"is no address: {error}", "check it") from error
    except (httpx2.HTTPError, OSError) as error:
        raise SourceError(address, *_failure(error)) from error


def _failure(error: BaseException) -> tuple[str, str]:
    """Reason and remedy, by what the system or TLS said first."""
    first = error
    while first.__cause__ or first.__context__:
        first = first.__cause__ or first.__context__ or first
    if isinstance(first, socket.gaierror):
        return "there is no such host, or no way to ask for it", "check the address"
    if isinstance(first, ssl.SSLCertVerificationError):
        return f"its certificate cannot be trusted: {first.verify_message}", "check the address"
    if isinstance(first, ssl.SSLError):
        return f"no secure connection (TLS): {first.reason or first}".replace("_", " "), "check the address"
    if isinstance(first, ConnectionRefusedError):
        return "nobody answers there: connection refused", "check the address"
    return f"cannot be had: {getattr(first, 'strerror', None) or first}".rstrip("."), "try later"


def is_inner(address: str) -> bool:
    """An IP address of this machine or of a network that the world does not reach."""
    ip = ip_address(address.partition("%")[0])
    return not (getattr(ip, "ipv4_mapped", None) or ip).is_global


class _Body(io.RawIOBase):
    """The bytes of an answer as they come. Raises Interrupted where they break off."""

    def __init__(self, response: httpx2.Response, network: _Network) -> None:
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


class _Network(httpcore2.NetworkBackend):
    """The network as we use it: never longer than the limits say, and after a redirect to no machine of an inner
    network, unless the user named one himself.

    led   a redirect led here
    """

    def __init__(self, address: str, limits: Limits) -> None:
        self.address, self.limits, self.led, self._inner = address, limits, False, False
        self._backend = httpcore2.SyncBackend()
        self._waited, self._count = 0.0, 0

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:  # fmt: skip
        with self.waiting(timeout) as left:
            stream = self._backend.connect_tcp(host, port, left, local_address, socket_options)
        inner = is_inner(stream.get_extra_info("server_addr")[0])
        if self.led and inner and not self._inner:
            stream.close()
            reason = f"it leads to {host}, a machine of an inner network"
            raise SourceError(self.address, reason, "name that address if you mean it")
        self._inner = self._inner or inner
        return _Stream(stream, self)

    @property
    def late(self) -> str:
        """Why we wait no longer."""
        if self._waited >= self.limits.whole:
            return f"not had within {self.limits.whole:g} s"
        return f"silent for {self.limits.silence:g} s"

    @contextmanager
    def waiting(self, timeout: float | None) -> Iterator[float]:
        """How long one may wait now. Raises ReadTimeout when all the time is used up."""
        left = self.limits.whole - self._waited
        if left <= 0:
            raise httpcore2.ReadTimeout(self.late)
        begun = time.monotonic()
        try:
            yield min(left, timeout or left)
        finally:
            self._waited += time.monotonic() - begun

    def came(self, count: int) -> None:
        """So many bytes were read: an archive is worth more time than a page."""
        self._count += count
        if self._count >= PIECE:
            self._waited, self._count = 0.0, 0


class _Stream(httpcore2.NetworkStream):
    """A connection that keeps to the limits."""

    def __init__(self, stream: httpcore2.NetworkStream, network: _Network) -> None:
        self._stream, self._network = stream, network

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        with self._network.waiting(timeout) as left:
            data = self._stream.read(max_bytes, left)
        self._network.came(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        with self._network.waiting(timeout) as left:
            self._stream.write(buffer, left)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        with self._network.waiting(timeout) as left:
            return _Stream(self._stream.start_tls(ssl_context, server_hostname, left), self._network)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Transport(httpx2.HTTPTransport):
    """httpx2's own, over our network."""

    def __init__(self, network: _Network) -> None:
        self._pool = httpcore2.ConnectionPool(
            ssl_context=httpx2.create_ssl_context(), network_backend=network, max_connections=1
        )
