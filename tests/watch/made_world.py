"""A world for a watch in which time is made: a site of the tests' own, its pages kept in real WARC files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tracker.coins.registry import load
from tracker.collect.keep import Keep
from tracker.collect.live import Answer
from tracker.store import Store
from tracker.watch.round import Watch
from tracker.watch.rule import parse
from tracker.watch.sites import Site, Sites
from tracker.watch.tell import Teller
from tracker.watch.world import World

START = datetime(2026, 11, 27, tzinfo=UTC)
URL = "https://www.a.kr/"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
NAMES = {"BTC": "비트코인", "ETH": "이더리움", "XRP": "리플"}

Shows = Callable[[float], dict[str, tuple[int, float]] | str | None]


class Stopped(BaseException):
    """The end of the made time, or a kill."""


def page(prices: dict[str, tuple[int, float]]) -> bytes:
    rows = "".join(
        f"<tr><td>{NAMES[coin]}</td><td>{price:,}원</td><td>{change:+.2f}%</td></tr>"
        for coin, (price, change) in prices.items()
    )
    head = "<tr><th>종목</th><th>현재가</th><th>등락률(24H)</th></tr>"
    return f"<!doctype html><html><body><p>기사</p><h3>시세</h3><table>{head}{rows}</table></body></html>".encode()


@dataclass
class Made:
    """Time, a site, and what was told. shows: at so many minutes prices and changes, why it is down, or None: no list."""

    folder: Path
    shows: Shows
    rules: tuple[str, ...] = ()
    interval: timedelta = timedelta(hours=2)
    until: timedelta = timedelta(days=1)
    now: datetime = START
    asked: list[datetime] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    at: Callable[[str], object] = lambda moment: None  # where a test may kill it
    wait: float = 1
    reports: int = 0

    def watch(self, **more: Any) -> Watch:
        sites = Sites((Site(URL, self.interval),), tuple(parse(rule, load(), "here") for rule in self.rules))
        world = World(
            self.bring, lambda url: self.folder / "a.kr", lambda: self.now, self.sleep, lambda: 0.5, self.say,
            "{:%H:%M}".format,
        )  # fmt: skip
        return Watch(
            sites, Store(self.folder / "s.duckdb", wait=self.wait), world, Teller(self.write), **more
        )

    def run(self, **more: Any) -> Watch:
        """Until the made time is over."""
        watch = self.watch(**more)
        try:
            watch.run()
        except Stopped:
            return watch

    def write(self, line: str) -> None:
        self.at("telling")
        self.lines.append(line)
        self.at("told")

    def say(self, at: datetime, line: str, plain: bool) -> None:
        self.said.append(f"{at:%H:%M} {line}")

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += timedelta(seconds=seconds)
        if self.now - START >= self.until:
            raise Stopped

    def bring(self, url: str) -> Answer:
        self.at("asking")
        when = self.now.replace(microsecond=0)
        self.asked.append(when)
        shown = self.shows((when - START) / timedelta(minutes=1))
        if isinstance(shown, str):
            return Answer(url, 503, when, reason=shown)
        body = page(shown) if shown else "<html><body>기사</body></html>".encode()
        with Keep(self.folder / "a.kr") as keep:
            place = keep.response(url, when, HEAD, body)
        self.at("kept")
        return Answer(url, 200, when, records=(place,))


def steps(**coins: list[tuple[int, float]]) -> Shows:
    """Each coin's price and change, two hours each, the last one for good."""
    return lambda minute: {
        coin: course[min(int(minute // 120), len(course) - 1)] for coin, course in coins.items()
    }
