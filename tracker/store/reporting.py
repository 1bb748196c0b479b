"""What a report says of a table that is not handed over: the rows it shows whole, what it counts, first and last prices.

Rows stand in order of time, the undated last; of one time in the order of snapshots and places. A row is told by its
snapshot, its place, its coin and its currency.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import duckdb

from ..clock.plausible import plausible_span
from ..frame import found, once
from ..model import COLUMNS
from .file import SESSION, Connection, within
from .large import SPAN, Large
from .reduce import Series, Wanted

if TYPE_CHECKING:
    import pyarrow as pa
    from pandas import DataFrame

BESIDES = ", url, source, row_text, flags"  # of the columns of reduce.WORK
ROW = (
    "coin, rank, currency, price, change, change_window, t, time_basis, site, layout, url, source, row_text, flags, "
    "snapshot_id"
)
EVIDENCE = """
    WITH snapshots AS (
        SELECT any_value(site) AS site, any_value(layout) AS layout, any_value(time_basis) AS time_basis,
            any_value(t) AS t, count(*) FILTER (len(flags) > 0) AS flagged FROM {work} GROUP BY snapshot_id)
    SELECT site, layout, time_basis, t IS NULL AS undated, count(*) AS n, sum(flagged)::BIGINT AS flagged
    FROM snapshots GROUP BY site, layout, time_basis, undated
"""
NEWEST = """
    WITH found AS (
        SELECT coin, currency, max(row(t IS NOT NULL, t, snapshot_id, rank)) AS place
        FROM {work} WHERE coin IS NOT NULL GROUP BY coin, currency)
    SELECT place[3], place[4], coin, currency FROM found
    ORDER BY place[1] DESC, place[2] DESC, place[3], place[4], coin, currency LIMIT {most}
"""
DOUBTS = """
    SELECT flag, count(*), max(row(t IS NULL, t, snapshot_id, rank), {most}) FROM (
        SELECT unnest(flags) AS flag, t, snapshot_id, rank FROM {work}) GROUP BY flag
"""
MOVED = """
    SELECT snapshot_id, rank, coin, currency FROM {work} WHERE t IS NOT NULL AND changed
    ORDER BY t DESC, snapshot_id DESC, rank DESC, coin DESC, currency DESC LIMIT 1
"""
MOVES = "SELECT count(*) FROM {work} WHERE t IS NOT NULL AND changed AND snapshot_id = ?"
# The prices at both ends and the extremes first, which costs little; then when they were, the first time of each. Of those
# that are on the market, or of all where none is.
COURSES = """
    WITH halves AS (
        SELECT coin AS named, currency AS money, off AS astray, min(price) AS low, max(price) AS high, min(t) AS first,
            max(t) AS last FROM {work} WHERE {test} GROUP BY coin, currency, off),
    ends AS MATERIALIZED (
        SELECT DISTINCT ON (named, money) *, max(last) OVER (PARTITION BY named, money) AS newest
        FROM halves ORDER BY astray)
    SELECT coin, currency, any_value(low), min(t) FILTER (price = low AND off = astray),
        any_value(high), min(t) FILTER (price = high AND off = astray),
        min(row(snapshot_id, rank, price)) FILTER (t = first AND off = astray),
        max(row(snapshot_id, rank, price)) FILTER (t = last AND off = astray),
        max(row(snapshot_id, rank)) FILTER (t = newest)
    FROM {work} JOIN ends ON coin = named AND currency IS NOT DISTINCT FROM money
        AND (t = first OR t = last OR t = newest OR price = low OR price = high)
    WHERE {test} GROUP BY coin, currency
"""
POINTS = """
    SELECT coin, currency, t, price, off, snapshot_id, site, layout, time_basis, url FROM {work} WHERE {test}
    ORDER BY t, snapshot_id, rank, coin, currency, price, url
"""
ROWS = f"""
    SELECT {ROW} FROM {{work}} WHERE snapshot_id IN (SELECT unnest(?::VARCHAR[]))
        AND (snapshot_id, rank) IN (SELECT row(unnest(?::VARCHAR[]), unnest(?::INTEGER[])))
    ORDER BY {ROW}
"""


class Key(NamedTuple):
    """Which row: of a coin; or one that bears a flag, the nth from the end of those in one place of a snapshot."""

    snapshot_id: str
    rank: int
    coin: str | None = None
    currency: str | None = None
    flag: str | None = None
    nth: int = 0


class Quoted(NamedTuple):
    """A row as a report shows it: price and change as floats, t in microseconds since 1970 UTC (None: undated), the rest
    as in the tidy table; coin is the symbol, else the printed name."""

    coin: str | None
    rank: int
    currency: str | None
    price: float
    change: float | None
    window: str | None
    t: int | None
    basis: str
    site: str | None
    layout: str
    url: str | None
    source: str
    row_text: str
    flags: tuple[str, ...]


class Course(NamedTuple):
    """A coin's prices on the market (all, where none is on it): the lowest and the highest, each with the first time it had
    it, the first and the last; and the last row, be it off the market."""

    low: float
    low_at: int
    high: float
    high_at: int
    first: float
    last: float
    key: Key


class Reported(Large):
    """A table of quotes that a report is asked of. Times that no page can have, tomorrow's and later, count as unknown."""

    def __init__(
        self, con: Connection, source: str, test: str, values: Sequence[Any], rows: int, wide: bool, exact: bool,
        off: str, again: int,
    ) -> None:  # fmt: skip
        super().__init__(con, source, test, values, rows, wide, exact, off, again, plausible_span(), BESIDES)

    def evidence(self) -> DataFrame:
        """How many snapshots (n) and flagged quotes there are of each site, layout and time basis, dated and undated."""
        return self._frame(EVIDENCE.format(work=self._work))

    def newest(self, most: int) -> list[Key]:
        """The newest row of each coin in each currency, the newest snapshot first and then in the page's order."""
        return [Key(*row) for row in self._all(NEWEST, most=most)]

    def doubts(self, most: int) -> dict[str, tuple[int, list[Key]]]:
        """Of each flag how many rows bear it, and the last of them, the undated first."""
        found = {}
        for flag, count, last in self._all(DOUBTS, most=most):
            places = [(id_, rank) for *_, id_, rank in last]
            keys = [Key(*at, flag=flag, nth=places[:n].count(at)) for n, at in enumerate(places)]
            found[str(flag)] = (int(count), keys)
        return dict(sorted(found.items()))

    def moved(self) -> tuple[Key, int] | None:
        """The last row that prints a change, and how many rows of its snapshot do."""
        if not (last := self._all(MOVED)):
            return None
        key = Key(*last[0])
        return key, int(self._all(MOVES, key.snapshot_id)[0][0])

    def courses(self, series: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Course]:
        """The course of each of these coins (currency "" where none is known) in time."""
        found = {}
        test = Wanted(series=tuple(series), named=True, dated=True, value="price").test()
        for coin, money, low, low_at, high, high_at, first, last, newest in self._all(
            COURSES, test=test, times=2
        ):
            key, prices = Key(newest[0], newest[1], coin, money), (float(first[2]), float(last[2]))
            found[str(coin), str(money or "")] = Course(
                float(low), low_at, float(high), high_at, *prices, key
            )
        return found

    def points(self, series: Sequence[Series]) -> DataFrame:
        """The dated prices of these coins in order of time: for few at a time. Columns coin, currency, t, price, off,
        snapshot_id, site, layout, time_basis, url."""
        test = Wanted(series=tuple(series), named=True, dated=True, value="price").test()
        return self._frame(POINTS.format(work=self._work, test=test))

    def quoted(self, keys: Iterable[Key]) -> dict[Key, Quoted]:
        """These rows."""
        wanted = list(keys)
        ids, ranks = [key.snapshot_id for key in wanted], [key.rank for key in wanted]
        there: dict[tuple[str, int], list[Quoted]] = {}
        for row in self._all(ROWS, ids, ids, ranks):
            there.setdefault((row[14], row[1]), []).append(_quoted(row))
        return {key: _of(key, there[key.snapshot_id, key.rank]) for key in wanted}

    def _all(self, query: str, *given: Any, times: int = 1, **parts: Any) -> list[Any]:
        """All rows that a query about the table gives."""
        asked = query.format(work=self._work, **parts)
        values = [*self._values * times, *given]
        return within(self._con, lambda: self._con.execute(asked, values).fetchall())


def _quoted(row: Sequence[Any]) -> Quoted:
    *cells, flags, _ = row
    found = Quoted._make([*cells, tuple(flags)])
    missing = found.change is None or found.change != found.change
    return found._replace(price=float(found.price), change=None if missing else float(found.change or 0))


def _of(key: Key, rows: Sequence[Quoted]) -> Quoted:
    """The row of that key among those in its place."""
    if key.flag is not None:
        return [row for row in rows if key.flag in row.flags][-1 - key.nth]
    return [row for row in rows if (row.coin, row.currency) == (key.coin, key.currency)][-1]


@contextmanager
def of_frame(quotes: DataFrame) -> Iterator[Reported]:
    """A DataFrame with the columns of the tidy table, to be asked like a store."""
    shown = once(quotes)
    rows, again = len(shown), len(quotes) - len(shown)
    wide = all(name in quotes.columns for name in SPAN)
    with duckdb.connect() as con:
        con.execute(SESSION)
        con.register("quotes_given", arrow(shown, SPAN if wide else ()))
        yield Reported(con, "quotes_given", "true", [], rows, wide, exact=False, off="off", again=again)


def arrow(quotes: DataFrame, times: Sequence[str] = ()) -> pa.Table:
    """The columns of the tidy table, these of times besides, and off (found off the market), as the store has them; but
    figures as floats."""
    import pyarrow as pa

    kinds = {column.name: str(column.kind) for column in COLUMNS} | dict.fromkeys(times, "time")
    made: dict[str, tuple[Any, Callable[[Any], Any]]] = {
        "text": (pa.string(), _texts),
        "time": (pa.timestamp("us"), _times),
        "integer": (pa.int32(), lambda cells: cells),
        "price": (pa.float64(), lambda cells: cells.astype("float64")),
        "percent": (pa.float64(), lambda cells: cells.astype("float64")),
        "texts": (pa.list_(pa.string()), _lists),
    }
    arrays = {
        name: pa.array(made[kind][1](quotes[name]), made[kind][0], from_pandas=True)
        for name, kind in kinds.items()
    }
    return pa.table(arrays | {"off": pa.array(found(quotes, "off-market"), pa.bool_())})


def _texts(cells: Any) -> Any:
    return cells.astype(object)


def _times(cells: Any) -> Any:
    import pandas as pd

    return pd.to_datetime(cells, utc=True).dt.as_unit("us").dt.tz_localize(None)


def _lists(cells: Any) -> Any:
    """Flags as lists; a DataFrame has them as one text, blanks between."""
    return [each.split() if isinstance(each, str) else list(each) for each in cells]
