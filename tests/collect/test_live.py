"""Live pages, on a loopback site: what robots.txt says, what is known of the last answer, where redirects lead."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from doubles import Answer, Clock, Double, Faults, gaps, page, running

from tracker.collect import Orders, collect, known, target
from tracker.collect.keep import Keep
from tracker.collect.live import Live, Seen
from tracker.collect.pace import Pace
from tracker.collect.record import fields_of, members
from tracker.errors import Refused
from tracker.ingest import ingest
from tracker.pages import network
from tracker.store import Store

HTML = ("Content-Type", "text/html; charset=utf-8")


class Site(Double):
    """A live site of one page, which has an ETag and changes when it is told to."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock=clock)
        self.number, self.robots = 1, "User-agent: *\nDisallow: /private\n"
        self.live = {
            "/robots.txt": lambda heads: (200, [("Content-Type", "text/plain")], self.robots.encode()),
            "/": self.front, "/private/": self.front,
            "/moved": lambda heads: (301, [("Location", "/")], b"moved"),
            "/loop": lambda heads: (302, [("Location", "/loop")], b""),
            "/picture": lambda heads: (200, [("Content-Type", "image/png")], b"\x89PNG"),
            "/empty": lambda heads: (200, [HTML], b" "),
            "/mail": lambda heads: (302, [("Location", "mailto:a@b.kr")], b""),
            "/ads": lambda heads: (302, [("Location", "/private/")], b""),
        }  # fmt: skip

    def front(self, heads: dict[str, str]) -> Answer:
        etag = f'"{self.number}"'
        if heads.get("if-none-match") == etag:
            return 304, [("ETag", etag)], b""
        return (
            200,
            [HTML, ("ETag", etag), ("Last-Modified", "Tue, 03 Dec 2019 07:35:00 GMT")],
            page(self.number),
        )


@pytest.fixture
def site(clock: Clock) -> Iterator[Site]:
    with running(Site(clock)) as server:
        assert isinstance(server, Site)
        yield server


@pytest.fixture
def keep(tmp_path: Path) -> Iterator[Keep]:
    with Keep(tmp_path / "site") as files:
        yield files


@pytest.fixture
def live(pace: Pace, clock: Clock) -> Iterator[Live]:
    """A client whose day goes by the clock that is handed in."""
    with Live(
        pace, now=lambda: datetime(2026, 11, 27, tzinfo=UTC) + timedelta(seconds=int(clock.now))
    ) as client:
        yield client


def records(folder: Path) -> list[tuple[dict[str, str], bytes]]:
    found = []
    for path in known.files(folder):
        with path.open("rb") as file:
            found += [fields_of(member.record) for member in members(file)]
    return found


def test_a_page_is_kept_as_it_was_received(site: Site, live: Live, keep: Keep) -> None:
    answer = live.fetch(f"{site.at}/", keep)
    assert (answer.status, answer.reason, answer.unchanged) == (200, None, False)
    assert answer.seen == Seen('"1"', "Tue, 03 Dec 2019 07:35:00 GMT")
    info, request, response = records(keep.folder)
    assert [fields["warc-type"] for fields, _ in (info, request, response)] == [
        "warcinfo",
        "request",
        "response",
    ]
    assert request[0]["warc-concurrent-to"] == response[0]["warc-record-id"]
    assert request[1].startswith(b"GET / HTTP/1.1\r\nHost: 127.0.0.1:")
    assert response[1].startswith(b"HTTP/1.1 200 OK\r\nServer: ") and response[1].endswith(page(1))
    assert response[0]["warc-date"] == answer.captured_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert answer.page and answer.records == (f"{answer.page}#{len(_packed(answer.page, 2))}",)


def test_a_page_is_dated_when_it_was_asked_for_not_before_the_pause(
    site: Site, live: Live, keep: Keep
) -> None:
    first, second = live.fetch(f"{site.at}/", keep), live.fetch(f"{site.at}/moved", keep)
    assert second.captured_at - first.captured_at >= timedelta(
        seconds=2
    )  # a second each: the redirect, and where it leads
    assert fields_of_last(keep)["warc-date"] == second.captured_at.strftime("%Y-%m-%dT%H:%M:%SZ")


def fields_of_last(keep: Keep) -> dict[str, str]:
    return records(keep.folder)[-1][0]


def _packed(path: Path, number: int) -> bytes:
    """The first records of a file that grows."""
    with path.with_name(path.name + ".open").open("rb") as file:
        data = file.read()
        file.seek(0)
        return data[: [member.offset for member in members(file)][number]]


def test_a_page_that_did_not_change_is_dated_without_its_payload(
    site: Site, live: Live, keep: Keep, tmp_path: Path
) -> None:
    first, second = (live.fetch(f"{site.at}/", keep) for _ in range(2))
    assert (second.status, second.unchanged, second.seen) == (304, True, first.seen)
    site.number = 2
    third = live.fetch(f"{site.at}/", keep, second.seen)
    assert third.status == 200 and third.captured_at > second.captured_at
    tally = ingest([*first.records, *second.records, *third.records], Store(str(tmp_path / "s.duckdb")))
    assert (tally.added, tally.unreadable) == (3, [])
    rows = list(Store(str(tmp_path / "s.duckdb")).history("BTC"))
    assert [int(row["price"]) - 8_692_000 for row in rows] == [1, 1, 2]
    assert [row["captured_at"] for row in rows] == [a.captured_at for a in (first, second, third)]
    assert rows[0]["source"] == first.records[0], "the name that the file will have"


def test_what_is_known_of_a_page_is_what_was_written(site: Site, live: Live, tmp_path: Path) -> None:
    for status in (200, 304):
        with Keep(tmp_path / "site") as keep:
            assert live.fetch(f"{site.at}/moved", keep).status == status


REASONS = {
    "/private/": "robots.txt forbids it", "/ads": "robots.txt forbids it", "/loop": "more than 10 redirects",
    "/picture": "is image/png, not a page", "/empty": "is empty", "/none": "404 Not Found",
    "/mail": "it leads to mailto:a@b.kr, which is no address of the web",
}  # fmt: skip


@pytest.mark.parametrize("path", REASONS)
def test_what_is_not_kept_is_noted(site: Site, live: Live, keep: Keep, path: str) -> None:
    answer = live.fetch(site.at + path, keep)
    assert (answer.reason, answer.page, answer.records) == (REASONS[path], None, ())
    assert f",{REASONS[path].split(',')[0]}" in keep.notes.path.read_text("utf-8").replace('"', "")
    assert not known.files(keep.folder)


def test_a_redirect_leads_to_no_inner_machine(
    site: Site, pace: Pace, keep: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither for the page nor for its robots.txt. What the user typed is a machine of the world here."""
    monkeypatch.setattr(network, "is_inner", lambda address: address == "127.0.0.2")
    with running(_everywhere(site)) as both, Live(pace) as live:
        answer = live.fetch(f"{both.at}/out", keep)
        assert answer.reason == "it leads to 127.0.0.2, a machine of an inner network"
        assert both.asked and all(heads["host"].startswith("127.0.0.1:") for _, _, heads in both.asked)


def _everywhere(site: Site) -> Double:
    """The site on all addresses of this machine, with a page that leads to another of them."""
    double = Double()
    double.socket.close()
    double.socket = socket.create_server(("", 0))
    double.server_port = double.socket.getsockname()[1]
    away = ("Location", f"http://127.0.0.2:{double.server_port}/")
    double.live = site.live | {"/out": lambda heads: (302, [away], b"")}
    return double


# --- robots.txt


def test_robots_txt_is_asked_once_a_day(site: Site, live: Live, keep: Keep, clock: Clock) -> None:
    for _ in range(3):
        live.fetch(f"{site.at}/", keep)
    assert site.paths("robots") == ["/robots.txt"]
    clock.now += 24 * 3600
    live.fetch(f"{site.at}/", keep)
    assert len(site.paths("robots")) == 2


def test_a_crawl_delay_is_kept(site: Site, live: Live, keep: Keep) -> None:
    site.robots = "User-agent: *\nCrawl-delay: 7\n"
    for _ in range(3):
        live.fetch(f"{site.at}/", keep)
    assert min(gaps([when for when, path, _ in site.asked if path == "/"])) >= 7
    assert max(gaps(site.times())) <= 7 * 1.25


def test_a_site_is_asked_once_a_second_with_jitter(site: Site, live: Live, keep: Keep) -> None:
    for _ in range(4):
        live.fetch(f"{site.at}/", keep)
    assert set(gaps(site.times())) == {1.125}


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (404, None),
        (403, None),
        (501, "501 Not Implemented"),
        (503, "503 Service Unavailable"),
    ],
)
def test_robots_txt_that_is_not_there(
    site: Site, live: Live, keep: Keep, status: int, reason: str | None
) -> None:
    """RFC 9309: a client's error allows everything, a server's forbids everything for now."""
    site.live["/robots.txt"] = lambda heads: (status, [], b"no")
    assert live.fetch(f"{site.at}/private/", keep).reason == (
        f"robots.txt cannot be had: {reason}" if reason else None
    )


def test_robots_txt_can_be_ignored(site: Site, pace: Pace, keep: Keep) -> None:
    with Live(pace, robots=False) as live:
        assert live.fetch(f"{site.at}/private/", keep).status == 200
    assert site.paths("robots") == []


# --- trouble


def test_a_site_in_trouble_is_tried_again_and_then_left(site: Site, live: Live, keep: Keep) -> None:
    site.faults = Faults(0.5, 3, ("503", "drop", "silent"))
    answer = live.fetch(f"{site.at}/", keep)
    assert answer.status == 200 and len(site.asked) > 2
    site.faults = Faults(1.0, 0, ("503",))
    assert live.fetch(f"{site.at}/", keep).reason == "503 Service Unavailable"


def test_a_site_that_says_stop_is_left_alone(site: Site, live: Live, keep: Keep) -> None:
    live.fetch(f"{site.at}/", keep)
    site.faults = Faults(1.0, 0, ("429",))
    with pytest.raises(Refused, match="says stop again and again: 429 Too Many Requests"):
        live.fetch(f"{site.at}/", keep)


def test_a_pause_that_is_too_long_is_left_to_the_next_run(
    site: Site, live: Live, keep: Keep, clock: Clock
) -> None:
    live.fetch(f"{site.at}/", keep)
    site.live["/"] = lambda heads: (503, [("Retry-After", "7200")], b"")
    before = clock.now
    assert (
        live.fetch(f"{site.at}/", keep).reason
        == "503 Service Unavailable; it wants to be asked again in 7,200 s"
    )
    assert clock.now - before < 10


def test_nobody_there(live: Live, keep: Keep) -> None:
    answer = live.fetch("http://127.0.0.1:9/", keep)
    assert (answer.status, answer.reason) == (
        0,
        "robots.txt cannot be had: nobody answers there: connection refused",
    )


def test_a_password_is_not_kept(site: Site, live: Live, keep: Keep) -> None:
    answer = live.fetch(site.at.replace("//", "//me:secret@") + "/", keep)
    assert answer.url == f"{site.at}/"
    assert "authorization" in site.asked[-1][2]
    assert not [block for _, block in records(keep.folder) if b"uthorization" in block or b"secret" in block]


# --- the command's side


def test_several_live_pages_one_of_them_not_there(site: Site, pace: Pace, tmp_path: Path) -> None:
    said: list[str] = []
    targets = [target(f"127.0.0.1:{site.server_port}{path}") for path in ("/", "/none")]
    tally = collect(targets, [], Orders(tmp_path), pace, on_say=lambda line: said.append(str(line)))
    assert (tally.kept, len(tally.failed)) == (1, 1) and "404 Not Found; it is noted" in said[0]
    (folder,) = tmp_path.iterdir()
    assert folder.name == f"127.0.0.1-{site.server_port}"
    (path,) = known.files(folder)
    assert path.name.endswith(".warc.gz"), "it gets its name when the run ends"
