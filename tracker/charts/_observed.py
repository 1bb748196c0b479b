"""The tidy table as the charts need it: what can be drawn, and a count of what cannot.

Columns of the working table: coin (symbol, else the printed name), label (the printed name), money (currency), place
(site, else the layout), when (days since 1970 UTC), basis, price and change (float64), window, snapshot_id, block
(layout), rank. Rows in order of time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd

from ..errors import TrackerError
from ..model import TIME_BASES
from . import _style
from ._time import believable, days, zone

if TYPE_CHECKING:
    from pandas import DataFrame

NEEDED = (
    "snapshot_id observed_at time_basis site layout rank name symbol currency price change_pct change_window"
).split()
NO_MONEY = "currency not stated"
NO_PLACE = "{} (no address)"  # told apart by their layout: there is no site
Series = tuple[str, str]  # coin and currency
EPOCH = pd.Timestamp(0, tz="UTC")


@dataclass(frozen=True)
class Look:
    """The options every kind of chart knows.

    tz        zone of all dates drawn: a name or a tzinfo
    theme     `light` or `dark`
    title     instead of the chart's own
    size      (width, height) in inches; the default is 1,200 x 700 pixels at the default dpi
    dpi       pixels per inch
    gap       the longest span a line may cross (`3d`, `36h`, a timedelta, days); None: the rule of `reach`
    fold      fold away empty spans of more than a year
    coins     symbols (else printed names) to draw, in this order; none: the chart's own choice, most observed first
    currency  draw prices in this currency only
    sites     sites in the order of their colours, so that several charts agree; the others follow by frequency
    """

    tz: tzinfo | str = "Asia/Seoul"
    theme: str = "light"
    title: str | None = None
    size: tuple[float, float] = (12.0, 7.0)
    dpi: float = 100.0
    gap: str | timedelta | float | None = None
    fold: bool = True
    coins: Sequence[str] | None = None
    currency: str | None = None
    sites: Sequence[str] = ()

    def __post_init__(self) -> None:
        """Refuse at once what would fail half-way through a drawing."""
        self.zone, self.colours, self.longest_join  # noqa: B018
        width, height = self.size
        if not (2 <= width <= 100 and 0.8 <= height <= 100 and 20 <= self.dpi <= 1200):
            raise TrackerError(
                f"size {width:g}x{height:g} at {self.dpi:g} dpi",
                "cannot be drawn",
                "use inches, such as 12x7",
            )
        named = [self.coins] if isinstance(self.coins, str) else list(self.coins or ())
        object.__setattr__(self, "coins", named or None)

    @property
    def zone(self) -> tzinfo:
        return zone(self.tz)

    @property
    def colours(self) -> _style.Theme:
        return _style.theme(self.theme)

    @property
    def longest_join(self) -> float | None:
        """`gap` in days."""
        return None if self.gap is None else days(self.gap)

    @property
    def steps(self) -> int:
        """Into how many steps of time a long series is thinned: one a pixel of the whole picture."""
        return int(self.size[0] * self.dpi)

    def moment(self, value: str | datetime) -> float:
        """A time given as an option -> days; without an offset it is the look's zone's."""
        try:
            when = pd.Timestamp(value)
        except ValueError as error:
            raise TrackerError(
                f"time {value}", "is not a time", "write it like 2024-03-29 or 2024-03-29T09:00"
            ) from error
        when = when.tz_localize(self.zone) if when.tzinfo is None else when
        return float((when - EPOCH) / pd.Timedelta(days=1))


@dataclass
class Observed:
    """The rows still in, what was left out and how much of it, and what else the reader should know."""

    rows: DataFrame
    left_out: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, quotes: DataFrame, look: Look) -> Self:
        """From a table with the columns of the tidy table (order and others do not matter)."""
        missing = [column for column in NEEDED if column not in quotes.columns]
        if missing:
            raise TrackerError(
                "table", f"has no column {', '.join(missing)}", "pass the rows of read() or quotes()"
            )
        found = cls(_working(quotes))
        if look.currency:
            found.keep(found.rows.money == look.currency, f"not in {look.currency}")
        if look.coins is not None:
            found._only(look.coins)
        return found

    def keep(self, which: Any, left_out: str) -> Self:
        """Go on with these rows only; count the others under the words `left_out`."""
        lost = int((~which).sum())
        if lost:
            self.left_out.append(f"{lost:,} {left_out}")
            self.rows = self.rows[which]
        return self

    def _only(self, coins: Iterable[str]) -> None:
        """Go on with the coins that the user named; say which of them were never observed."""
        wanted = list(dict.fromkeys(coins))
        unseen = [coin for coin in wanted if not (self.rows.coin == coin).any()]
        if unseen:
            self.notes.append(f"No observation of {listed(unseen)}.")
        self.rows = self.rows[self.rows.coin.isin(wanted)]

    def dated(self) -> Self:
        """Without the observations whose time nobody knows."""
        return self.keep(self.rows.when.notna(), "undated")

    def named(self) -> Self:
        """Without the rows that lost name and symbol: nothing says which coin they continue."""
        return self.keep(self.rows.coin.notna(), "nameless")

    def valued(self, column: str) -> Self:
        """Without rows that have no finite number in this column; a price must be above zero."""
        value = self.rows[column]
        return self.keep(np.isfinite(value) & ((value > 0) | (column != "price")), f"without a {column}")

    def most_observed(self, look: Look, limit: int) -> list[Series]:
        """The (coin, currency) series to draw; only their rows are kept.

        Named coins: all, in the order given. Otherwise most observed first (then by their place in the blocks), at
        most `limit`, and none that was observed once only if others were more often: a point is no history."""
        groups = self.rows.groupby(["coin", "money"], sort=True)
        order = pd.DataFrame({"count": groups.size(), "place": groups["rank"].median()})
        order = order.sort_values(["count", "place"], ascending=[False, True], kind="stable")
        every: list[Series] = [(str(coin), str(money)) for coin, money in order.index]
        if look.coins is not None:
            named = list(look.coins)
            found = sorted(every, key=lambda series: named.index(series[0]))
        else:
            least = 2 if (order["count"] > 1).any() else 1
            found = [s for s, count in zip(every, order["count"], strict=True) if count >= least][:limit]
        self.rows = self.rows[pd.MultiIndex.from_frame(self.rows[["coin", "money"]]).isin(found)]
        others = [coin for coin, _ in every[len(found) :]]
        if others:
            self.notes.append(f"Coins not drawn, observed less often: {listed(others)}.")
        return found

    def some(self, kind: str) -> DataFrame:
        """The rows; TrackerError where none is left to draw."""
        if self.rows.empty:
            why = " ".join(self._said()) or "the table is empty"
            raise TrackerError(
                f"chart {kind}", f"nothing to draw ({why})", "choose other coins or ingest more pages"
            )
        return self.rows

    def small_print(self, tz: tzinfo) -> list[str]:
        """Where the drawn rows come from, and what is not drawn: lines for the foot of the sheet."""
        rows, bases = self.rows, self.rows.basis.value_counts()
        dates = list(
            dict.fromkeys(stamp(t, tz)[:10] for t in (rows.when.min(), rows.when.max()) if np.isfinite(t))
        )
        source = (
            f"Source: {listed(ranked(rows.place))}; layout {listed(ranked(rows.block))}. "
            f"{_style.counted(len(rows), 'quote')} in {_style.counted(rows.snapshot_id.nunique(), 'snapshot')}"
            f"{', ' if dates else ''}{' to '.join(dates)}. "
            f"Basis of the time: {', '.join(f'{b} {bases[b]:,}' for b in TIME_BASES if b in bases)}."
        )
        return [source, *self._said()]

    def _said(self) -> list[str]:
        left = [f"Quotes left out: {', '.join(self.left_out)}."] if self.left_out else []
        return [" ".join([*left, *self.notes])] if left or self.notes else []


def _working(quotes: DataFrame) -> DataFrame:
    """The working table of the module's docstring."""
    text = {
        c: quotes[c].astype(object).where(quotes[c].notna(), None)
        for c in ("name", "symbol", "site", "currency")
    }
    coin = text["symbol"].where(text["symbol"].notna(), text["name"])
    when = (believable(quotes["observed_at"]) - EPOCH) / pd.Timedelta(days=1)
    rows = pd.DataFrame(
        {
            "coin": coin, "label": text["name"], "money": text["currency"].fillna(NO_MONEY),
            "place": text["site"].fillna(quotes["layout"].map(NO_PLACE.format)), "when": when,
            "basis": quotes["time_basis"].astype(object),
            "price": quotes["price"].astype("float64"), "change": quotes["change_pct"].astype("float64"),
            "window": quotes["change_window"].astype(object), "snapshot_id": quotes["snapshot_id"],
            "block": quotes["layout"].astype(object), "rank": quotes["rank"],
        }
    )  # fmt: skip
    return rows.sort_values("when", kind="stable", ignore_index=True)


def ranked(values: Any) -> list[str]:
    """The distinct values, most frequent first, ties in the order of the alphabet."""
    return list(values.value_counts().sort_index().sort_values(ascending=False, kind="stable").index)


def listed(names: Iterable[object], most: int = 6) -> str:
    """`BTC, ETH and XRP`; where there are more than `most`, `BTC, … and 9 more`."""
    every = [_style.plain(name, 24) for name in names]
    if len(every) > most:
        return f"{', '.join(every[:most])} and {len(every) - most:,} more"
    return " and ".join(part for part in (", ".join(every[:-1]), *every[-1:]) if part)


def stamp(when: float, tz: tzinfo) -> str:
    """Days -> `2024-03-29 12:00` in the zone."""
    moment = EPOCH + pd.Timedelta(days=float(when))
    return f"{moment.tz_convert(tz):%Y-%m-%d %H:%M}"


def printed_name(rows: DataFrame, coin: str) -> str | None:
    """The name pages print most for this coin, if it says more than the symbol does."""
    names = rows.label[(rows.coin == coin) & rows.label.notna() & (rows.label != coin)]
    return ranked(names)[0] if len(names) else None


def rows_of(rows: DataFrame, series: Series) -> DataFrame:
    """The rows of one coin in one currency."""
    return rows[(rows.coin == series[0]) & (rows.money == series[1])]
