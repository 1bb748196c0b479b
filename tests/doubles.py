"""Doubles of what pages are collected from, on loopback: the Wayback Machine, Common Crawl, pywb, a live site.

Each answers as the real one was seen to (shared facts in tracker/collect's docstrings), counts what it is asked, and can be
told to fail: at random, with a seed.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import threading
from base64 import b32encode
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from tracker.collect import known
from tracker.collect.archives import Archive, archives
from tracker.collect.capture import moment
from tracker.collect.cdxj import surt
from tracker.collect.record import fields_of, members, packed
from tracker.pages import http

COINS = (
    ("비트코인", 8_692_000),
    ("이더리움", 173_900),
    ("리플", 264),
    ("라이트코인", 54_000),
    ("이오스", 3_100),
)


def page(number: int) -> bytes:
    """A page with a block of five coins, another one for each number."""
    rows = "".join(
        f"<li>{name} {price + number:,}원 -{1 + number % 7}.{number % 90 + 10}%" for name, price in COINS
    )
    head = f"<html><head><title>시세 {number}</title></head><body><p>실시간 암호화폐 시세</p>"
    return f"{head}<ul>{rows}</ul></body></html>".encode()


class Made(NamedTuple):
    """A capture that an archive has."""

    url: str
    stamp: str
    body: bytes
    status: int = 200
    mime: str = "text/html"
    coding: str = ""  # how the body was packed when it was captured
    location: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return surt(self.url), self.stamp

    @property
    def payload(self) -> bytes:
        return gzip.compress(self.body, mtime=0) if self.coding else self.body

    @property
    def digest(self) -> str:
        return b32encode(sha1(self.payload).digest()).decode()

    @property
    def head(self) -> bytes:
        lines = [f"HTTP/1.1 {self.status} X", f"Content-Type: {self.mime}; charset=utf-8", "X-Own: yes"]
        lines += [f"Content-Encoding: {self.coding}"] * bool(self.coding)
        lines += [f"Location: {self.location}"] * bool(self.location)
        return "\r\n".join([*lines, "", ""]).encode()

    def record(self) -> bytes:
        """The capture as an archive's own file has it."""
        fields = [("WARC-Target-URI", self.url), ("Content-Type", "application/http; msgtype=response")]
        return packed("response", moment(self.stamp), fields, self.head + self.payload, self.payload)


def world(count: int = 30, host: str = "www.a.kr") -> list[Made]:
    """Captures of two addresses, an hour apart, as an archive has them: pages, the same page again, one packed by gzip,
    pictures, redirects, errors, a page that is not there and does not say so."""
    made: list[Made] = []
    for number in range(count):
        stamp = f"201912{1 + number // 24:02}{number % 24:02}3000"
        made.append(
            Made(f"http://{host}/market", stamp, page(number // 2), coding="gzip" * (number % 5 == 0))
        )
        if not number % 4:
            made.append(Made(f"https://{host}/coins?b=2&a=1", stamp, page(1000 + number)))
        if not number % 10:
            made += [
                Made(f"http://{host}/logo.png", stamp, b"\x89PNG", mime="image/png"),
                Made(f"http://{host}/moved", stamp, b"moved", 301, location=f"http://{host}/market"),
                Made(f"http://{host}/gone", stamp, b"gone", 404),
                Made(f"http://{host}/busy", stamp, b"busy", 503),
                Made(f"http://{host}/soft", stamp, b"<title>404 Not Found</title>sorry"),
            ]
    return sorted(made, key=lambda one: one.key)


def wanted(made: Sequence[Made]) -> set[tuple[str, str, bytes]]:
    """What an undisturbed collection of everything keeps."""
    return {
        (m.url, m.stamp, m.body)
        for m in made
        if m.status == 200 and m.mime == "text/html" and b"sorry" not in m.body
    }


Answer = tuple[int, Sequence[tuple[str, str]], bytes]


@dataclass
class Faults:
    """What goes wrong, by chance: the share of answers, and of what kinds."""

    share: float = 0.0
    seed: int = 0
    kinds: Sequence[str] = ("429", "429 after", "503", "drop", "short", "silent", "cut")
    _random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def next(self) -> str:
        """The next answer's fault; empty for none."""
        return self._random.choice(self.kinds) if self._random.random() < self.share else ""


class Double(ThreadingHTTPServer):
    """A server that has captures, and pages of its own."""

    daemon_threads = True

    def __init__(self, made: Sequence[Made] = (), clock: Callable[[], float] = lambda: 0.0) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.made, self.clock, self.faults = list(made), clock, Faults()
        self.asked: list[tuple[float, str, dict[str, str]]] = []
        self.live: dict[str, Callable[[dict[str, str]], Answer]] = {}
        self.resume = 7  # rows in an answer of the Wayback Machine, whatever limit is asked for
        self.index_page = 11  # rows on a page of Common Crawl
        self.nearest = False  # replays give the nearest capture where there is none
        self.lock = threading.Lock()
        self._by = {(m.url, m.stamp): m for m in self.made}

    @property
    def at(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def paths(self, part: str = "") -> list[str]:
        """What was asked for."""
        return [path for _, path, _ in self.asked if part in path]

    def times(self, part: str = "") -> list[float]:
        """When, by the clock that was handed in."""
        return [when for when, path, _ in self.asked if part in path]

    def answer(self, path: str, heads: dict[str, str]) -> Answer:
        parts = urlsplit(path)
        if parts.path in self.live:
            return self.live[parts.path](heads)
        query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        if parts.path == "/cdx/search/cdx":
            return self._wayback_index(query)
        if found := re.match(r"/web/(\d+)id_/(.+)", path):
            return self._wayback_replay(found[1], found[2])
        if parts.path.endswith("-index"):
            return self._crawl_index(query)
        if parts.path.startswith("/data/"):
            return self._range(heads)
        if parts.path == "/coll/cdx":
            return 200, [("Content-Type", "text/x-ndjson")], _lines(self._rows(query))
        if found := re.match(r"/coll/(\d+)id_/(.+)", path):
            return self._pywb_replay(found[1], found[2])
        return 404, [("Content-Type", "text/html")], b"<html>no"

    def _rows(self, query: dict[str, str]) -> list[Made]:
        asked, match = query["url"], query.get("matchType", "exact")
        key = surt(asked if "://" in asked else f"http://{asked}")
        host = key.partition(")")[0]
        fits: dict[str, Callable[[str], bool]] = {
            "exact": lambda other: other == key,
            "prefix": lambda other: other.startswith(key),
            "host": lambda other: other.partition(")")[0] == host,
            "domain": lambda other: other.partition(")")[0] == host or other.startswith(host + ","),
        }
        begin, end = query.get("from", "0"), query.get("to", "9")
        return [m for m in self.made if fits[match](m.key[0]) and begin <= m.stamp <= end]

    def _wayback_index(self, query: dict[str, str]) -> Answer:
        rows = self._rows(query)
        if "showNumPages" in query:
            return 200, [], b"1\n" if rows else b"[]"
        fields = query["fl"].split(",")
        if key := query.get("resumeKey"):
            at = bisect_left([f"{m.key[0]} {m.stamp}" for m in rows], key.replace("+", " "))
            rows = rows[at:] if "urlkey" in fields else rows[at + 2 :]  # internetarchive/wayback#121
        more = rows[self.resume] if len(rows) > self.resume else None
        told = [[_field(m, name) for name in fields] for m in rows[: self.resume]]
        if told:
            told.insert(0, fields)
        if more and query.get("showResumeKey") == "true":
            told += [[], [f"{more.key[0]} {more.stamp}"]]
        body = "[" + ",\n ".join(json.dumps(row) for row in told) + "]\n"
        return 200, [("Content-Type", "application/json")], body.encode()

    def _wayback_replay(self, stamp: str, url: str) -> Answer:
        made = self._by.get((url, stamp))
        if made is None:
            near = min(
                (m for m in self.made if m.url == url),
                key=lambda m: abs(int(m.stamp) - int(stamp)),
                default=None,
            )
            if near is None:
                return 404, [], b"<title>Wayback Machine</title>not archived"
            return 302, [("Location", f"/web/{near.stamp}id_/{url}")], b""
        heads = [("Memento-Datetime", _http_date(stamp)), ("Content-Type", f"{made.mime}; charset=utf-8")]
        heads += [
            ("x-archive-orig-content-type", f"{made.mime}; charset=utf-8"),
            ("x-archive-orig-x-own", "yes"),
        ]
        heads += [
            ("x-archive-src", "a.warc.gz"),
            ("x-app-server", "wwwb"),
            ("Link", f'<{made.url}>; rel="original"'),
        ]
        heads += [("Location", f"{self.at}/web/{stamp}id_/{made.location}")] * bool(made.location)
        return made.status, heads, made.payload  # a packed body, and not a word of it

    def _pywb_replay(self, stamp: str, url: str) -> Answer:
        """pywb gives the nearest capture with 200, and decodes."""
        near = min(
            (m for m in self.made if m.url == url), key=lambda m: abs(int(m.stamp) - int(stamp)), default=None
        )
        if near is None:
            return 404, [("Content-Type", "text/html")], b"<title>URL Not Found</title>"
        heads = [
            ("Memento-Datetime", _http_date(near.stamp)),
            ("Content-Type", f"{near.mime}; charset=utf-8"),
            ("X-Own", "yes"),
        ]
        heads += [("X-Archive-Orig-Content-Encoding", near.coding)] * bool(near.coding)
        heads += [("Location", near.location)] * bool(near.location)
        return near.status, heads, near.body

    def _crawl_index(self, query: dict[str, str]) -> Answer:
        rows = self._rows(query)
        count = -(-len(rows) // self.index_page)
        if "showNumPages" in query:
            return 200, [], json.dumps({"pages": count, "pageSize": 1, "blocks": count}).encode() + b"\n"
        number = int(query.get("page", "0"))
        if not rows:
            return 404, [("Content-Type", "text/x-ndjson")], b'{"message": "No Captures found for: x"}\n'
        if number >= count:
            return 400, [], b'{"message": "Page past the end"}'
        return 200, [], _lines(rows[number * self.index_page : (number + 1) * self.index_page], self.file)

    @property
    def file(self) -> tuple[bytes, dict[tuple[str, str], tuple[int, int]]]:
        """The archive's own file, and where each capture lies in it."""
        if not hasattr(self, "_file"):
            data, places = b"", dict[tuple[str, str], tuple[int, int]]()
            for m in self.made:
                record = m.record()
                places[m.url, m.stamp] = len(data), len(record)
                data += record
            self._file = data, places
        return self._file

    def _range(self, heads: dict[str, str]) -> Answer:
        found = re.fullmatch(r"bytes=(\d+)-(\d+)", heads.get("range", ""))
        data = self.file[0]
        if not found:
            return 200, [], data
        first, last = int(found[1]), int(found[2])
        return 206, [("Content-Range", f"bytes {first}-{last}/{len(data)}")], data[first : last + 1]


class _Handler(BaseHTTPRequestHandler):
    server: Double
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer goes out in one piece
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None: ...

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            self.close_connection = True

    def do_GET(self) -> None:
        server, heads = self.server, {name.lower(): value for name, value in self.headers.items()}
        with server.lock:
            server.asked.append((server.clock(), self.path, heads))
            fault = server.faults.next()
            status, fields, body = server.answer(self.path, heads)
        if fault in ("drop", "silent"):
            if fault == "drop":
                self._say(status, fields, body, len(body) + 10)
            self.close_connection = True
        elif fault == "cut":  # as a server of HTTP/1.0 that ends early: nothing tells
            self._say(status, fields, body[: len(body) // 2], None)
            self.close_connection = True
        elif fault == "short":
            self._say(status, fields, body[: len(body) // 2], len(body) + 1)
            self.close_connection = True
        elif fault:
            self._say(int(fault[:3]), [("Retry-After", "2")] * fault.endswith("after"), b"later", 5)
        else:
            self._say(status, fields, body, len(body))

    def _say(self, status: int, fields: Sequence[tuple[str, str]], body: bytes, length: int | None) -> None:
        self.send_response(status)
        for name, value in fields:
            self.send_header(name, value)
        if status != 304 and length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()


@contextmanager
def running(double: Double) -> Iterator[Double]:
    """The double at work in a thread."""
    with double:
        thread = threading.Thread(target=double.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield double
        double.shutdown()
        thread.join()


def _field(made: Made, name: str) -> str:
    values = {
        "urlkey": made.key[0], "timestamp": made.stamp, "original": made.url, "mimetype": made.mime,
        "statuscode": str(made.status), "digest": made.digest, "length": str(len(made.payload)),
    }  # fmt: skip
    return values[name]


def _lines(rows: Sequence[Made], file: Any = None) -> bytes:
    out = []
    for m in rows:
        said = {
            "urlkey": m.key[0], "timestamp": m.stamp, "url": m.url, "mime": m.mime, "status": str(m.status),
            "digest": m.digest, "length": str(len(m.payload)), "offset": "0", "filename": "x.warc.gz",
        }  # fmt: skip
        if file:
            offset, length = file[1][m.url, m.stamp]
            said |= {"offset": str(offset), "length": str(length), "filename": "data/crawl.warc.gz"}
        out.append(json.dumps(said))
    return "".join(f"{line}\n" for line in out).encode()


def _http_date(stamp: str) -> str:
    return moment(stamp).strftime("%a, %d %b %Y %H:%M:%S GMT")


class Clock:
    """A time of its own: whoever sleeps moves it."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def of(double: Double, kind: str) -> list[Archive]:
    """The double as an archive of a kind."""
    return archives_at(double.at, kind)


def archives_at(address: str, kind: str) -> list[Archive]:
    """What answers at an address as an archive of a kind."""
    if kind == "wayback":
        return archives(f"{address}/cdx/search/cdx")
    if kind == "crawl":
        return archives(f"{address}/CC-MAIN-2024-18-index", replay=f"{address}/{{file}}")
    return archives(f"{address}/coll/cdx")


Held = set[tuple[str, str, bytes]]


def held(folder: Path) -> Held:
    """The captures that a folder's files hold: address, stamp, body; those of revisits too. None of them twice."""
    found: dict[tuple[str, str], bytes | None] = {}
    for path in known.files(folder):
        with path.open("rb") as file:
            for member in members(file):
                fields, block = fields_of(member.record)
                if fields["warc-type"] not in ("response", "revisit"):
                    continue
                key = fields["warc-target-uri"], "".join(filter(str.isdigit, fields["warc-date"]))
                assert key not in found, f"{key} is kept twice"
                if fields["warc-type"] == "response":
                    head, start = http.split(block)
                    found[key] = http.body(block, head, start)
                else:
                    refers = fields["warc-refers-to-target-uri"], fields["warc-refers-to-date"]
                    found[key] = found[refers[0], "".join(filter(str.isdigit, refers[1]))]
    return {(url, stamp, body or b"") for (url, stamp), body in found.items()}


def gaps(times: Sequence[float]) -> list[float]:
    """What lies between one time and the next."""
    return [round(later - earlier, 6) for earlier, later in pairwise(times)]
