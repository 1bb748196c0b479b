"""What rules say to rows: once when they turn true, once when they end, never on what is doubtful, whenever it is asked."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tracker
from tracker.coins.registry import load
from tracker.watch.judge import MILD, Event, Key, Row, Standings, in_order, judge, listen, usable
from tracker.watch.rule import Rule, parse

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
DOUBTS = {"inconsistent", "name-missing", "sign-lost", "symbol-unknown", "time-conflict", "time-from-name"}
DOUBTS |= {"read-differently", "symbol-inferred", "symbol-printed", "time-implausible"}


def rules(*said: str) -> list[Rule]:
    return [parse(text, load(), "here") for text in said]


def row(minute: float, **columns: Any) -> dict[str, Any]:
    """A row of the tidy table that may speak; any column may be given otherwise."""
    at = NOON + timedelta(minutes=minute)
    given = {
        "snapshot_id": f"s{minute}", "observed_at": at, "captured_at": at, "time_basis": "capture", "site": "a.kr",
        "rank": 1, "symbol": "BTC", "currency": "KRW", "price": Decimal(100), "change_pct": Decimal(0),
        "change_abs": None, "change_window": "24h", "flags": [], "url": "https://a.kr/", "source": "a.warc.gz#0",
    }  # fmt: skip
    columns = {
        name: Decimal(str(v)) if isinstance(v, int | float) and name != "rank" else v
        for name, v in columns.items()
    }
    return given | columns


def events(said: Sequence[Rule], rows: Iterable[Row]) -> list[tuple[str, str, str | None]]:
    """Rule, state and figure of all that happens."""
    return [(e.key.rule, e.state, str(e.value)) for e in judge(said, rows, {})[0]]


# rule, the figures one after another -> which of them fires (+) or ends (-)
COURSES = [
    ("BTC change_pct < -5", "change_pct", [-4, -5, -5.1, -6, -4.95, -5.5, -4.89, -5.2], "..+...-+"),
    ("BTC change_pct < -5", "change_pct", [-6, -6], "+."),
    ("BTC change_pct <= -5", "change_pct", [-4.9, -5, -4.9, -4.8], ".+.-"),
    ("BTC price > 100 KRW", "price", [100, 101, 99, 98.01, 98, 101], ".+..-+"),
    ("BTC price >= 100 KRW", "price", [100, 98, 97.9], "+.-"),
    ("any change_pct > 0", "change_pct", [0, 1, 0, 1], ".+-+"),
    ("BTC move_pct < -3", "price", [100, 98, 95, 95, 91, 92], "..+-+-"),
    ("BTC move_pct > 1", "price", [100, 101, 102.01, 102.01], "...."),
    ("BTC change_abs < -10 KRW", "change_abs", [-9, -11, None, -9.9, -9.7], ".+..-"),
]


@pytest.mark.parametrize(("said", "figure", "course", "marks"), COURSES)
def test_a_rule_fires_and_ends(said: str, figure: str, course: list[Any], marks: str) -> None:
    rows = [row(n, **{figure: value}) for n, value in enumerate(course)]
    told = {event.at: {"fires": "+", "ends": "-"}[event.state] for event in judge(rules(said), rows, {})[0]}
    assert "".join(told.get(one["observed_at"], ".") for one in rows) == marks


# rule, rows in which no figure may count
SILENT = [
    ("BTC price > 5 KRW", [row(0, currency="USD"), row(1, currency=None)]),
    ("BTC change_pct > -1 on b.kr", [row(0), row(1, site="ab.kr"), row(2, site=None)]),
    ("ETH change_pct > -1", [row(0), row(1, symbol=None)]),
    (
        "any change_pct > -1",
        [row(n, flags=[flag]) for n, flag in enumerate(sorted(DOUBTS | {"a-flag-of-tomorrow"}))],
    ),
    (
        "any change_pct > -1",
        [row(0, flags=["partial", "sign-lost"]), row(1, change_pct=None), row(2, symbol=None)],
    ),
    (
        "any price > 1 KRW",
        [row(n, time_basis=basis) for n, basis in enumerate(("given-day", "stated-day", "published"))]
        + [row(9, time_basis="none", observed_at=None)],
    ),
    (
        "BTC move_pct < -3",
        [row(0, price=100), row(1, price=50, flags=["inconsistent"]), row(2, price=50, site="b.kr")],
    ),
    ("BTC move_pct < -3", [row(0, price=100, flags=["inconsistent"]), row(1, price=50), row(2, price=49)]),
]


@pytest.mark.parametrize(("said", "rows"), SILENT)
def test_what_is_doubtful_or_not_asked_for_says_nothing(said: str, rows: list[Row]) -> None:
    assert judge(rules(said), rows, {})[0] == []


@pytest.mark.parametrize("flag", sorted(MILD))
def test_an_assumption_is_no_doubt(flag: str) -> None:
    assert usable(row(0, flags=[flag]))


def test_every_flag_is_an_assumption_or_a_doubt() -> None:
    words = tomllib.loads((Path(tracker.__file__).parent / "language" / "en.toml").read_text("utf-8"))
    flags = {key.removeprefix("flag ") for key in words["texts"] if key.startswith("flag ")}
    assert flags == MILD | DOUBTS


def test_series_are_apart() -> None:
    rows = [
        row(0, change_pct=-6), row(0, change_pct=-6, symbol="ETH", rank=2), row(1, change_pct=-6, site="b.kr"),
        row(2, change_pct=-6, currency="USD"), row(3, change_pct=-6, change_window="7d"), row(4, change_pct=-6),
    ]  # fmt: skip
    told = judge(rules("any change_pct < -5"), rows, {})[0]
    assert [(e.key.coin, e.key.site, e.key.currency, e.key.window) for e in told] == [
        ("BTC", "a.kr", "KRW", "24h"), ("ETH", "a.kr", "KRW", "24h"), ("BTC", "b.kr", "KRW", "24h"),
        ("BTC", "a.kr", "USD", "24h"), ("BTC", "a.kr", "KRW", "7d"),
    ]  # fmt: skip


def test_of_one_capture_the_longest_list_counts_once() -> None:
    head = [row(1, snapshot_id="a", price=50)]
    rows = [row(1, snapshot_id="b", price=99), row(1, snapshot_id="b", symbol="ETH", rank=2)]
    told = judge(rules("BTC price < 60 KRW", "BTC move_pct < -3"), [row(0), *head, *rows], {})[0]
    assert told == []
    assert [one["snapshot_id"] for one in in_order([*head, *rows])] == ["b", "b", "a"]


def test_the_row_before_is_told() -> None:
    rows = [row(0, price=100), row(1, price=100, flags=["sign-lost"]), row(2, price=90)]
    (event,) = judge(rules("BTC move_pct < -3"), rows, {})[0]
    assert (event.row, event.previous, event.value) == (rows[2], rows[0], Decimal(-10))
    assert event.key == Key("BTC move_pct < -3", "BTC", "a.kr", "KRW")


def test_what_is_older_than_what_was_known_is_no_news() -> None:
    said = rules("BTC change_pct < -5")
    assert judge(said, [row(0, change_pct=-9)], {}, [row(1)])[0] == []
    assert (
        judge(said, [row(1, change_pct=-9)], {}, [row(1)])[0] != []
    )  # the same moment, nothing was judged of it
    assert judge(said, [row(2, change_pct=-9)], {}, [row(1)])[0] != []


def test_a_clock_that_stands_still_does_not_hide_what_moves() -> None:
    at = NOON + timedelta(hours=1)
    rows = [row(n, observed_at=NOON, captured_at=at + timedelta(minutes=n), change_pct=n) for n in range(3)]
    assert events(rules("BTC change_pct > 1"), rows) == [("BTC change_pct > 1", "fires", "2")]


def test_a_clock_that_runs_ahead_does_not_make_later_rows_old() -> None:
    rows = [row(0, observed_at=NOON + timedelta(hours=20)), row(1, change_pct=-9)]
    assert events(rules("BTC change_pct < -5"), rows) == [("BTC change_pct < -5", "fires", "-9")]
    assert judge(rules("BTC change_pct < -5"), rows[1:], {}, rows[:1])[0] != []


# ---- for all

FEWER = settings(max_examples=40)  # each is a course of up to fourteen rows
FIGURES = st.none() | st.integers(-12, 12).map(lambda n: Decimal(n) / 2)
SAID = rules(
    "any change_pct < -2", "BTC change_pct >= 1", "BTC move_pct > 3", "ETH price > 102 KRW", "any move_pct <= -2 on a.kr"
)  # fmt: skip
COINS, FLAGS, BASES = (
    ["BTC", "BTC", "ETH", None],
    [[], [], [], ["partial"], ["inconsistent"]],
    ["capture", "stated", "published"],
)


@st.composite
def courses(draw: st.DrawFn, late: bool = True) -> list[dict[str, Any]]:
    """Rows in the order of their captures, their stated times not always so; some doubtful, some without figures."""
    rows = []
    for n in range(draw(st.integers(0, 14))):
        back = timedelta(minutes=draw(st.sampled_from([0, 0, 0, 2] if late else [0])))
        rows.append(row(
            n, observed_at=NOON + timedelta(minutes=n) - back, price=draw(st.integers(96, 106)), change_pct=draw(FIGURES),
            symbol=draw(st.sampled_from(COINS)), site=draw(st.sampled_from(["a.kr", "b.kr"])),
            flags=draw(st.sampled_from(FLAGS)), time_basis=draw(st.sampled_from(BASES)),
        ))  # fmt: skip
    return rows


def newest(rows: Iterable[Row]) -> list[Row]:
    """Of each coin, site and currency the newest row that may speak, as the store gives it."""
    return list({(r["symbol"], r["site"], r["currency"]): r for r in in_order(rows)}.values())


@FEWER
@given(courses(late=False), st.sets(st.integers(1, 13)))
def test_a_restart_at_any_moment_changes_nothing(rows: list[dict[str, Any]], stops: set[int]) -> None:
    def told(cuts: Iterable[int]) -> list[Event]:
        cuts = sorted(cut for cut in cuts if cut < len(rows))
        standings: Standings = {}
        out: list[Event] = []
        for start, end in zip([0, *cuts], [*cuts, len(rows)], strict=True):
            happened, changed = judge(SAID, rows[start:end], standings, newest(rows[:start]))
            standings |= changed
            out += happened
        return out

    assert told(stops) == told([]) == told(range(1, 14))


@FEWER
@given(courses())
def test_it_fires_and_ends_by_turns(rows: list[dict[str, Any]]) -> None:
    states: dict[Key, list[str]] = {}
    for event in judge(SAID, rows, {})[0]:
        states.setdefault(event.key, []).append(event.state)
    assert all(told == (["fires", "ends"] * len(told))[: len(told)] for told in states.values())


@FEWER
@given(courses(), courses())
def test_what_may_not_speak_changes_nothing(rows: list[dict[str, Any]], more: list[dict[str, Any]]) -> None:
    mute = [one | {"flags": ["sign-lost"]} for one in more] + [
        one | {"time_basis": "published"} for one in more
    ]
    assert judge(SAID, [*rows, *mute], {}) == judge(SAID, rows, {})


@FEWER
@given(courses())
def test_again_the_same_rows_say_nothing(rows: list[dict[str, Any]]) -> None:
    _, standings = judge(SAID, rows, {})
    assert judge(SAID, rows, standings, newest(rows)) == ([], {})


# ---- silence


def test_a_site_falls_silent_once_and_speaks_again_once() -> None:
    said = rules("a.kr silent 2h")
    standings: Standings = {}
    told = []
    heard: Row | None = None
    for minute in range(0, 600, 10):
        if minute in (0, 10, 300):
            heard = row(minute)
        happened, changed = listen(said, {"a.kr": heard}, standings, NOON + timedelta(minutes=minute))
        standings |= changed
        told += [(minute, event.state) for event in happened]
    assert told == [(140, "fires"), (300, "ends"), (430, "fires")]


def test_a_site_that_never_spoke_is_silent_from_the_first_look_on() -> None:
    said = rules("a.kr silent 2h")
    first, standings = listen(said, {"a.kr": None}, {}, NOON)
    later, _ = listen(said, {"a.kr": None}, standings, NOON + timedelta(minutes=121))
    assert (first, [(event.state, event.row, event.previous) for event in later]) == (
        [],
        [("fires", None, None)],
    )
