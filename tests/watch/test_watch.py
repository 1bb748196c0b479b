"""A watch over a day of made time: what is asked when, what is stored and told; restarts, kills and a busy store."""

from __future__ import annotations

import dataclasses
import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from made import BITCOIN, NOON, block, empty_store
from made_world import START, URL, Made, Stopped, steps

from tracker.collect.live import Answer
from tracker.errors import OutputError, StoreBusy, StoreError
from tracker.store import State, Store, Told, Visited
from tracker.store.alerts import Watching
from tracker.watch.judge import BASES, MILD, Moment, Row, in_order
from tracker.watch.lock import alone

RULES = ("BTC change_pct < -5", "BTC move_pct < -3", "ETH price > 200000 KRW", "a.kr silent 3h")
BTC = [
    (9_000_000, -1.0),
    (8_900_000, -4.95),
    (8_500_000, -5.5),
    (8_500_000, -4.95),
    (8_490_000, -5.2),
    (8_800_000, 1.0),
]
ETH = [(199_000, 1.0), (201_000, 2.0), (200_500, 2.0), (197_000, 1.5), (195_900, 1.0), (190_000, 1.0)]


def day(minute: float) -> dict[str, tuple[int, float]] | str | None:
    """A course of twelve hours, shown twice; down from 8 to 12, without its list from 22 on."""
    if 480 <= minute < 720:
        return "503 Service Unavailable"
    if minute >= 1320:
        return None
    return steps(BTC=BTC, ETH=ETH, XRP=[(700, 0.5)])(minute % 720)


FALL, MOVE, RISE, SILENCE = RULES
TOLD = [
    ("02:00", RISE, "fires"), ("04:00", FALL, "fires"), ("04:00", MOVE, "fires"),
    ("06:00", MOVE, "ends"),  # -4.95 and 197,000 are within the margins
    ("10:00", SILENCE, "fires"), ("12:00", FALL, "ends"), ("12:00", SILENCE, "ends"), ("16:00", FALL, "fires"),
    ("16:00", MOVE, "fires"), ("18:00", MOVE, "ends"), ("20:00", RISE, "ends"),
]  # fmt: skip


def told(made: Made) -> list[tuple[str, str, str]]:
    events = [json.loads(line) for line in made.lines]
    return [(event["at"][11:16], event["rule"], event["state"]) for event in events]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A day that nothing disturbed."""
    made = Made(tmp_path_factory.mktemp("day"), day, RULES)
    watch = made.run(report=lambda: setattr(made, "reports", made.reports + 1))
    assert dataclasses.astuple(watch.count) == (12, 12, 0, 2, 9, 6, 5, 0)
    return made


def test_a_day_is_asked_for_at_its_interval(whole: Made) -> None:
    assert whole.asked == [START + timedelta(hours=hour) for hour in range(0, 24, 2)]
    assert whole.reports == 12


def test_a_day_is_stored_with_source_and_time(whole: Made) -> None:
    rows = Store(whole.folder / "s.duckdb").history("BTC")
    assert [row["observed_at"].hour for row in rows] == [
        hour for hour in range(0, 24, 2) if hour not in (8, 10, 22)
    ]
    assert {(row["time_basis"], row["url"]) for row in rows} == {("capture", "https://www.a.kr/")}
    assert all(re.search(r"/a\.kr/a\.kr-.*\.warc\.gz#\d+$", row["source"]) for row in rows)


def test_alerts_of_a_day(whole: Made) -> None:
    assert told(whole) == TOLD


def test_what_people_are_told_of_a_day(whole: Made) -> None:
    events = [line for line in whole.said if not re.search("BTC|ETH|snapshot", line)]
    assert [re.sub("; .*", "", line) for line in events] == [
        "08:00 a.kr: down: 503 Service Unavailable",
        "10:00 a.kr silent 3h: fires",
        "12:00 a.kr: is back after 4h",
        "12:00 a.kr silent 3h: ends",
        "22:00 a.kr: no block since 20:00: `tracker inspect` says why",
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("hours", "odds"), [(4, 0.25), (24, 0.25)])
def test_a_watch_that_is_killed_anywhere_tells_the_same(
    whole: Made, tmp_path: Path, hours: int, odds: float
) -> None:
    """Killed while asking, after keeping, storing, recording, telling: nothing is lost, and what is told twice, because the
    kill came while it was told, is known by its id."""
    chance, killed = random.Random(hours), list[str]()

    def at(moment: str) -> None:
        if chance.random() < odds:
            killed.append(moment)
            raise Stopped

    made = Made(tmp_path, day, RULES, at=at, until=timedelta(hours=hours) - timedelta(minutes=1))
    with _killed(Watching, ("begin", "settle", "mark_told"), at):
        while made.now - START < made.until:
            made.run()
    assert len(killed) >= hours, killed
    assert len(set(killed)) >= 5
    once = list(dict.fromkeys(json.loads(line)["id"] for line in made.lines))
    assert once == [json.loads(line)["id"] for line in whole.lines][: len(once)]
    assert len(once) == sum(at < f"{hours:02}" for at, *_ in TOLD)
    assert len(made.lines) - len(once) <= sum(moment in ("told", "mark_told") for moment in killed)
    assert _rows(made) == [row for row in _rows(whole) if row[1] < START + timedelta(hours=hours)]


def _rows(made: Made) -> list[tuple[object, ...]]:
    rows = Store(made.folder / "s.duckdb").history()
    return [(row["snapshot_id"], row["observed_at"], row["symbol"], row["price"]) for row in rows]


class _killed:
    """Methods after which, or before which, the process may be gone."""

    def __init__(self, owner: type, names: tuple[str, ...], at: object) -> None:
        self.owner, self.kept, self.at = owner, {name: getattr(owner, name) for name in names}, at

    def __enter__(self) -> None:
        for name, real in self.kept.items():
            setattr(self.owner, name, self._dying(name, real))

    def _dying(self, name: str, real: object) -> object:
        def act(*given: object) -> None:
            self.at(name)  # type: ignore[operator]
            real(*given)  # type: ignore[operator]
            self.at(f"{name} after")  # type: ignore[operator]

        return act

    def __exit__(self, *_: object) -> None:
        for name, real in self.kept.items():
            setattr(self.owner, name, real)


def test_after_a_sleep_there_is_one_round(tmp_path: Path) -> None:
    made = Made(tmp_path, lambda minute: "down", interval=timedelta(hours=1), until=timedelta(hours=12))
    slept: list[int] = []
    real = made.sleep

    def sleep(seconds: float) -> None:
        real(seconds)
        if not slept and made.now - START > timedelta(minutes=90):
            slept.append(1)
            made.now += timedelta(hours=8)

    made.sleep = sleep  # type: ignore[method-assign]
    made.run()
    assert [round((at - START) / timedelta(minutes=1)) for at in made.asked] == [0, 60, 570, 630, 690]
    assert [line for line in made.said if "down" in line] == ["00:00 a.kr: down: down; asked again in 1h"]


def test_once_is_what_is_due_and_no_more(tmp_path: Path) -> None:
    made = Made(
        tmp_path,
        steps(BTC=[(8_500_000, -6.0)], ETH=[(190_000, 0.0)], XRP=[(700, 0.5)]),
        RULES[:1],
        timedelta(hours=1),
    )
    fired = []
    for minute in (0, 20, 54, 60):
        made.now = START + timedelta(minutes=minute)
        watch = made.watch()
        watch.once()
        fired.append(watch.count.fired)
    assert [round((at - START) / timedelta(minutes=1)) for at in made.asked] == [0, 54]
    assert fired == [1, 0, 0, 0]
    assert "00:20 nothing is due; https://www.a.kr/ is in 34m" in made.said


HOLD = """
import sys
from pathlib import Path
from tracker.store.lock import Patience, writing
with writing(Path(sys.argv[1]), Patience(Path(sys.argv[1]), 1, None)):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held(store: Path) -> Iterator[int]:
    """While another process writes to it."""
    given = [sys.executable, "-c", HOLD, str(store)]
    with subprocess.Popen(given, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout and process.stdout.readline()
        yield process.pid


def test_a_store_that_is_busy_is_said_once_and_nothing_is_lost(tmp_path: Path) -> None:
    made = Made(tmp_path, day, RULES, wait=0)
    watch = made.watch()
    watch._round(watch.sites)
    with held(tmp_path / "s.duckdb") as process:
        for _ in range(2):
            made.now += timedelta(hours=2)
            watch._round(watch.sites)
    made.now += timedelta(hours=2)
    watch._round(watch.sites)
    assert sum(f"is in use by process {process}" in line for line in made.said) == 1
    assert (len(made.asked), watch.count.troubles) == (2, 4)  # two visits, and two looks at who is silent
    assert told(made) == [("06:00", MOVE, "fires")]  # against what was seen at midnight
    assert [at.hour for _, at, symbol, _ in _rows(made) if symbol == "BTC"] == [0, 6]


def test_a_page_that_was_kept_and_not_stored_is_taken_up(tmp_path: Path) -> None:
    made = Made(tmp_path, day, RULES, wait=0)
    watch = made.watch()
    watch._round(watch.sites)
    made.now += timedelta(hours=2)
    with ExitStack() as until_kept:

        def busy(moment: str) -> None:
            if moment == "kept":
                until_kept.enter_context(held(tmp_path / "s.duckdb"))

        made.at = busy
        watch._round(watch.sites)
    made.at = lambda moment: None
    made.now += timedelta(hours=2)
    watch._round(watch.sites)
    assert [at.hour for _, at, symbol, _ in _rows(made) if symbol == "BTC"] == [0, 2, 4]
    assert told(made) == TOLD[:3]
    assert any("stored now what was kept before" in line for line in made.said)


def test_a_record_that_cannot_be_read_is_no_page_without_a_block(tmp_path: Path) -> None:
    made = Made(tmp_path, day, RULES)
    watch = made.watch()
    watch._round(watch.sites)
    bad = Answer(URL, 200, made.now, records=(str(tmp_path / "none.warc.gz#7"),))
    watch.world = watch.world._replace(bring=lambda url: bad)
    watch._round(watch.sites)
    assert watch.count.troubles == 1
    assert sum("none.warc.gz" in line for line in made.said) == 1
    assert not any("no block" in line for line in made.said)


def test_a_report_that_cannot_be_written_does_not_end_the_watch(tmp_path: Path) -> None:
    def report() -> None:
        raise OutputError("report.html", "the disk is full", "make room")

    made = Made(tmp_path, lambda minute: "down", interval=timedelta(hours=1), until=timedelta(hours=3))
    watch = made.run(report=report)
    assert (len(made.asked), watch.count.troubles) == (3, 3)
    assert sum("disk is full" in line for line in made.said) == 1


def test_one_watch_at_a_time(tmp_path: Path) -> None:
    sites, store = tmp_path / "sites.toml", tmp_path / "data" / "s.duckdb"
    sites.touch()
    with alone(store, sites):
        with (
            pytest.raises(StoreBusy, match=rf"s\.duckdb: is watched already by process {os.getpid()}"),
            alone(store, sites),
        ):
            pass
        with (
            pytest.raises(StoreBusy, match=r"sites\.toml: is watched already"),
            alone(tmp_path / "other", sites),
        ):
            pass
    with alone(store, sites):
        pass


def test_a_store_made_before_gains_the_tables_when_they_are_needed(tmp_path: Path) -> None:
    store = empty_store(tmp_path / "s.duckdb")
    with store._file.reading() as con:
        before = con.execute("SELECT table_name FROM duckdb_tables() ORDER BY ALL").fetchall()
    assert (store.watching((), ()).visited(), store.watching((), ()).states()) == ({}, [])
    made = Made(tmp_path, lambda minute: "down", until=timedelta(minutes=1))
    made.run()
    with store._file.reading() as con:
        after = con.execute("SELECT table_name FROM duckdb_tables() ORDER BY ALL").fetchall()
    assert sorted({*after} - {*before}) == [("alert_events",), ("alert_states",), ("watched",)]
    assert store.check()[0] == []


def test_a_visit_is_recorded_whole_or_not_at_all(tmp_path: Path) -> None:
    log = Store(tmp_path / "s.duckdb").watching((), ())
    log.begin(URL, START)
    state = State(FALL, "BTC", "a.kr", "KRW", "24h", True, START, START)
    with pytest.raises(StoreError):
        log.settle([Visited(URL, tried=START)], [state], [Told("1", START, None)])  # type: ignore[arg-type]
    assert (log.visited(), log.states()) == ({URL: Visited(URL, begun=START)}, [])
    log.settle([Visited(URL, tried=START)], [state], [Told("1", START, "{}")])
    assert (log.visited(), log.states()) == ({URL: Visited(URL, tried=START)}, [state])
    assert log.untold() == [Told("1", START, "{}")]


def test_the_store_tells_what_was_known_before_as_the_judge_orders_it(tmp_path: Path) -> None:
    """The newest row that may speak of each coin, site and currency: by its time, its capture, the length of its list."""
    minute, other = timedelta(minutes=1), "https://b.kr/"
    doubted = replace(BITCOIN, flags=("inconsistent",))
    store = empty_store(tmp_path / "s.duckdb")
    store.add([
        block(0), block(1, quotes=(BITCOIN,)),
        block(2, observed_at=NOON + 2 * minute, captured_at=NOON + 3 * minute),  # stated, and captured again
        block(2, observed_at=NOON + 2 * minute, captured_at=NOON + 4 * minute, content_id="long"),
        block(4, quotes=(replace(BITCOIN, price=Decimal(7)),), start=20, end=29, observed_at=NOON + 2 * minute),
        block(5, quotes=(doubted,)), block(6, time_basis="published"), block(3, url=other),
        block(30), block(30, url=other, quotes=(replace(BITCOIN, currency="USD"),)),
    ])  # fmt: skip
    rows, before = store.watching(BASES, MILD).news(NOON + 10 * minute)
    assert len(rows) == 4
    old = in_order(row for row in store.history() if row["captured_at"] < NOON + 10 * minute)
    wanted = {
        place: max((row for row in old if _place(row) == place), key=Moment.of) for place in map(_place, old)
    }
    asked = {_place(row) for row in rows}
    assert {_place(row): row["snapshot_id"] for row in before} == {
        place: row["snapshot_id"] for place, row in wanted.items() if place in asked
    }
    assert {row["captured_at"] for row in before} == {NOON + 4 * minute}
    heard = store.watching(BASES, MILD).heard(["example.co.kr", "kr", "nowhere.kr"])
    assert [row and row["captured_at"] for row in heard.values()] == [
        NOON + 30 * minute,
        NOON + 30 * minute,
        None,
    ]


def _place(row: Row) -> tuple[str, str, str]:
    return row["symbol"], row["site"], row["currency"]
