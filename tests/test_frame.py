"""Blocks as Arrow tables and DataFrames: columns, dtypes, exact figures."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import NOON, PRICES, block, blocks, series

from tracker.frame import NAMES, arrow, dataframe, frame, rows, schema
from tracker.model import COLUMNS, Block, plain

DTYPES = {
    "text": ("str", "object", "string"),
    "time": ("datetime64[us, UTC]",),
    "integer": ("int32",),
    "price": ("float64",),
    "percent": ("float64",),
    "texts": ("object",),
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
    assert floats["flags"].tolist() == [[], [], ["name-missing"]]
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
