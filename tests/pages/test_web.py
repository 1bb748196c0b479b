"""Addresses of the web, on loopback servers that answer as real ones do, and as hostile ones do."""

from __future__ import annotations

import base64
import bz2
import gzip
import socket
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from files import make
from made import block as table_block
from made import empty_store

from tracker.errors import SourceError
from tracker.finder.find import find
from tracker.ingest import ingest
from tracker.model import Page
from tracker.pages import Limits, pages
from tracker.pages.web import USER_AGENT, is_inner
from tracker.store.export import export, format_of

network = import_module("tracker.pages.network")
FILES = Path(__file__).parents[1] / "files"
DATE = "Tue, 03 Dec 2019 07:35:00 GMT"
ROWS = "<li>비트코인 8,692,000원 -1.52%<li>이더리움 173,900원 -1.53%<li>리플 264원 -2.23%"
BLOCK = f"<p>실시간 암호화폐 시세</p><ul>{ROWS}</ul>"


class Site(ThreadingHTTPServer):
    """A server that answers each path as it is told to, and remembers what it was asked."""

    daemon_threads = True

    def __init__(self, host: str = "127.0.0.1") -> None:
        super().__init__((host, 0), Handler)
        self.answers: dict[str, Callable[[Handler], None]] = {}
        self.asked: list[tuple[str, str, dict[str, str]]] = []

    @property
    def at(self) -> str:
        return f"http://{self.server_address[0]!s}:{self.server_port}"

    def put(self, path: str, body: bytes | str = b"", status: int = 200, **heads: str) -> str:
        """Answer a path so; returns its address. A `Date` is sent only if it is given."""
        data = body if isinstance(body, bytes) else body.encode()

        def answer(handler: Handler) -> None:
            handler.send_response_only(status)
            for name, value in ({"Content_Length": str(len(data))} | heads).items():
                handler.send_header(name.replace("_", "-"), value)
            handler.end_headers()
            handler.wfile.write(data)

        self.answers[path] = answer
        return f"{self.at}{path}"


class Handler(BaseHTTPRequestHandler):
    server: Site

    def log_message(self, *_: object) -> None: ...

    def do_GET(self) -> None:
        self.server.asked.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}))
        self.server.answers.get(self.path, lambda handler: handler.send_error(404))(self)

    do_HEAD = do_GET


def running(site: Site) -> Iterator[Site]:
    with site:
        thread = threading.Thread(target=site.serve_forever, args=(0.01,))
        thread.start()
        yield site
        site.shutdown()
        thread.join()


@pytest.fixture
def site() -> Iterator[Site]:
    yield from running(Site())


@pytest.fixture
def other() -> Iterator[Site]:
    """Another machine, as far as its address tells."""
    if sys.platform != "linux":
        pytest.fail("only Linux answers at all of 127.0.0.0/8; test on it")
    yield from running(Site("127.0.0.2"))


def met(address: str, **options: Any) -> tuple[list[Page], list[str]]:
    errors: list[SourceError] = []
    found = list(pages(address, on_skip=errors.append, **options))
    return found, [str(error).removeprefix(f"{address}: ") for error in errors]


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
def test_a_packed_page_is_read_whatever_its_server_calls_it(
    site: Site, pack: Callable[[bytes], bytes]
) -> None:
    ((page,), errors) = met(
        site.put("/a.html.gz", pack(BLOCK.encode()), Content_Type="application/x-gzip", Date=DATE)
    )
    assert not errors and "173,900원" in page.text and "<li>" not in page.text
    assert page.captured_at == datetime(2019, 12, 3, 7, 35, tzinfo=UTC)


@pytest.mark.parametrize("pack", [gzip.compress, bytes])
def test_revisit_records_of_an_archive_at_an_address_cost_no_further_request(
    site: Site, pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    address = site.put("/x.warc.gz", b"".join(map(pack, make.revisits())))
    found, errors = met(address)
    assert len(found) == 4 and len({page.text for page in found}) == 1
    assert len({page.captured_at for page in found}) == 4
    assert [error.partition(": ")[2] for error in errors] == ["a revisit record of a page that is not known"]
    assert ingest([address], empty_store(tmp_path / "a.duckdb")).added == 4
    assert len(site.asked) == 2  # one for each reading


def test_an_export_at_an_address_is_taken_back_with_one_request(site: Site, tmp_path: Path) -> None:
    store, other = (empty_store(tmp_path / name) for name in ("a.duckdb", "b.duckdb"))
    store.add([table_block(0), table_block(1)])
    for name in ("q.csv", "q.jsonl", "q.parquet"):
        export(store, tmp_path / name, format_of(name))
    packed = gzip.compress((tmp_path / "q.csv").read_bytes())
    answers = [
        site.put(f"/{name}", (tmp_path / name).read_bytes()) for name in ("q.csv", "q.jsonl", "q.parquet")
    ]
    answers.append(site.put("/table", packed, Content_Type="text/csv", Content_Encoding="gzip"))
    for address, new in zip(answers, (2, 0, 0, 0), strict=True):
        assert ingest([address], other).exports == {address: (new, 0)}
    assert len(site.asked) == 4 and other.history() == store.history()


def test_a_page_is_one_request_with_our_name(site: Site) -> None:
    ((page,), errors) = met(site.put("/a?id=1&x[]=2*", BLOCK, Date=DATE))
    assert [(how, path) for how, path, _ in site.asked] == [("GET", "/a?id=1&x[]=2*")]
    assert site.asked[0][2]["user-agent"] == USER_AGENT and not errors
    assert "range" not in site.asked[0][2]
    assert (page.url, page.site) == (page.source, "127.0.0.1")
    assert page.captured_at == datetime(2019, 12, 3, 7, 35, tzinfo=UTC)
    (block,) = find(page)
    assert (block.time_basis, block.observed_at, len(block.quotes)) == ("capture", page.captured_at, 3)


def test_without_a_date_the_time_of_the_request_counts(site: Site) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    (page,), _ = met(site.put("/", BLOCK))
    assert page.captured_at and before <= page.captured_at <= datetime.now(UTC)


def test_the_address_is_the_one_after_redirects(site: Site) -> None:
    site.put("/b/c", "<link rel=canonical href='https://elsewhere.kr/'>", Date=DATE, Content_Type="text/html")
    site.put("/b", status=302, Location="b/c#top")
    start = site.put("/a", status=301, Location=f"{site.at}/b", Set_Cookie="seen=1; Path=/")
    (page,), _ = met(start)
    assert (page.source, page.url) == (start, f"{site.at}/b/c")
    assert site.asked[-1][2]["cookie"] == "seen=1"


def test_a_place_on_a_page_is_the_page_and_a_password_is_not_kept(site: Site) -> None:
    address = site.put("/a", BLOCK).replace("http://", "http://me:secret@")
    (page,), _ = met(f"{address}#comments")
    assert page.url == f"{site.at}/a"
    assert base64.b64encode(b"me:secret").decode() in site.asked[0][2]["authorization"]


def test_of_a_web_archives_answer_it_is_the_archived_address_and_time(site: Site) -> None:
    heads = {
        "Memento_Datetime": DATE,
        "Link": '<https://etoday.co.kr/a?b=1,2>; rel="original", <http://x.org/timemap/>; rel="timemap"',
    }
    (page,), _ = met(
        site.put(
            "/web/20200101000000id_/https://etoday.co.kr/a",
            BLOCK,
            Date="Wed, 01 Jan 2025 00:00:00 GMT",
            **heads,
        )
    )
    assert page.url == "https://etoday.co.kr/a?b=1,2"
    assert page.captured_at == datetime(2019, 12, 3, 7, 35, tzinfo=UTC)


def test_a_saved_copy_is_believed_about_itself(site: Site) -> None:
    said = "url: https://a.kr/1 \n saved date: Tue Dec 03 2019 16:35:00 GMT+0900 (KST)"
    comment = f"<!--\n Page saved with SingleFile \n {said}\n-->"
    (page,), _ = met(
        site.put("/copy", f"<!DOCTYPE html><html>{comment}{BLOCK}", Date="Wed, 01 Jan 2025 00:00:00 GMT")
    )
    assert (page.url, page.captured_at) == ("https://a.kr/1", datetime(2019, 12, 3, 7, 35, tzinfo=UTC))


def test_what_the_user_says_of_a_page_holds(site: Site) -> None:
    (page,), _ = met(site.put("/a", BLOCK), url="https://b.kr/", at="2019-12-03 16:35")
    assert (page.url, page.given_at) == ("https://b.kr/", datetime(2019, 12, 3, 7, 35, tzinfo=UTC))


CODED: dict[str, tuple[bytes, dict[str, str]]] = {
    "plain": (BLOCK.encode(), {}),
    "gzip": (gzip.compress(BLOCK.encode()), {"Content_Encoding": "gzip"}),
    "gzip, unsaid": (gzip.compress(BLOCK.encode()), {}),
    "gzip, said and not done": (BLOCK.encode(), {"Content_Encoding": "gzip"}),
    "deflate": (zlib.compress(BLOCK.encode()), {"Content_Encoding": "deflate"}),
    "in CP949": (BLOCK.encode("cp949"), {"Content_Type": "text/html; charset=euc-kr"}),
}


@pytest.mark.parametrize("name", CODED)
def test_however_a_body_is_coded_it_is_the_same_page(site: Site, name: str) -> None:
    body, heads = CODED[name]
    heads = {"Content_Type": "text/html; charset=utf-8"} | heads
    (page,), errors = met(site.put("/a", body, **heads))
    assert ("비트코인 8,692,000원 -1.52%" in page.text, errors) == (True, [])


REFUSED = {
    404: "404 Not Found; check the address",
    410: "410 Gone; check the address",
    403: "403 Forbidden; open it in a browser and save the page",
    429: "429 Too Many Requests; try later",
    500: "500 Internal Server Error; try later",
    503: "503 Service Unavailable; try later",
    599: "599; check the address",
}


@pytest.mark.parametrize("status", REFUSED)
def test_an_error_of_http_is_told_by_its_number(site: Site, status: int) -> None:
    assert met(site.put("/", "<p>sorry", status)) == ([], [REFUSED[status]])
    assert len(site.asked) == 1


def test_when_to_try_again_is_told(site: Site) -> None:
    assert met(site.put("/", status=503, Retry_After="120"))[1] == [
        "503 Service Unavailable; try later: in 120 s"
    ]


LEADS = {
    "/loop": "more than 10 redirects: they have no end",
    "file:///etc/passwd": "it leads to file:///etc/passwd, which is no address of the web",
    "ftp://a.kr/": "it leads to ftp://a.kr/, which is no address of the web",
    "http://[::1": "is no address",
}


@pytest.mark.parametrize("location", LEADS)
def test_a_redirect_leads_to_the_web_or_nowhere(site: Site, location: str) -> None:
    found, (error,) = met(site.put("/loop", status=302, Location=location))
    assert not found and error.startswith(LEADS[location])
    assert len(site.asked) <= 11


def test_a_redirect_never_leads_into_an_inner_network(
    site: Site, other: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = other.put("/secret", BLOCK)
    start = site.put("/", status=302, Location=inside)
    assert [page.url for page in met(start)[0]] == [inside], "from one machine of it to another it may"
    other.asked.clear()
    monkeypatch.setattr(network, "is_inner", lambda address: address == "127.0.0.2")
    reason = "it leads to 127.0.0.2, a machine of an inner network; name that address if you mean it"
    assert met(start) == ([], [reason])
    assert not other.asked, "it was not even asked"
    assert len(met(inside)[0]) == 1, "the user named it"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1", True), ("10.1.2.3", True), ("192.168.0.1", True), ("169.254.169.254", True), ("::1", True),
        ("fe80::1%eth0", True), ("::ffff:127.0.0.1", True), ("8.8.8.8", False), ("2001:4860:4860::8888", False),
        ("::ffff:8.8.8.8", False),
    ],
)  # fmt: skip
def test_inner_networks_are_known(address: str, expected: bool) -> None:
    assert is_inner(address) is expected


def dripping(handler: Handler) -> None:
    """A byte now and then, never a whole answer."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    _drip(handler)


def dripping_body(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    _drip(handler)


def _drip(handler: Handler) -> None:
    try:
        for _ in range(200):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.02)
    except OSError:
        pass


def hanging(handler: Handler) -> None:
    handler.rfile.read(1)  # until the other side has gone


def hanging_in_its_body(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n<p>")
    handler.rfile.read(1)


def breaking_off(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n<p>")


def nonsense(handler: Handler) -> None:
    handler.wfile.write(b"220 mail.example.org ESMTP\r\n")


HURRIED, IMPATIENT = (
    Limits(5, 5, 0.3),
    Limits(5, 0.2, 5),
)  # in the whole, and of silence: the machine may be busy
SLOW: dict[Callable[[Handler], None], tuple[Limits, str]] = {
    dripping: (HURRIED, "not had within 0.3 s; try later, or give it more time"),
    dripping_body: (HURRIED, "the transfer broke off: not had within 0.3 s; try later"),
    hanging: (IMPATIENT, "silent for 0.2 s; try later, or give it more time"),
    hanging_in_its_body: (IMPATIENT, "the transfer broke off: silent for 0.2 s; try later"),
    breaking_off: (IMPATIENT, "the transfer broke off; try later"),
    nonsense: (IMPATIENT, "cannot be had: "),
}


@pytest.mark.parametrize("answer", SLOW)
def test_nobody_is_waited_for_without_end(site: Site, answer: Callable[[Handler], None]) -> None:
    limits, line = SLOW[answer]
    site.answers["/"] = answer
    begun = time.monotonic()
    found, (error,) = met(f"{site.at}/", limits=limits)
    assert not found and error.startswith(line)
    assert time.monotonic() - begun < 4


def test_a_call_that_nobody_takes_is_given_up() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        with socket.create_connection(deaf.getsockname()):  # the queue holds one
            address = f"http://127.0.0.1:{deaf.getsockname()[1]}/"
            assert met(address, limits=Limits(0.2, 1, 1)) == ([], ["no connection within 0.2 s; try later"])


def test_an_archive_may_take_longer_than_a_page(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "PIECE", 200)
    data = (FILES / "whole.warc.gz").read_bytes()

    def slowly(handler: Handler) -> None:
        handler.wfile.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(data)}\r\n\r\n".encode())
        for start in range(0, len(data), 100):
            time.sleep(0.1)
            handler.wfile.write(data[start : start + 100])

    site.answers["/x.warc.gz"] = slowly
    assert len(data) > 10 * 100
    assert len(met(f"{site.at}/x.warc.gz", limits=Limits(5, 5, 0.8))[0]) == 5


def test_a_page_that_is_too_large_is_not_fetched_to_its_end(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("reader", "document"):
        monkeypatch.setattr(import_module(f"tracker.pages.{module}"), "MAX_PAGE", 1 << 20)

    def endless(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            while True:
                handler.wfile.write(b"x" * 65536)
        except OSError:
            handler.close_connection = True

    site.answers["/endless"] = endless
    said = site.put("/said", b"x" * 1_100_000)
    for address in (f"{site.at}/endless", said):
        assert met(address)[1] == ["a page of more than 1 MB; take its text out first"]


NO_PAGES = {
    "image/png": (b"\x89PNG", "is image/png, not a page of text"),
    "text/html": (b"", "is empty"),
    "text/html; charset=utf-8": (b"\x89PNG\0\0\0", "is binary, not a page of text"),
}


@pytest.mark.parametrize("media", NO_PAGES)
def test_what_is_no_page_is_told(site: Site, media: str) -> None:
    body, reason = NO_PAGES[media]
    assert met(site.put("/a", body, Content_Type=media)) == ([], [reason])


CONTAINERS = {
    "whole.warc.gz": 5,
    "whole.warc.zst": 5,
    "damaged-row-group.parquet": 15,
    "in-cp949.jsonl": 1,
}


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_container_is_read_in_order_as_it_comes(site: Site, name: str) -> None:
    address = site.put(f"/{name}?version=2", (FILES / name).read_bytes())
    found, _ = met(address)
    assert (len(found), len(site.asked)) == (CONTAINERS[name], 1)
    last = found[-1]
    assert met(last.source)[0] == [last]


FAILURES = {
    "http://127.0.0.1:1/": "nobody answers there: connection refused",
    "http://nowhere.invalid/": "there is no such host, or no way to ask for it",
    "http://[::1/": "is no address",
    "http://": "is no address",
}


@pytest.mark.parametrize("address", FAILURES)
def test_what_is_in_the_way_is_told(address: str) -> None:
    found, (error,) = met(address)
    assert not found and error.startswith(FAILURES[address])


def test_a_connection_that_is_not_secure_is_told(site: Site) -> None:
    found, (error,) = met(f"https{site.at.removeprefix('http')}/")
    assert not found and error.startswith("no secure connection (TLS): ")


def test_a_proxy_is_asked_where_the_system_has_one(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", site.at)
    monkeypatch.setenv("no_proxy", "")
    site.put("http://etoday.co.kr/a", BLOCK)
    assert [page.url for page in met("http://etoday.co.kr/a")[0]] == ["http://etoday.co.kr/a"]
