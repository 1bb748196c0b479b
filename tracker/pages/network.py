"""The network as we use it: how long we wait, and to which machines a redirect may lead; and what it refuses, in words."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from ipaddress import ip_address
from typing import Any

import httpcore2
import httpx2

from ..errors import SourceError, Unanswered
from .source import Limits

PIECE = 16 << 20  # bytes of an archive for which one may wait as long as for a page
_CONNECTIONS = (
    2  # kept open at a time: one asks one thing after the other, and a redirect may lead away and back
)


def is_inner(address: str) -> bool:
    """An IP address of this machine or of a network that the world does not reach."""
    ip = ip_address(address.partition("%")[0])
    return not (getattr(ip, "ipv4_mapped", None) or ip).is_global


class Network(httpcore2.NetworkBackend):
    """The network as we use it: never longer than the limits say, and after a redirect to no machine of an inner
    network, unless the user named one himself.

    address  what is asked for now
    led      a redirect led here
    """

    def __init__(self, limits: Limits) -> None:
        self.limits, self.address, self.led, self._inner = limits, "", False, False
        self._backend = httpcore2.SyncBackend()
        self._waited, self._count = 0.0, 0

    def begin(self, address: str) -> None:
        """Something new is asked for: it has all the time again."""
        self.address, self.led = address, False
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

    def __init__(self, stream: httpcore2.NetworkStream, network: Network) -> None:
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


class Transport(httpx2.HTTPTransport):
    """httpx2's own, over our network."""

    def __init__(self, network: Network) -> None:
        self._pool = httpcore2.ConnectionPool(
            ssl_context=_trusted(), network_backend=network, max_connections=_CONNECTIONS
        )


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    """Whom TLS trusts: reading all certificates takes as long as a dozen pages."""
    return httpx2.create_ssl_context()


@contextmanager
def told(network: Network) -> Iterator[None]:
    """What the client raises becomes a SourceError with its reason; Unanswered where another try may do better."""
    address, limits = network.address, network.limits
    try:
        yield
    except httpx2.ConnectTimeout as error:
        raise Unanswered(address, f"no connection within {limits.connect:g} s", "try later") from error
    except httpx2.TimeoutException as error:
        raise Unanswered(address, network.late, "try later, or give it more time") from error
    except (httpx2.InvalidURL, httpx2.UnsupportedProtocol) as error:
        raise SourceError(address, f"is no address: {error}", "check it") from error
    except (httpx2.HTTPError, OSError) as error:
        raise _failure(address, error) from error


def _failure(address: str, error: BaseException) -> SourceError:
    """The error by what the system or TLS said first."""
    first = error
    while first.__cause__ or first.__context__:
        first = first.__cause__ or first.__context__ or first
    check = "check the address"
    if isinstance(first, socket.gaierror):
        return Unanswered(address, "there is no such host, or no way to ask for it", check)
    if isinstance(first, ssl.SSLCertVerificationError):
        return SourceError(address, f"its certificate cannot be trusted: {first.verify_message}", check)
    if isinstance(first, ssl.SSLError):
        return SourceError(
            address, f"no secure connection (TLS): {first.reason or first}".replace("_", " "), check
        )
    if isinstance(first, ConnectionRefusedError):
        return Unanswered(address, "nobody answers there: connection refused", check)
    why = f"cannot be had: {getattr(first, 'strerror', None) or first}".rstrip(".")
    return Unanswered(address, why, "try later")
