"""The report is asked of a store or of a DataFrame by one definition, and that is what pandas says of all rows."""

from __future__ import annotations

from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from at_length import some
from chart_quotes import START, block, line, quote, table
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker import charts
from tracker.language import language
from tracker.model import Block
from tracker.report import page as report
from tracker.report import sections, series
from tracker.store import Store
from tracker.store.parts import parts
from tracker.store.reduce import Wanted, among, paired
from tracker.store.reporting import Key, of_frame

CON = duckdb.connect()
HOUR = 3_600_000_000
BASES = ["capture", "stated", "stated-day", "published"]
FLAGS = [(), ("currency-assumed",), ("currency-assumed", "sign-lost"), ("inconsistent",)]


def blocks(sites: int, snapshots: int) -> list[Block]:
    """Several sites (one without address), currencies, bases, flags; undated and nameless rows, rows without a change; a
    list on three pages of a site within minutes, prices off the market."""
    found = []
    for n in range(snapshots):
        rows = [
            quote("BTC", 8692000 + n * 1.1, (n % 7) - 3, name="비트코인", flags=FLAGS[n % 4]),
            quote("ETH", "0.000123456789", None, currency="USD" if n % 3 else "KRW", change_window=None),
            quote(None, 41.3 + n % 5, 1.25, name="리플" if n % 2 else None, flags=FLAGS[(n + 1) % 4]),
            quote("ADA", 7 - n % 2, "-0.5", currency=None),
        ]
        when = None if n % 11 == 5 else START + timedelta(hours=n // 2, minutes=n % 2 * n)
        site = None if n % sites == 0 else f"site{n % sites}.kr"
        found.append(block(when, rows if n % 5 else rows[::-1], BASES[n % 4], site))
    again = [
        block(START + timedelta(minutes=n), [quote("BTC", 90_000_000, 1), quote("ADA", 9)], site="twice.kr")
        for n in range(3)
    ]
    return [*found, *again, *line([None], [7], symbol="ONCE", site=None), *line([START], [9], symbol="ALONE")]


PAGES: list[tuple[int, int, str, Any]] = [
    (3, 40, "en", {"findings": True}),
    (9, 100, "ko", {"since": "2024-03-01", "symbols": "BTC, ADA", "findings": True, "currency": "KRW"}),
]


@pytest.mark.slow
@pytest.mark.parametrize(("sites", "snapshots", "lang", "which"), PAGES)
def test_a_store_and_its_rows_give_the_same_page(
    tmp_path: Path, sites: int, snapshots: int, lang: str, which: Any
) -> None:
    store = Store(tmp_path / "a.duckdb")
    store.add(blocks(sites, snapshots))
    store.reconcile()
    with store.reported(**which) as held:
        page = report.render(held, lang=lang, tz="America/New_York")
        assert (held.again > 0) == bool(which.get("findings"))
    rows = store.quotes(**which).sample(frac=1, random_state=1)
    assert report.render(rows, lang=lang, tz="America/New_York") == page
    assert (sites > series.MOST_SITES) == ('"n":[' not in page)  # medians, or every observation
    assert language(lang)("report off note") in page and (sites > series.MOST_SITES) == (
        '"off":[' not in page
    )


ROW = {
    "snapshot_id": st.sampled_from("abcd"), "observed_at": st.sampled_from([None, 0, 1, 2]), "rank": st.integers(1, 3),
    "symbol": st.sampled_from([None, "A", "B'"]), "name": st.sampled_from([None, "n\0", "B'"]),
    "currency": st.sampled_from([None, "KRW", "USD"]), "price": st.sampled_from([1.5, 2.0, 3.25]),
    "change_pct": st.sampled_from([None, 1.0, -2.5]), "flags": st.sampled_from(["", "x", "x y"]),
    "findings": st.sampled_from([[], ["off-market"], ["alike", "off-market"]]), "pages": st.sampled_from([0, 1, 1, 3]),
}  # fmt: skip
KEY = ("snapshot_id", "rank", "symbol", "name", "currency")
Rows = st.lists(
    st.fixed_dictionaries(ROW), min_size=1, max_size=12, unique_by=lambda row: tuple(row[k] for k in KEY)
)


def framed(rows: list[dict[str, Any]]) -> pd.DataFrame:
    df = pd.DataFrame(rows).astype(
        {"symbol": object, "name": object, "currency": object, "change_pct": float}
    )
    df["observed_at"] = pd.to_datetime(START) + pd.to_timedelta(df.observed_at.astype(float), unit="h")
    more = {"block_id": "b", "captured_at": None, "published_at": None, "site": "a.kr", "url": None, "source": "s",
            "layout": "l", "change_abs": None, "change_window": None, "row_text": "r"}  # fmt: skip
    basis = ["none" if undated else "capture" for undated in df.observed_at.isna()]
    return df.assign(time_basis=basis, **more)


@settings(max_examples=10)
@given(Rows)
def test_the_rows_shown_are_those_that_pandas_finds(rows: list[dict[str, Any]]) -> None:
    """In order of time, the undated last (first where the newest are asked for), then of snapshot and place."""
    df = (
        framed(rows).sort_values(["observed_at", "snapshot_id", "rank"], kind="stable").reset_index(drop=True)
    )
    df["coin"] = df.symbol.where(df.symbol.notna(), df["name"])
    every, df = df, df[df.pages > 0].reset_index(drop=True)
    with of_frame(every.sample(frac=1, random_state=2)) as asked:
        assert (len(asked), asked.again) == (len(df), len(every) - len(df))
        newest, doubts, moved = asked.newest(100), asked.doubts(2), asked.moved()
        drawn = df[df.coin.notna() & df.observed_at.notna()].fillna({"currency": ""})
        groups = dict(list(drawn.groupby(["coin", "currency"])))
        courses, points = asked.courses(list(groups)), asked.points(list(groups))
        shown = asked.quoted([*newest, *(key for _, keys in doubts.values() for key in keys)])
    astray = drawn.findings.map(lambda kinds: "off-market" in kinds)
    both = [
        sorted(zip(rows_.snapshot_id, rows_.coin, rows_.price, rows_.off, strict=True))
        for rows_ in (drawn.assign(off=astray), points)
    ]
    assert both[0] == both[1]
    last = df[df.coin.notna()].sort_values("observed_at", kind="stable", na_position="first")
    told = last.groupby(["coin", "currency"], dropna=False)[["snapshot_id", "rank"]].last()
    assert sorted((k.snapshot_id, k.rank) for k in newest) == sorted(told.itertuples(index=False, name=None))
    assert all((shown[k].coin, shown[k].currency) == (k.coin, k.currency) for k in newest)
    flagged = df.iloc[::-1].assign(flag=df["flags"].str.split()).explode("flag").dropna(subset=["flag"])
    for flag, mine in flagged.groupby("flag"):
        count, keys = doubts.pop(flag)
        assert count == len(mine)
        assert [(k.snapshot_id, k.rank) for k in keys] == [
            *zip(mine.snapshot_id[:2], mine["rank"][:2], strict=True)
        ]
        assert all(flag in shown[k].flags for k in keys)
    assert not doubts
    changed = df[df.change_pct.notna() & df.observed_at.notna()]
    assert (moved is None) == changed.empty
    if moved is not None:
        assert (moved[0].snapshot_id, moved[0].rank) == (
            changed.snapshot_id.iloc[-1],
            changed["rank"].iloc[-1],
        )
        assert moved[1] == (changed.snapshot_id == moved[0].snapshot_id).sum()
    assert set(courses) == set(groups)
    for one, mine in groups.items():
        key, newest = courses[one].key, mine[mine.observed_at == mine.observed_at.max()]
        assert (key.snapshot_id, key.rank) == (newest.snapshot_id.iloc[-1], newest["rank"].iloc[-1])
        mine = mine[~astray[mine.index]] if not astray[mine.index].all() else mine
        course, at = courses[one], mine.observed_at.astype("datetime64[us, UTC]").astype("int64")
        assert (course.low, course.high) == (mine.price.min(), mine.price.max())
        assert (course.low_at, course.high_at) == (
            at[mine.price == course.low].min(),
            at[mine.price == course.high].min(),
        )
        first, last = mine[at == at.min()], mine[at == at.max()]
        assert course.first in set(first.price) and course.last in set(last.price)


def test_what_is_off_the_market_moves_no_extreme_and_no_median() -> None:
    """Unless all of it is."""
    times = [START + timedelta(hours=n) for n in range(4)]
    rows = table(*line(times, [100, 100_000, 90, 110]), *line(times, [7000, 8000, 9000, 8000], symbol="ETH"))
    rows = rows.assign(findings=[["off-market"] if price > 1000 else [] for price in rows.price])
    coins = [("BTC", "KRW"), ("ETH", "KRW")]
    with of_frame(rows) as asked:
        assert [(c.low, c.high, c.first, c.last) for c in asked.courses(coins).values()] == [
            (90, 110, 100, 110), (7000, 9000, 7000, 8000)
        ]  # fmt: skip
        medians = [charts.medians(part, UTC, 600)[1] for part in parts(asked, coins)]
        assert [list(one) for one in medians] == [[100, 90, 110], [7000, 8000, 9000, 8000]]
    page, plain = report.render(rows), report.render(rows.drop(columns="findings"))
    assert '"off":[1]' in page and '"off":[0,1,2,3]' in page and '"off":[' not in plain
    note = language("en")("report off note")
    assert note in page and note not in plain


def test_rows_in_one_place_are_told_apart() -> None:
    """Tables made by hand may hold them: each is shown, none twice."""
    one = {"snapshot_id": "a", "observed_at": 0, "rank": 1, "symbol": "A", "name": "A", "currency": "KRW", "price": 1.0,
           "change_pct": None, "flags": "x"}  # fmt: skip
    with of_frame(framed([one, one | {"price": 2.0}, one | {"symbol": "B", "flags": "x y"}])) as asked:
        (_, keys) = asked.doubts(10)["x"]
        assert sorted((row.coin, row.price) for row in asked.quoted(keys).values()) == [
            ("A", 1.0),
            ("A", 2.0),
            ("B", 1.0),
        ]
        (b,) = [key for key in asked.newest(10) if key.coin == "B"]
        assert asked.quoted([b])[b].flags == ("x", "y")
        assert Key("a", 1, "B", "KRW") == b


ASKED: list[tuple[str, tuple[Any, ...]]] = [
    ("days", ()), ("lines", (0, HOUR)), ("lines", (0, 50 * HOUR)), ("medians", (0, 24 * HOUR, "price")),
    ("medians", (0, HOUR, "price", False)), ("spaced", (72 * HOUR,)), ("typicals", (0, 24 * HOUR)), ("observations", ()),
]  # fmt: skip


@pytest.mark.parametrize("most", some([60, 10**6], 2), ids=["in batches", "all at once"])
def test_a_part_says_what_the_table_says_of_that_coin(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr("tracker.store.parts.AT_ONCE", most)
    late = line([START + timedelta(days=9, hours=n) for n in range(5)], range(1, 6), symbol="LATE")
    coins = [("BTC", "KRW"), ("ETH", "USD"), ("ETH", "KRW"), ("ADA", ""), ("LATE", "KRW")]
    with of_frame(table(*blocks(4, 60), *late)) as whole:
        for coin, part in zip(coins, parts(whole, coins), strict=True):
            mine = Wanted(series=(coin,), named=True, dated=True, value="price")
            for what, given_ in ASKED:
                if what == "typicals":
                    assert part.typical(Wanted(), *given_) == whole.typical(mine, *given_)
                    continue
                found, told = (
                    getattr(one, what)(test, *given_) for one, test in ((part, Wanted()), (whole, mine))
                )
                assert len(found)
                pd.testing.assert_frame_equal(ordered(found), ordered(told), check_dtype=False)
            assert len(part) == part.tally().n.sum() == len(whole.observations(mine))


def ordered(rows: pd.DataFrame) -> pd.DataFrame:
    """In an order of their own: DuckDB gives groups in any."""
    return rows.sort_values(list(rows.columns), ignore_index=True).astype(object)


@settings(max_examples=50)
@given(
    st.lists(st.tuples(st.text("ab'\0", max_size=2), st.sampled_from(["", "x", "y'"])), max_size=5),
    st.text("ab'\0", max_size=2),
    st.sampled_from(["", "x", "y'"]),
)
def test_texts_are_looked_up_whatever_stands_in_them(pairs: list[tuple[str, str]], a: str, b: str) -> None:
    query = f"SELECT {paired('a', 'b', pairs)}, {among('a', [one for one, _ in pairs])} FROM (SELECT ? AS a, ? AS b)"
    assert CON.execute(query, [a, b]).fetchall() == [((a, b) in pairs, a in [one for one, _ in pairs])]


def test_the_first_findings_are_those_of_all(tmp_path: Path) -> None:
    store = Store(tmp_path / "a.duckdb")
    store.add(blocks(3, 40))
    store.reconcile()
    every, first = store.findings(), store.first_findings(2)
    kinds = {one["kind"]: [other for other in every if other["kind"] == one["kind"]] for one in every}
    assert any(len(found) > 2 for found in kinds.values())
    assert first == [one | {"count": len(found)} for found in kinds.values() for one in found[:2]]
    assert sections.findings(first, UTC) == [
        part | {"rows": part["rows"][:2], "more": part["count"] - len(part["rows"][:2])}
        for part in sections.findings(every, UTC)
    ]
