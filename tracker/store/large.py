"""A table of quotes that is asked for what can be seen of it, and not handed over. What is asked stands in `reduce`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import duckdb

from ..clock.plausible import OLDEST
from ..frame import floated, found, once
from ..model import DAYS as PRINTED_DAYS
from . import reduce as ask
from .file import SESSION, Connection, within
from .reduce import Offsets, Wanted, among, literal, wall

if TYPE_CHECKING:
    from pandas import DataFrame

LARGE = 100_000  # rows; a smaller table is handed over whole
EXACT = {"priced": "true", "changed": "change_pct IS NOT NULL"}
FLOATS = {"priced": "(price > 0 AND isfinite(price))", "changed": "coalesce(isfinite(change_pct), false)"}
LAST = datetime(2100, 1, 1, tzinfo=UTC)  # of times that are believed
NEEDED = (
    "snapshot_id observed_at time_basis site layout rank name symbol currency price change_pct change_window"
).split()
SPAN = ("priced_from", "priced_until")


class Large:
    """A table of quotes that is asked and not handed over.

    con, source, test, values  the connection, the table or view, a condition on it and the values of its question marks
    rows    how many quotes pass
    exact   whether figures are the decimals of a store, which has no price that is none
    off     what says that a row is off the market, as SQL
    wide    whether the table has the span that prices leave
    again   how many quotes are left out, for they stood on a page of their site before, within minutes
    between the first and last time that a page can have
    more    columns besides, each led by a comma
    """

    def __init__(
        self, con: Connection, source: str, test: str, values: Sequence[Any], rows: int, wide: bool, exact: bool,
        off: str, again: int, between: tuple[datetime, datetime] = (OLDEST, LAST), more: str = "",
    ) -> None:  # fmt: skip
        self._con, self._values, self.rows, self.again = con, list(values), rows, again
        span = "epoch_us(priced_until) - epoch_us(priced_from)" if wide else "NULL::BIGINT"
        first, last = (f"TIMESTAMP '{end:%Y-%m-%d %H:%M:%S}'" for end in between)
        tests = EXACT if exact else FLOATS
        self._work = ask.WORK.format(
            first=first, last=last, wide=span, off=off, source=source, test=test, more=more, **tests
        )
        self._kept: dict[Any, Any] = {}

    def __len__(self) -> int:
        return self.rows

    def implying(self) -> Large:
        """The same with the prices of 24 h before that changes over 24 h lead to, as rows of the basis `implied`."""
        found = copy(self)
        found._work, found._kept = ask.IMPLIED.format(self._work), {}
        return found

    def tally(self) -> DataFrame:
        """How many rows there are of each coin, name, currency, site, layout, basis, window and rank, with and without a
        time, price, change: n; at and last their first and last time; price and change are 1 where there is one."""
        if "tally" not in self._kept:
            self._kept["tally"] = self._frame(ask.TALLY.format(self._work))
        found: DataFrame = self._kept["tally"]
        return found

    def snapshots(self, wanted: Wanted) -> int:
        """How many snapshots the rows are of."""
        if wanted not in self._kept:
            query = f"SELECT count(DISTINCT snapshot_id) FROM {self._work} WHERE {wanted.test()}"
            self._kept[wanted] = self._con.execute(query, self._values).fetchall()[0][0]
        return int(self._kept[wanted])

    def prints(self, wanted: Wanted, offsets: Offsets, unit: int, daily: Sequence[str]) -> DataFrame:
        """Of each coin and step of `unit` microseconds of the zone the last row, and the last with a change over one of
        the windows `daily` or none stated; other changes are missing."""
        day = f"changed AND (change_window IS NULL OR {among('change_window', daily)})"
        parts = {
            "test": wanted.test(),
            "wall": wall(offsets),
            "unit": unit,
            "daily": day,
            "work": self._work,
        }
        return self._frame(ask.PRINTS.format(**parts), 2)

    def ends(self, wanted: Wanted, offsets: Offsets, step: str) -> DataFrame:
        """The prices at the first and last times of any coin and site in each step (`week`, `month`, `year` of the zone);
        no lower bounds."""
        number = ask.STEPS[step].format(wall(offsets))
        query = ask.ENDS.format(work=self._work, test=wanted.test(), step=number)
        return self._frame(query, 2)

    def covered(self, wanted: Wanted, offset: int, unit: int) -> DataFrame:
        """Snapshots by site, layout, basis and step: n, the most coins in one, the first time and the last."""
        wall = f"t + {offset}"
        return self._frame(ask.SNAPSHOTS.format(work=self._work, test=wanted.test(), wall=wall, unit=unit))

    def days(self, wanted: Wanted) -> DataFrame:
        """The first and last time of each coin, basis and day."""
        return self._frame(ask.DAYS.format(work=self._work, test=wanted.test()))

    def lines(self, wanted: Wanted, start: int, width: int) -> DataFrame:
        """Of each coin, site and step (number `cell`) of `width` microseconds from `start` the first, last, lowest and
        highest price: what a line through all of them covers, if a step is no wider than a pixel. Lower bounds and days
        each by themselves. n: how many there are in the step, in the first of its rows."""
        days = (*PRINTED_DAYS, "priced")
        return self._frame(
            ask.LINES.format(work=self._work, test=wanted.test(), start=start, width=width, days=days)
        )

    def medians(self, wanted: Wanted, start: int, width: int, value: str, sites: bool = True) -> DataFrame:
        """Of each coin, site (or of all `sites` as one) and step (number `cell`) the median of price or change: value; with
        low, high, n, and bound: whether all of its times are lower bounds."""
        query = ask.MEDIANS if sites else ask.SPREAD
        return self._frame(
            query.format(work=self._work, test=wanted.test(), start=start, width=width, value=value)
        )

    def spaced(self, wanted: Wanted, longest: int) -> DataFrame:
        """Of each coin and site the typical spacing of its times (see charts._time.reach), those above `longest` left out:
        reach, in microseconds; no row where there is none."""
        return self._frame(ask.SPACED.format(work=self._work, test=wanted.test(), longest=longest))

    def typical(self, wanted: Wanted, start: int, width: int) -> float:
        """The median of how many sites a step of a coin has."""
        query = ask.TYPICAL.format(steps=self._sites(wanted, start, width))
        return float(self._con.execute(query, self._values).fetchall()[0][0])

    def typicals(self, wanted: Wanted, start: int, width: int) -> DataFrame:
        """The same of each coin: sites."""
        return self._frame(ask.TYPICALS.format(steps=self._sites(wanted, start, width)))

    def _sites(self, wanted: Wanted, start: int, width: int) -> str:
        return ask.SITES.format(work=self._work, test=wanted.test(), start=start, width=width)

    def middle(self, wanted: Wanted) -> DataFrame:
        """The median price of each coin."""
        return self._frame(ask.MIDDLE.format(work=self._work, test=wanted.test()))

    def nearest(self, wanted: Wanted, moment: int, near: int) -> DataFrame:
        """Each coin's price nearest to a moment, no further than `near` microseconds from it."""
        return self._frame(ask.NEAREST.format(work=self._work, test=wanted.test(), moment=moment, near=near))

    def observations(self, wanted: Wanted) -> DataFrame:
        """The rows themselves, without names, in order of time: for few at a time."""
        columns = "coin, currency, site, layout, time_basis, wide, off, t, price, change"
        return self._frame(
            f"SELECT {columns} FROM {self._work} WHERE {wanted.test()} ORDER BY t, snapshot_id, rank"
        )

    def prices(self, wanted: Wanted, places: Sequence[tuple[str | None, str | None]]) -> DataFrame:
        """Times, prices and the number of the place among `places`, in order of time: for one coin at a time."""
        known = ", ".join(literal(site or f"?{layout}") for site, layout in places)
        place = f"list_position([{known}], coalesce(site, '?' || layout))::INTEGER AS place"
        return self._frame(f"SELECT t, price, {place} FROM {self._work} WHERE {wanted.test()} ORDER BY t")

    def snapshot(self, wanted: Wanted, id_: str | None = None, at: int | None = None) -> DataFrame:
        """The rows of the snapshot of that id; else of the one with changes nearest to that moment; else of the newest."""
        if id_ is None:
            order = "t DESC, snapshot_id DESC" if at is None else f"abs(t - {at}), t, snapshot_id"
            query = ask.NEWEST.format(work=self._work, test=wanted.test(), order=order)
            id_ = next((one for (one,) in self._con.execute(query, self._values).fetchall()), None)
        this = f"{wanted.test()} AND snapshot_id = {literal(id_ or '')}"
        return self._frame(f"SELECT *, 1 AS n FROM {self._work} WHERE {this} ORDER BY t, rank")

    def _frame(self, query: str, times: int = 1) -> DataFrame:
        return within(self._con, lambda: self._fetched(query, times))  # a median holds all its values

    def _fetched(self, query: str, times: int) -> DataFrame:
        found: DataFrame = floated(
            self._con.sql(query, params=self._values * times).to_arrow_table()
        ).to_pandas()
        return found


@contextmanager
def of_frame(quotes: DataFrame) -> Iterator[Large]:
    """A DataFrame with the columns of the tidy table, to be asked like a store."""
    shown = once(quotes)
    rows, again = len(shown), len(quotes) - len(shown)
    wide = all(name in quotes.columns for name in SPAN)
    needed = shown[[*NEEDED, *(SPAN if wide else ())]]
    floats = {name: needed[name].astype("float64") for name in ("price", "change_pct")}
    plain = needed.assign(**floats, off=found(shown, "off-market"))
    with duckdb.connect() as con:
        con.execute(SESSION)
        con.register("quotes_given", plain)
        yield Large(con, "quotes_given", "true", [], rows, wide, exact=False, off="off", again=again)
