"""What is to be collected, as it is typed: an address, with or without `http://`, or a pattern of addresses."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from ..errors import SourceError

Match = Literal["exact", "prefix", "host", "domain"]
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_HOST = re.compile(r"[^\s/?#@:]+(?::\d+)?", re.IGNORECASE)


class Target(NamedTuple):
    """One thing to collect.

    typed  as it was typed
    url    the address without `*`; with the scheme only if that was typed
    match  exact: this address alone; prefix: all that begin so; host: all of this host; domain: and of its subdomains
    """

    typed: str
    url: str
    match: Match

    @property
    def site(self) -> str:
        """The folder its pages are kept in."""
        return site_of(self.url)

    @property
    def address(self) -> str:
        """The address to ask a live site for."""
        return self.url if _SCHEME.match(self.url) else f"http://{self.url}"


def target(typed: str, match: Match | None = None) -> Target:
    """`etoday.co.kr/news/*` -> a prefix, `*.ebn.co.kr` -> a domain, `ebn.co.kr` -> a host, all else an address as it is.

    match   what was asked for, whatever the pattern says
    Raises SourceError for what is no address of the web.
    """
    url = typed.strip()
    scheme = _SCHEME.match(url)
    if scheme and scheme[1].lower() not in ("http", "https"):
        raise SourceError(typed, f"{scheme[1]} is not collected", "give an address of http or https")
    rest = url[scheme.end() :] if scheme else url
    kind: Match = "exact" if scheme or "/" in rest or "?" in rest else "host"
    if rest.startswith("*."):
        url, rest, kind = rest[2:], rest[2:], "domain"
    elif rest.endswith("*"):
        url, kind = url.rstrip("*"), "prefix"
    host = re.split(r"[/?#]", rest.removesuffix("*"), maxsplit=1)[0].rpartition("@")[2]
    if "*" in url or not _HOST.fullmatch(host) or not (scheme or "." in host or "localhost" in host):
        raise SourceError(
            typed, "is no address", "give one such as example.com/markets or 'example.com/news/*'"
        )
    return Target(typed, url, match or kind)


def site_of(url: str) -> str:
    """The name of the folder for an address: its host without `www.`, and its port; safe as a file's name."""
    address = url if _SCHEME.match(url) else f"http://{url}"
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:
        host, port = "", None
    name = re.sub(r"[^\w.-]", "-", f"{host}-{port}" if port else host).strip(".-")
    return name or "unnamed"
