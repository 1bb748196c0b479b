"""A table that is asked for what can be seen of it gives the picture that all its rows give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from at_length import some
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

import tracker
from tracker.charts import _time
from tracker.errors import TrackerError
from tracker.store import large
from tracker.store.large import of_frame
from tracker.store.reduce import Wanted

BASES = ["capture", "stated", "stated-day", "published"]


def quotes(
    seed: int,
    snapshots: int,
    sites: int,
    coins: int,
    bases: int = 4,
    minutes: int = 400,
    silent: float = 0.02,
) -> pd.DataFrame:
    """Made quotes: silences, undated and nameless rows, prices that are none, two currencies, several windows."""
    draw = np.random.default_rng(seed)
    steps = draw.integers(1, minutes, snapshots) + (draw.random(snapshots) < silent) * 20_000
    at = pd.Timestamp("2022-02-20", tz="UTC") + pd.to_timedelta(np.cumsum(steps), unit="min")
    rows = pd.DataFrame(
        {"n": np.repeat(np.arange(snapshots), coins), "rank": np.tile(np.arange(1, coins + 1), snapshots)}
    )
    site, basis, undated = (
        draw.integers(0, sites, snapshots),
        draw.integers(0, bases, snapshots),
        draw.random(snapshots) < 0.03,
    )
    n, size = rows.n.to_numpy(), len(rows)
    walk = np.exp(np.cumsum(draw.normal(0, 0.02, (snapshots, coins)), axis=0))
    nameless, odd = draw.random(size) < 0.02, draw.random(size)
    symbol = [None if lost else f"C{rank}" for lost, rank in zip(nameless, rows["rank"], strict=True)]
    return pd.DataFrame(
        {
            "snapshot_id": [f"{one:06}" for one in n],
            "observed_at": at[n].where(~undated[n]),
            "time_basis": np.where(undated, "none", np.array(BASES)[basis])[n],
            "site": [None if s == 0 else f"site{s}.kr" for s in site[n]],
            "layout": [f"layout{s % 2}" for s in site[n]],
            "rank": rows["rank"],
            "name": [None if one is None else f"Coin {one}" for one in symbol],
            "symbol": symbol,
            "currency": np.where(odd < 0.01, "USD", "KRW"),
            "price": np.where(odd > 0.99, np.nan, (walk * 1000).round(2).ravel()),
            "change_pct": np.where(draw.random(size) < 0.1, np.nan, draw.normal(0, 3, size).round(2)),
            "change_window": draw.choice(["24h", "1d", "7d", None], size),
        }
    )


def told(figure: Figure) -> Iterator[Any]:
    """All that is drawn and written."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    yield sorted(t.get_text() for t in figure.texts)
    for ax in figure.axes:
        yield [t.get_text() for t in (*ax.texts, *ax.get_yticklabels(), *ax.get_xticklabels())]
        yield from (line.get_xydata() for line in ax.lines)
        yield from (path.vertices for c in ax.collections for path in c.get_paths())
        yield from (np.asarray(image.get_array()) for image in ax.images)
        yield from (p.get_path().transformed(p.get_patch_transform()).vertices for p in ax.patches)


def both(monkeypatch: pytest.MonkeyPatch, frame: pd.DataFrame, kind: str, **options: Any) -> list[Any]:
    """The picture of all rows, and that of what the table was asked for; or why there is none."""
    found = []
    for least in (10**9, 0):
        monkeypatch.setattr(large, "LARGE", least)
        try:
            found.append(list(told(tracker.plot(frame, kind, **options))))  # type: ignore[call-overload]
        except TrackerError as error:
            found.append([str(error)])
    return found


def assert_same(one: list[Any], other: list[Any]) -> None:
    assert len(one) == len(other)
    for left, right in zip(one, other, strict=True):
        if isinstance(left, np.ndarray):
            assert left.shape == right.shape
            assert np.allclose(left, right, rtol=1e-6, atol=1e-6, equal_nan=True)
        else:
            assert left == right


SAME = [
    ("heatmap", {}),
    ("heatmap", {"step": "day", "tz": "America/New_York"}),
    ("heatmap", {"step": "week", "coins": ["C2", "C1", "XX"]}),
    ("heatmap", {"step": "month", "tz": "Europe/Berlin"}),
    ("heatmap", {"coins": ["C1"], "currency": "KRW"}),
    ("coverage", {}),
    ("coverage", {"coins": ["C3"], "tz": "America/New_York"}),
    ("movers", {}),
    ("movers", {"at": "2022-03-10"}),
    ("movers", {"snapshot": "none such"}),
    ("change", {"size": (20, 9)}),
    ("change", {"window": "7d", "coins": ["C1", "C2"]}),
    ("change", {"window": "99d"}),
    ("indexed", {}),
    ("indexed", {"base": "2022-04-02", "gap": "2h"}),
    ("history", {}),
    ("history", {"panels": "one", "lang": "ko"}),
    ("history", {"by": "median", "coins": ["C1"], "currency": "KRW", "sites": ["site2.kr"]}),
    ("history", {"currency": "EUR"}),
]


@pytest.mark.parametrize(("kind", "options"), some(SAME, 10), ids=str)
def test_what_is_asked_for_gives_the_same_picture(
    monkeypatch: pytest.MonkeyPatch, kind: str, options: dict[str, Any]
) -> None:
    assert_same(*both(monkeypatch, quotes(7, 900, 9, 4), kind, **options))


@pytest.mark.parametrize("kind", some(["history", "indexed", "heatmap", "change", "coverage"], 3))
def test_few_rows_of_one_site_give_the_same_picture(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """Lines of single observations: none of them stands for another, gaps, hollow marks and days are where they were."""
    frame = quotes(3, 60, 1, 2, minutes=4000)
    assert_same(*both(monkeypatch, frame[frame.currency == "KRW"], kind))


def marked(seed: int, snapshots: int, sites: int, coins: int) -> pd.DataFrame:
    """Made quotes, one in fifty of them found off the market, some by a thousand."""
    frame, draw = quotes(seed, snapshots, sites, coins), np.random.default_rng(seed)
    off, far = draw.random(len(frame)) < 0.02, draw.random(len(frame)) < 0.5
    price = frame.price.where(~off, frame.price * np.where(far, 1000, 1.3))
    return frame.assign(price=price, findings=[["off-market"] if one else [] for one in off])


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("history", {"implied": True, "coins": ["C1", "C2"]}),
        ("history", {"by": "median", "implied": True}),
        ("history", {"by": "site", "log": True}),
        ("indexed", {}),
        ("indexed", {"by": "site", "coins": ["C1"]}),
        ("heatmap", {"step": "month"}),
        ("change", {"size": (20, 9)}),
        ("movers", {}),
    ],
    ids=str,
)
def test_marks_are_the_same_where_a_table_is_asked(
    monkeypatch: pytest.MonkeyPatch, kind: str, options: dict[str, Any]
) -> None:
    frame = marked(5, 120, 9 if options.get("by") != "site" else 2, 2)
    assert_same(*both(monkeypatch, frame, kind, **options))


@pytest.mark.parametrize("hours", [24, 24 * 50])
def test_no_extreme_off_the_market_is_lost_to_the_reduction(hours: int) -> None:
    frame = marked(hours, 500, 2, 1)
    with of_frame(frame) as table:
        rows = table.lines(
            Wanted(dated=True, value="price", named=True, only_off=True), 0, hours * 3_600_000_000
        )
    dated = frame[frame.observed_at.notna() & (frame.price > 0) & frame.symbol.notna()]
    off = dated[dated.findings.map(len) > 0]
    assert rows.off.all() and rows.n.sum() == len(off)
    assert {off.price.min(), off.price.max()} <= set(rows.price)


def line(frame: pd.DataFrame, width: int) -> tuple[Any, Any]:
    """(time, price, step) that stand for one line: by SQL, and by `thin`."""
    with of_frame(frame) as table:
        rows = table.lines(Wanted(dated=True, value="price"), 0, width)
    rows = rows.sort_values(["t", "price"])
    every = frame[frame.observed_at.notna() & (frame.price > 0)].sort_values("observed_at")
    at = every.observed_at.dt.as_unit("us").astype("int64").to_numpy()
    far = np.append(at, at[-1] * 2)  # `thin` divides the span too: all but this one lies in its first half
    kept = _time.thin(far.astype(float), np.append(every.price, 1.0), far // width, 1)[:-1]
    return rows, every.iloc[kept].assign(t=at[kept]).sort_values(["t", "price"])


@pytest.mark.parametrize("hours", [1, 24, 24 * 50])
def test_of_each_step_the_first_last_lowest_and_highest_stand_for_all(hours: int) -> None:
    frame = quotes(hours, 1000, 1, 1, bases=1)
    frame = frame.drop_duplicates("observed_at").assign(symbol="C1", currency="KRW", site="a.kr")
    frame.price += np.arange(len(frame)) / 1e6  # of two that are equal either may stand
    rows, kept = line(frame, hours * 3_600_000_000)
    assert rows.t.tolist() == kept.t.tolist()
    assert rows.price.tolist() == kept.price.tolist()
    assert rows.n.sum() == ((frame.price > 0) & frame.observed_at.notna()).sum()


def inked(frame: pd.DataFrame, monkeypatch: pytest.MonkeyPatch, least: int) -> Any:
    """The grey picture of a line a site, without words."""
    monkeypatch.setattr(large, "LARGE", least)
    figure = tracker.plot(frame, coins=["C1"], currency="KRW", by="site", bare=True, size=(6, 3), dpi=72)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[:, :, :3].mean(axis=2)


def test_many_observations_give_the_picture_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps are as wide as a pixel, but begin elsewhere: the ink is the same within a pixel's width."""
    frame = quotes(11, 4000, 2, 1, bases=2, minutes=60, silent=0.0005)
    one, other = (inked(frame, monkeypatch, least) for least in (10**9, 0))
    assert one.shape == other.shape
    dark = [picture < 200 for picture in (one, other)]
    near = [
        np.pad(d, 2)[2 + y : d.shape[0] + 2 + y, 2 + x : d.shape[1] + 2 + x]
        for d in dark
        for y in (-2, 0, 2)
        for x in (-2, 0, 2)
    ]
    around = [np.any(near[:9], axis=0), np.any(near[9:], axis=0)]
    assert dark[0].sum() > 1000
    assert (dark[0] & ~around[1]).sum() <= 0.01 * dark[0].sum()
    assert (dark[1] & ~around[0]).sum() <= 0.01 * dark[1].sum()


@pytest.mark.parametrize("zone", ["Asia/Seoul", "America/New_York", "Australia/Lord_Howe"])
def test_how_far_a_zone_is_from_utc(zone: str) -> None:
    tz = ZoneInfo(zone)
    known = _time.offsets(19_000.3, 19_800.7, tz)
    for minute in range(round(19_000.3 * 1440), round(19_800.7 * 1440), 997):
        moment = pd.Timestamp(minute * 60, unit="s", tz="UTC").tz_convert(tz)
        ahead = next(far for until, far in known if until is None or minute * 60_000_000 < until)
        assert moment.utcoffset() == pd.Timedelta(ahead, unit="us")
