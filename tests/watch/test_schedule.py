"""Who is due when, and what a visit means: cases, and what holds for all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.store import Visited
from tracker.watch import schedule
from tracker.watch.visit import Got, after

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
# interval, failures in a row -> how long it rests; in minutes
RESTS = [
    (10, 0, 10),
    (10, 1, 10),
    (10, 2, 20),
    (10, 3, 40),
    (10, 4, 60),
    (10, 99, 60),
    (1, 99, 8),
    (1440, 9, 1440),
]


@pytest.mark.parametrize(("interval", "failures", "rest"), RESTS)
def test_one_that_fails_has_a_pace_of_its_own(interval: int, failures: int, rest: int) -> None:
    assert schedule.wait(interval * MINUTE, failures) == rest * MINUTE


@given(st.integers(1, 10**6), st.floats(0, 1), st.integers(0, 50), st.integers(-(10**7), 10**7))
def test_it_is_due_a_tenth_sooner_or_later_and_once(
    seconds: int, luck: float, failures: int, ago: int
) -> None:
    interval, tried = timedelta(seconds=seconds), NOON - timedelta(seconds=ago)
    due = schedule.due(interval, tried, failures, luck, NOON)
    if ago < 0:  # the clock was set back
        assert due == NOON
    else:
        assert (
            abs(due - tried - schedule.wait(interval, failures)) <= schedule.wait(interval, failures) * 0.1001
        )
    assert (
        schedule.due(interval, NOON, failures, luck, NOON) > NOON
    )  # however long it slept: one visit, then the next wait
    assert schedule.due(interval, None, failures, luck, NOON) == NOON


PAGE = {"blocks": 1, "rows": 24, "added": 1}
GONE = "no block since 12:05: `tracker inspect` says why"
NONE = "no block on the page: `tracker inspect` says why"
# what came of visits, five minutes apart -> what is told, plain lines in brackets
VISITS = [
    ([PAGE, PAGE], ["(24 rows, 1 snapshot added)", "(24 rows, 1 snapshot added)"]),
    ([PAGE, {"unchanged": True}], ["(24 rows, 1 snapshot added)", "(unchanged)"]),
    ([{"unchanged": True, **PAGE}], ["(unchanged, 24 rows, 1 snapshot added)"]),
    (
        [{"reason": "503"}, {"reason": "503"}, {"reason": "no answer"}, {"blocks": 1, "rows": 1}],
        ["down: 503; asked again in 10m", "is back after 15m", "(1 row, known already)"],
    ),
    ([PAGE, PAGE, {}, {}, {"reason": "x"}, {}, PAGE, {}], [
        "(24 rows, 1 snapshot added)", "(24 rows, 1 snapshot added)", GONE, "(no block still)",
        "down: x; asked again in 10m",
        "is back after 5m", "(no block still)", "a block again, after 25m without", "(24 rows, 1 snapshot added)",
        GONE.replace("12:05", "12:30"),
    ]),
    ([{}, {}, PAGE], [NONE, "(no block still)", "(24 rows, 1 snapshot added)"]),
]  # fmt: skip


@pytest.mark.parametrize(("visits", "told"), VISITS)
def test_what_is_told_of_visits(visits: list[dict[str, int]], told: list[str]) -> None:
    seen, lines = Visited("https://a.kr/", begun=NOON), []
    for n, came in enumerate(visits):
        got = Got(NOON + 5 * n * MINUTE, **came)  # type: ignore[arg-type]
        seen, more = after(seen, got, lambda failures: 10 * MINUTE, "{:%H:%M}".format)
        lines += [f"({line.text})" if line.plain else line.text for line in more]
        assert (seen.begun, seen.tried) == (None, got.at)
    assert lines == told
