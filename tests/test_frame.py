"""Blocks as Arrow tables and DataFrames: columns, dtypes, exact figures."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import BITCOIN, NOON, PRICES, block, blocks, empty_store, series

from tracker.errors import TimeError
from tracker.frame import NAMES, arrow, dataframe, frame, rows, schema, wide
from tracker.model import COLUMNS, Block, plain

DTYPES = {
    "text": ("str", "object", "string"),
    "time": ("datetime64[us, UTC]",),
    "integer": ("int32",),
    "price": ("float64",),
    "percent": ("float64",),
    "texts": ("str", "object", "string"),
}


@pytest.mark.parametrize(
    "made", [[], [block()], series(0, 3), [block(quotes=())]], ids=["none", "one", "many", "empty"]
)
def test_columns_and_dtypes_are_those_of_the_table(made: list[Block]) -> None:
    df = frame(made)
    assert tuple(df.columns) == NAMES
    assert [str(df.dtypes[c.name]) in DTYPES[c.kind] for c in COLUMNS] == [True] * len(COLUMNS)
    assert len(df) == sum(len(b.quotes) for b in made)
    assert arrow(made).schema == schema()


def test_values_arrive_as_printed() -> None:
    floats, exact = frame([block()]), frame([block()], exact=True)
    assert floats["price"].tolist() == [8692000.0, 63.7, 41.3]
    assert [str(price) for price in exact["price"]] == ["8692000", "63.7", "41.3"]
    assert exact["change_abs"].tolist() == [None] * 3
    assert floats["change_abs"].isna().all()
    assert floats["observed_at"].tolist() == [pd.Timestamp(NOON)] * 3
    assert floats["flags"].tolist() == ["", "", "name-missing"]
    assert floats["name"].isna().tolist() == [False, False, True]
    assert floats["published_at"].isna().all()


@given(st.lists(PRICES, min_size=1))
def test_floats_are_the_nearest_to_the_decimals(prices: list[Decimal]) -> None:
    table = pa.table({"price": pa.array(prices, schema().field("price").type)})
    assert dataframe(table)["price"].tolist() == [float(price) for price in prices]
    exact = dataframe(table, exact=True)["price"]
    assert [price.as_tuple() for price in exact] == [
        Decimal(plain(price) or "").as_tuple() for price in prices
    ]


@given(st.lists(blocks(), max_size=3))
def test_any_block_goes_through_arrow_unaltered(made: list[Block]) -> None:
    assert [tuple(row.values()) for row in arrow(made).to_pylist()] == [row for b in made for row in b.rows()]


def test_a_half_surrogate_is_spelled_out() -> None:
    (row, *_) = rows([block(source="\udcb0\udca1.html")])
    assert row[NAMES.index("source")] == "\\udcb0\\udca1.html"
    assert frame([block(source="\udcb0.html")])["source"][0] == "\\udcb0.html"


def test_what_does_not_fit_the_table_is_an_error() -> None:
    (quote, *_) = block().quotes
    with pytest.raises(pa.ArrowInvalid):
        frame([block(quotes=(replace(quote, price=Decimal("0.0000000000001")),))])


# -- a DataFrame that behaves


@pytest.mark.parametrize("exact", [False, True])
def test_every_value_can_be_counted_grouped_and_compared(exact: bool) -> None:
    df = frame([block(0), block(0), block(1, flags=("partial", "time-conflict"))], exact=exact)
    assert len(df.drop_duplicates()) == 6
    assert df.groupby("flags").size().to_dict() == {
        "": 4, "name-missing": 2, "name-missing partial time-conflict": 1, "partial time-conflict": 2,
    }  # fmt: skip
    assert df.pivot_table(index="observed_at", columns="flags", values="rank", aggfunc="count").shape == (
        2,
        4,
    )
    assert df.merge(df.drop_duplicates(), on=list(df.columns)).shape == (9, 20)
    assert {column: df[column].nunique() for column in df.columns}["flags"] == 4


def test_columns_that_pandas_hides_have_a_way_in() -> None:
    df = frame([block(0), block(1, flags=("partial",))])
    assert df.tracker.rank.tolist() == [1, 2, 3] * 2
    assert df.tracker.flags.tolist() == df["flags"].tolist()
    assert df.tracker.flagged().tolist() == [False, False, True, True, True, True]
    assert df.tracker.flagged("partial", "sign-lost").tolist() == [False] * 3 + [True] * 3
    hidden = {name for name in NAMES if not df[name].equals(getattr(df, name))}
    assert hidden == {"rank", "flags"}


def test_times_are_in_the_zone_asked_for() -> None:
    df = frame([block()], tz="Asia/Seoul")
    assert [str(df[name].dtype) for name in ("observed_at", "captured_at", "published_at")] == [
        "datetime64[us, Asia/Seoul]"
    ] * 3
    assert str(df["observed_at"][0]) == "2019-12-03 21:00:00+09:00"
    assert df["observed_at"][0] == NOON
    with pytest.raises(TimeError, match="no such time zone"):
        frame([block()], tz="Mars")


STRANGER = replace(BITCOIN, rank=4, symbol=None, name="듣보코인")
DOLLARS = replace(BITCOIN, currency="USD", price=Decimal("7400.5"))
CHEAPER = replace(BITCOIN, price=Decimal(9))
WIDE = {
    "one site, one currency": [block(0), block(1)],
    "two sites": [block(0), block(1, url="https://a.kr/1"), block(2, url=None)],
    "two currencies": [block(0, quotes=(BITCOIN, DOLLARS)), block(1, quotes=(replace(BITCOIN, currency=None),))],
    "two prices at one time": [block(0), block(0, url="https://www.example.co.kr/2", quotes=(CHEAPER,))],
    "a stranger": [block(0, quotes=(BITCOIN, STRANGER))],
    "undated": [block(0), block(1, observed_at=None, time_basis="none")],
    "nothing": [],
}  # fmt: skip


@pytest.mark.parametrize("made", WIDE.values(), ids=WIDE.keys())
@pytest.mark.filterwarnings("ignore:.*left out")
def test_wide_is_what_the_export_gives(made: list[Block], tmp_path: Path) -> None:
    store = empty_store(tmp_path / "s.duckdb")
    store.add(made)
    written = store.copy(tmp_path / "w.parquet", "parquet", wide=True)
    exported = pd.read_parquet(tmp_path / "w.parquet")
    table = wide(store.quotes(exact=True))
    assert list(table.columns) == list(exported.columns)
    assert len(table) == written.rows
    for name in table.columns if written.rows else ():
        ours, theirs = (
            column.astype(object).where(column.notna(), None) for column in (table[name], exported[name])
        )
        assert ours.tolist() == theirs.tolist()


def test_what_has_no_place_in_a_wide_table_is_counted() -> None:
    with pytest.warns(UserWarning, match="^2 quotes are left out: undated or nameless"):
        wide(frame([block(0), block(1)]))
