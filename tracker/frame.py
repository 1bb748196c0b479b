"""Blocks as rows of the tidy table, Arrow tables and pandas DataFrames. pandas and pyarrow load on first use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from .model import COLUMNS, PERCENT_DIGITS, PERCENT_PLACES, PRICE_DIGITS, PRICE_PLACES, Block, Kind, plain

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

NAMES = tuple(column.name for column in COLUMNS)
DECIMALS = tuple(column.name for column in COLUMNS if column.kind in ("price", "percent"))


class Named(Protocol):
    """What an Arrow field is made of: model.Column, and others like it."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> Kind: ...


def schema(columns: Iterable[Named] = COLUMNS) -> pa.Schema:
    """The Arrow schema of columns: strings, timestamp[us, UTC], int32, decimal128, list of string."""
    import pyarrow as pa

    kinds = {
        "text": pa.string(),
        "time": pa.timestamp("us", "UTC"),
        "integer": pa.int32(),
        "price": pa.decimal128(PRICE_DIGITS, PRICE_PLACES),
        "percent": pa.decimal128(PERCENT_DIGITS, PERCENT_PLACES),
        "texts": pa.list_(pa.string()),
    }
    return pa.schema([(column.name, kinds[column.kind]) for column in columns])


def rows(blocks: Iterable[Block]) -> Iterator[tuple[Any, ...]]:
    """The rows of all blocks, values in the order of COLUMNS, every text fit for UTF-8.

    Half a surrogate pair (an undecodable file name, a broken JSON escape) is spelled out: `\\udcb0`.
    """
    for block in blocks:
        for row in block.rows():
            yield tuple(_utf8(cell) if isinstance(cell, str) else cell for cell in row)


def _utf8(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def arrow(blocks: Iterable[Block]) -> pa.Table:
    """Blocks, in their order, as one Arrow table of `schema()`; a block without quotes gives no row."""
    import pyarrow as pa

    columns: list[tuple[Any, ...]] = list(zip(*rows(blocks), strict=True))
    fields = schema()
    cells = columns or [()] * len(fields)
    arrays = [pa.array(list(column), field.type) for column, field in zip(cells, fields, strict=True)]
    return pa.Table.from_arrays(arrays, schema=fields)


def frame(blocks: Iterable[Block], *, exact: bool = False) -> pd.DataFrame:
    """Blocks as a DataFrame with the columns of the tidy table; dtypes as in `dataframe`."""
    return dataframe(arrow(blocks), exact=exact)


def dataframe(table: pa.Table, *, exact: bool = False) -> pd.DataFrame:
    """An Arrow table with any columns of the tidy table as a DataFrame.

    Text has pandas' own string dtype (`str` in pandas 3, `object` before), times are datetime64[us, UTC], rank is
    int32, flags are lists. Prices and changes are float64, the nearest to the printed decimal; with `exact` they
    are Decimals spelled as printed (`Decimal('63.7')`), None where there is none.
    """
    import pandas as pd

    for name in () if exact else _among(table, DECIMALS):
        table = table.set_column(table.column_names.index(name), name, _floats(table.column(name)))
    df: pd.DataFrame = table.to_pandas()
    for name in (field.name for field in table.schema if str(field.type).startswith("list")):
        df[name] = pd.Series(table.column(name).to_pylist(), dtype=object)
    for name in _among(table, DECIMALS) if exact else ():
        df[name] = pd.Series(_printed(table.column(name)), dtype=object)
    return df


def _among(table: pa.Table, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name in table.column_names)


def _floats(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Decimals as the nearest floats. By way of text: Arrow's own cast is off by a digit in 7 of 100 prices."""
    import pyarrow as pa

    return column.cast(pa.string()).cast(pa.float64())


def _printed(column: pa.ChunkedArray) -> list[Decimal | None]:
    """Decimals without the zeros that the column's scale adds."""
    spelled = (plain(value) for value in column.to_pylist())
    return [None if text is None else Decimal(text) for text in spelled]
