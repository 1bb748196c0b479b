"""The tidy table as the charts need it: the working table.

Its columns: coin (symbol, else the printed name), label (the printed name), money (currency), place (site, else the
layout's title), when (days since 1970 UTC), basis, wide (days it may be off in all), price and change (float64), window,
snapshot_id, block (layout), rank, off (whether it was found off the market). Rows in order of time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..frame import found as has_finding
from ..market.implied import IMPLIED, LEADING, LOWEST, WINDOW
from ..model import DAYS as PRINTED_DAYS
from ..model import TIME_BASES
from ._names import EPOCH, homeless
from ._time import DAY_US, believable

if TYPE_CHECKING:
    from pandas import DataFrame

    from ..language import Language
    from ._time import Numbers

NEEDED = (
    "snapshot_id observed_at time_basis site layout rank name symbol currency price change_pct change_window"
).split()
PUBLISHED = "published"  # a time that is a lower bound
PRICED = "priced"  # a span that prices leave: what rows say about one another (see store.findings)
BASES = (*TIME_BASES[:-2], PRICED, *TIME_BASES[-2:])
DAYS = (*PRINTED_DAYS, PRICED)  # drawn as wide as they are open
Series = tuple[str, str]  # coin and currency


def working(quotes: DataFrame, words: Language) -> DataFrame:
    """The working table of the module's docstring."""
    text = {
        c: quotes[c].astype(object).where(quotes[c].notna(), None)
        for c in ("name", "symbol", "site", "currency")
    }
    coin = text["symbol"].where(text["symbol"].notna(), text["name"])
    when = (believable(quotes["observed_at"]) - EPOCH) / pd.Timedelta(days=1)
    rows = pd.DataFrame(
        {
            "coin": coin, "label": text["name"], "money": text["currency"].fillna(words("no currency")),
            "place": text["site"].fillna(homeless(quotes["layout"], words)), "when": when,
            "basis": quotes["time_basis"].astype(object), "wide": _width(quotes),
            "price": quotes["price"].astype("float64"), "change": quotes["change_pct"].astype("float64"),
            "window": quotes["change_window"].astype(object), "snapshot_id": quotes["snapshot_id"],
            "block": quotes["layout"].astype(object), "rank": quotes["rank"],
            "off": has_finding(quotes, "off-market"),
        }
    )  # fmt: skip
    return rows.sort_values("when", kind="stable", ignore_index=True)


def reduced(rows: DataFrame, words: Language) -> DataFrame:
    """What a source gave (see store.reduce) as a working table, with the columns it has besides: last in days, and the
    currency and site as they are stored."""
    text = {
        new: rows[old].astype(object).where(rows[old].notna(), None) if old in rows.columns else None
        for new, old in (("coin", "coin"), ("label", "name"), ("currency", "currency"), ("site", "site"))
    }
    kept = {name: rows[old] for name, old in _REDUCED.items() if old in rows.columns}
    found = pd.DataFrame(text | kept, index=rows.index)
    found["money"] = found.currency.fillna(words("no currency"))
    if "block" in found.columns:
        found["place"] = found.site.where(found.site.notna(), homeless(found.block, words))
    for name in {"when", "last"} & set(found.columns):
        found[name] = found[name].astype("float64") / DAY_US
    if "basis" in found.columns:
        day = found.basis.isin(DAYS).astype("float64")
        span = rows["wide"].astype("float64") / DAY_US if "wide" in rows.columns else day
        found["wide"] = span.where(found.basis == PRICED, day)
    if "off" not in found.columns:
        found["off"] = False
    for name in {"price", "change"} & set(found.columns):
        found[name] = found[name].astype("float64")
    return found


_REDUCED = {
    "block": "layout", "basis": "time_basis", "when": "t", "last": "last", "price": "price", "change": "change",
    "off": "off", "window": "change_window",
    "snapshot_id": "snapshot_id", "rank": "rank", "n": "n", "coins": "coins", "cell": "cell",
    "reach": "reach", "reaches": "reaches", "loose": "loose", "step": "step", "value": "value", "low": "low", "high": "high",
}  # fmt: skip


def _width(quotes: DataFrame) -> Any:
    """How many days a time may be off in all: a span that prices leave, else the day of a day alone, else none."""
    day = quotes["time_basis"].isin(DAYS).astype("float64")
    if "priced_from" not in quotes.columns:
        return day
    span = (quotes["priced_until"] - quotes["priced_from"]).dt.total_seconds() / 86400
    return span.where(quotes["time_basis"] == PRICED, day)


def implying(rows: DataFrame) -> DataFrame:
    """With what changes over 24 h lead to: rows of the basis `implied`, a day before those that print them."""
    leads = (
        (rows.window == WINDOW)
        & (rows.change > LOWEST)
        & rows.basis.isin(LEADING)
        & rows.when.notna()
        & ~rows.off
    )
    before = rows[leads]
    before = before.assign(
        when=before.when - 1, basis=IMPLIED, price=before.price / (1 + before.change / 100), change=np.nan,
        window=None, wide=0.0,
    )  # fmt: skip
    return pd.concat([rows, before]).sort_values("when", kind="stable", ignore_index=True)


def lined(rows: DataFrame) -> DataFrame:
    """Those that lines go through: neither led to by a change, nor off the market."""
    return rows[(rows.basis != IMPLIED) & ~rows.off]


def weights(rows: DataFrame) -> Any:
    """How many quotes each row stands for."""
    return rows["n"] if "n" in rows.columns else pd.Series(1, index=rows.index)


def number(rows: DataFrame) -> int:
    """How many quotes the rows stand for."""
    return int(rows["n"].sum()) if "n" in rows.columns else len(rows)


def ordered(rows: DataFrame) -> DataFrame:
    """Of each coin and currency: count, and place, the median of its ranks."""
    groups = rows.groupby(["coin", "money"], sort=True)
    if "n" not in rows.columns:
        return pd.DataFrame({"count": groups.size(), "place": groups["rank"].median()})
    found = groups.n.sum().to_frame("count")  # in the order of the groups
    found["place"] = [_median(part["rank"].to_numpy(float), part["n"].to_numpy()) for _, part in groups]
    return found


def _median(values: Any, counts: Any) -> float:
    """The median of values that stand for so many each."""
    order = np.argsort(values, kind="stable")
    reached, middle = np.cumsum(counts[order]), (counts.sum() - 1) / 2
    low, high = (
        values[order][np.searchsorted(reached, place, side="right")]
        for place in (np.floor(middle), np.ceil(middle))
    )
    return float(low + high) / 2


def rows_of(rows: DataFrame, series: Series) -> DataFrame:
    """The rows of one coin in one currency."""
    mine: DataFrame = rows[(rows.coin.to_numpy() == series[0]) & (rows.money.to_numpy() == series[1])]
    return mine


def reaches(rows: DataFrame) -> Numbers:
    """All times the rows take up on the axis, days with both their ends."""
    times, day = rows.when.to_numpy(), rows.when[rows.basis.isin(DAYS)].to_numpy()
    return np.concatenate([times, day - 0.5, day + 0.5])
