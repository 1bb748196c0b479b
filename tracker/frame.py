"""Blocks as rows of the tidy table, Arrow tables and pandas DataFrames. pandas and pyarrow load on first use.

Two columns bear names that pandas uses itself: `df.rank` and `df.flags` are pandas', the columns are `df["rank"]` and
`df["flags"]`, or `df.tracker.rank` and `df.tracker.flags` (see Accessor).
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from .model import COLUMNS, PERCENT_DIGITS, PERCENT_PLACES, PRICE_DIGITS, PRICE_PLACES, Block, Kind, plain
from .printed.zones import zone_named

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

NAMES = tuple(column.name for column in COLUMNS)
DECIMALS = tuple(column.name for column in COLUMNS if column.kind in ("price", "percent"))
LISTS = tuple(column.name for column in COLUMNS if column.kind == "texts")
TIMES = tuple(column.name for column in COLUMNS if column.kind == "time")


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


def frame(blocks: Iterable[Block], *, exact: bool = False, tz: str | None = None) -> pd.DataFrame:
    """Blocks as a DataFrame with the columns of the tidy table; dtypes as in `dataframe`."""
    return dataframe(arrow(blocks), exact=exact, tz=tz)


def dataframe(table: pa.Table, *, exact: bool = False, tz: str | None = None) -> pd.DataFrame:
    """An Arrow table with any columns of the tidy table as a DataFrame.

    Text has pandas' own string dtype (`str` in pandas 3, `object` before), rank is int32, flags are one text with blanks
    between, empty where there is none. Times are datetime64[us] in UTC, or in the zone `tz`. Prices and changes are
    float64, the nearest to the printed decimal; with `exact` they are Decimals spelled as printed (`Decimal('63.7')`),
    None where there is none. Every value can be hashed. TimeError for a zone that is none.
    """
    import pandas as pd

    zone = zone_named(tz) if tz else None
    table = table if exact else floated(table)
    for name in _among(table, LISTS):
        table = table.set_column(table.column_names.index(name), name, _joined(table.column(name)))
    df: pd.DataFrame = table.to_pandas()
    for name in _among(table, DECIMALS) if exact else ():
        df[name] = pd.Series(_printed(table.column(name)), dtype=object)
    for name in _among(table, TIMES) if zone else ():
        df[name] = df[name].dt.tz_convert(zone)
    _make_known()
    return df


def found(quotes: pd.DataFrame, kind: str) -> pd.Series[bool]:
    """Which rows have a finding of this kind (see market.kinds): those of `Store.quotes(findings=True)` say so, others have
    none."""
    import pandas as pd

    if "findings" not in quotes.columns:
        return pd.Series(False, index=quotes.index)
    has = [hasattr(kinds, "__len__") and len(kinds) > 0 and kind in kinds for kinds in quotes["findings"]]
    return pd.Series(has, index=quotes.index, dtype=bool)


def once(quotes: pd.DataFrame) -> pd.DataFrame:
    """Without the rows that stood on a page before, within minutes: those of `Store.quotes(findings=True)` say so."""
    return quotes[quotes["pages"] != 0] if "pages" in quotes.columns else quotes


def wide(quotes: pd.DataFrame) -> pd.DataFrame:
    """Prices by time, as `export --wide` has them: observed_at, time_basis and a column for each coin, by its symbol.

    quotes  rows of the tidy table, as `read` and `Store.quotes` give them
    Where they have several currencies or sites, each coin has a column for each (`BTC (KRW, example.co.kr)`); where one
    column has several prices at one time, they stand in rows of their own. A UserWarning counts the quotes that have no
    place here: undated ones, and those without symbol and name.
    """
    import pandas as pd

    coin = quotes["symbol"].fillna(quotes["name"])
    placed = quotes["observed_at"].notna() & coin.notna()
    if lost := int((~placed).sum()):
        are = "quote is" if lost == 1 else "quotes are"
        warnings.warn(f"{lost:,} {are} left out: undated or nameless ones have no place here", stacklevel=2)
    keys = ["observed_at", "time_basis", "series"]
    rows = quotes.loc[placed, [*keys[:2], "price"]].assign(series=_labels(quotes[placed], coin[placed]))
    rows = rows.drop_duplicates().sort_values([*keys, "price"], kind="stable")
    rows["nth"] = rows.groupby(keys).cumcount()
    table = rows.pivot(index=["observed_at", "time_basis", "nth"], columns="series", values="price")
    table = table[sorted(table.columns)].sort_index().reset_index().drop(columns="nth")
    return (
        table.rename_axis(columns=None) if len(table) else pd.DataFrame(columns=["observed_at", "time_basis"])
    )


def _labels(rows: pd.DataFrame, coin: pd.Series[Any]) -> list[str]:
    """What each row's column is called: the coin, and whatever else tells its columns apart."""
    several = {name: rows[name].fillna("").nunique() > 1 for name in ("currency", "site")}
    nowhere = {"currency": "currency unknown", "site": "no site"}
    labels = []
    for row, name in zip(rows[["symbol", "currency", "site"]].to_dict("records"), coin, strict=True):
        given = {key: None if value != value else value for key, value in row.items()}  # NaN is not itself
        parts = ["symbol unknown"] * (given["symbol"] is None)
        parts += [given[key] or nowhere[key] for key in several if several[key]]
        labels.append(f"{name} ({', '.join(parts)})" if parts else str(name))
    return labels


class Accessor:
    """`df.tracker`: the columns whose names pandas uses itself, and what one asks of such a table.

    It is there on every DataFrame once this program has made one.
    """

    def __init__(self, quotes: pd.DataFrame) -> None:
        self._quotes = quotes

    @property
    def rank(self) -> pd.Series[Any]:
        """The column `rank`."""
        return self._quotes["rank"]

    @property
    def flags(self) -> pd.Series[Any]:
        """The column `flags`: one text, blanks between."""
        return self._quotes["flags"]

    def flagged(self, *flags: str) -> pd.Series[Any]:
        """Which rows bear one of these flags; any flag, if none is named."""
        borne = self.flags.str.split()
        return borne.map(lambda each: bool(set(each) & set(flags)) if flags else bool(each)).astype(bool)

    def wide(self) -> pd.DataFrame:
        """See `wide`."""
        return wide(self._quotes)


@cache
def _make_known() -> None:
    import pandas as pd

    pd.api.extensions.register_dataframe_accessor("tracker")(Accessor)


def _among(table: pa.Table, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name in table.column_names)


def floated(table: pa.Table) -> pa.Table:
    """With the nearest floats for all decimals. By way of text: Arrow's own cast is off by a digit in 7 of 100 prices."""
    import pyarrow as pa

    for at, field in enumerate(table.schema):
        if pa.types.is_decimal(field.type):
            table = table.set_column(at, field.name, table.column(at).cast(pa.string()).cast(pa.float64()))
    return table


def _joined(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Lists of texts as one text each, blanks between."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.fill_null(pc.binary_join(column.cast(pa.list_(pa.string())), " "), "")


def _printed(column: pa.ChunkedArray) -> list[Decimal | None]:
    """Decimals without the zeros that the column's scale adds."""
    spelled = (plain(value) for value in column.to_pylist())
    return [None if text is None else Decimal(text) for text in spelled]
