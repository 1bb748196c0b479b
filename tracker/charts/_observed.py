"""The tidy table as the charts need it: what can be drawn, and a count of what cannot.

Columns of the working table: coin (symbol, else the printed name), label (the printed name), money (currency), place
(site, else the layout's title), when (days since 1970 UTC), basis, wide (days it may be off in all), price and change
(float64), window, snapshot_id, block
(layout), rank. Rows in order of time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from functools import partial
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd

from .. import layouts
from ..errors import TrackerError
from ..language import DEFAULT, Language, language
from ..model import DAYS as PRINTED_DAYS
from ..model import TIME_BASES
from . import _style, _text
from ._time import believable, days, zone

if TYPE_CHECKING:
    from pandas import DataFrame

NEEDED = (
    "snapshot_id observed_at time_basis site layout rank name symbol currency price change_pct change_window"
).split()
PUBLISHED = "published"  # a time that is a lower bound
PRICED = "priced"  # a span that prices leave: what rows say about one another (see store.findings)
BASES = (*TIME_BASES[:-2], PRICED, *TIME_BASES[-2:])
DAYS = (*PRINTED_DAYS, PRICED)  # drawn as wide as they are open
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
    by        `site`: a line for each of at most six sites, those of `sites` first, where there are so many that a coin
              would be one line, their median; `median`: that line however few sites there are
    bare      without title, unit, key and small print: for a page that says all this itself
    lang      language of every word, month and number, and of the colours of rise and fall: a file of language/
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
    by: str | None = None
    bare: bool = False
    lang: str = DEFAULT

    def __post_init__(self) -> None:
        """Refuse at once what would fail half-way through a drawing."""
        self.zone, self.colours, self.longest_join  # noqa: B018
        if self.by not in (None, "site", "median"):
            raise TrackerError(f"by {self.by}", "is not known", "use site or median, or leave it out")
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
    def words(self) -> Language:
        return language(self.lang)

    @property
    def colours(self) -> _style.Theme:
        return _style.theme(self.theme, self.words.colours["rise"], self.words.colours["fall"])

    @property
    def longest_join(self) -> float | None:
        """`gap` in days."""
        return None if self.gap is None else days(self.gap)

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
    words: Language
    left_out: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, quotes: DataFrame, look: Look) -> Self:
        """From a table with the columns of the tidy table (order and others do not matter)."""
        missing = [column for column in NEEDED if column not in quotes.columns]
        if missing:
            raise TrackerError(
                "table", f"has no column {', '.join(missing)}", "pass the rows of read() or quotes()"
            )
        found = cls(_working(quotes, look.words), look.words)
        if look.currency:
            found.keep(found.rows.money == look.currency, "left currency", money=look.currency)
        if look.coins is not None:
            found._only(look.coins)
        return found

    def copy(self) -> Self:
        """Another to go on with."""
        return type(self)(self.rows, self.words, list(self.left_out), list(self.notes), self.names)

    def name(self, coin: str) -> str:
        """The name pages print most for this coin, without the symbol in it; empty if it says no more than the symbol."""
        if coin not in self.names:
            labels = self.rows.label[self.rows.coin.to_numpy() == coin].dropna()
            self.names[coin] = next((name for name in map(partial(bare, coin), ranked(labels)) if name), "")
        return self.names[coin]

    def keep(self, which: Any, reason: str, **facts: object) -> Self:
        """Go on with these rows only; count the others under the text of that key."""
        lost = int((~which).sum())
        if lost:
            self.left_out.append(self.words(reason, n=lost, **facts))
            self.rows = self.rows[which]
        return self

    def note(self, key: str, **facts: object) -> None:
        """One more sentence for the foot."""
        self.notes.append(self.words(key, **facts))

    def _only(self, coins: Iterable[str]) -> None:
        """Go on with the coins that the user named; say which of them were never observed."""
        wanted = list(dict.fromkeys(coins))
        unseen = [coin for coin in wanted if not (self.rows.coin == coin).any()]
        if unseen:
            self.note("unseen", coins=listed(unseen, self.words))
        self.rows = self.rows[self.rows.coin.isin(wanted)]

    def dated(self) -> Self:
        """Without the observations whose time nobody knows."""
        return self.keep(self.rows.when.notna(), "left undated")

    def named(self) -> Self:
        """Without the rows that lost name and symbol: nothing says which coin they continue."""
        return self.keep(self.rows.coin.notna(), "left nameless")

    def valued(self, column: str) -> Self:
        """Without rows that have no finite number in this column; a price must be above zero."""
        value = self.rows[column]
        return self.keep(np.isfinite(value) & ((value > 0) | (column != "price")), f"left {column}")

    def ranking(self, look: Look) -> list[Series]:
        """The (coin, currency) series that can be drawn, those first that are drawn where there is no room for all.

        Named coins: all, in the order given. Otherwise most observed first (then by their place in the blocks), and none
        that was observed once if others were more often: a point is no history."""
        groups = self.rows.groupby(["coin", "money"], sort=True)
        order = pd.DataFrame({"count": groups.size(), "place": groups["rank"].median()})
        order = order.sort_values(["count", "place"], ascending=[False, True], kind="stable")
        every: list[Series] = [(str(coin), str(money)) for coin, money in order.index]
        if look.coins is not None:
            named = list(look.coins)
            return sorted(every, key=lambda series: named.index(series[0]))
        least = 2 if (order["count"] > 1).any() else 1
        return [series for series, count in zip(every, order["count"], strict=True) if count >= least]

    def choose(self, chosen: Sequence[Series], ranking: Sequence[Series], limit: int) -> Self:
        """A copy with these series only, the first of the ranking; it says which are left out, and why: because no more
        than `limit` are drawn at all, because there is no room, or because they were observed once."""
        found = self.copy()
        found.rows = self.rows[pd.MultiIndex.from_frame(self.rows[["coin", "money"]]).isin(list(chosen))]
        others = [coin for coin, _ in ranking[len(chosen) :]]
        if others and len(chosen) < limit:
            found.note("no room", coins=listed(others, self.words))
        elif others:
            found.note("over the limit", n=limit, coins=listed(others, self.words))
        ranked_ = {coin for coin, _ in ranking}
        once = [str(coin) for coin in ranked(self.rows.coin) if coin not in ranked_]
        if once:
            found.note("observed once", coins=listed(once, self.words))
        return found

    def some(self, kind: str) -> DataFrame:
        """The rows; TrackerError where none is left to draw."""
        if self.rows.empty:
            why = " ".join(self._said()) or "the table is empty"
            raise TrackerError(
                f"chart {kind}", f"nothing to draw ({why})", "choose other coins or ingest more pages"
            )
        return self.rows

    def small_print(self, tz: tzinfo, most: int = 6) -> tuple[str, ...]:
        """Where the drawn rows come from, and what is not drawn: sentences for the foot of the sheet, in which at most
        so many sites are named."""
        rows, words, bases = self.rows, self.words, self.rows.basis.value_counts()
        ends = [stamp(t, tz)[:10] for t in (rows.when.min(), rows.when.max()) if np.isfinite(t)]
        count = {
            "quotes": words("quotes", n=len(rows)),
            "snapshots": words("snapshots", n=rows.snapshot_id.nunique()),
        }
        span = (
            words("span", first=ends[0], last=ends[1]) if ends and ends[0] != ends[1] else "".join(ends[:1])
        )
        known = [f"{words(f'base {basis}')} {bases[basis]:,}" for basis in BASES if basis in bases]
        return (
            words("source", sites=listed(ranked(rows.place), words, most), layouts=listed(ranked(rows.block), words)),
            words("size", span=span, **count) if span else words("size undated", **count),
            words("bases", bases=", ".join(known)), *self._said(), words("zone", zone=words.zone(str(tz))),
        )  # fmt: skip

    def _said(self) -> list[str]:
        left = [self.words("left out", parts=", ".join(self.left_out))] if self.left_out else []
        return [*left, *self.notes]


def _working(quotes: DataFrame, words: Language) -> DataFrame:
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
        }
    )  # fmt: skip
    return rows.sort_values("when", kind="stable", ignore_index=True)


def _width(quotes: DataFrame) -> Any:
    """How many days a time may be off in all: a span that prices leave, else the day of a day alone, else none."""
    day = quotes["time_basis"].isin(DAYS).astype("float64")
    if "priced_from" not in quotes.columns:
        return day
    span = (quotes["priced_until"] - quotes["priced_from"]).dt.total_seconds() / 86400
    return span.where(quotes["time_basis"] == PRICED, day)


def homeless(ids: Any, words: Language) -> Any:
    """What pages without an address are called, by the ids of their layouts: the layout's title, up to its colon."""
    titles = {layout.id: layout.title.partition(":")[0] for layout in layouts.load()}
    called = {id_: words("no address", title=titles.get(id_, id_)) for id_ in ids.unique()}
    return ids.astype(object).map(called)


def ranked(values: Any) -> list[str]:
    """The distinct values, most frequent first, ties in natural order."""
    counts = values.value_counts()
    return sorted(counts.index, key=lambda value: (-counts[value], natural(str(value))))


def natural(name: str) -> list[tuple[int, str]]:
    """A key to sort by: `news2` before `news10`."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d{1,18})", name)]


def listed(names: Iterable[object], words: Language, most: int = 6) -> str:
    """`BTC, ETH and XRP`; where there are more than `most`, `BTC, … and 9 more`."""
    return words.joined([_text.plain(name, 44) for name in dict.fromkeys(names)], most)


def stamp(when: float, tz: tzinfo) -> str:
    """Days -> `2024-03-29 12:00` in the zone."""
    moment = EPOCH + pd.Timedelta(days=float(when))
    return f"{moment.tz_convert(tz):%Y-%m-%d %H:%M}"


def bare(coin: str, name: str) -> str:
    """A printed name without its coin's symbol: `Bitcoin` of `Bitcoin BTC` and of `Bitcoin (BTC/KRW)`, nothing of
    `XRP XRP`."""
    ticker = rf"(?<![^\W_]){re.escape(coin)}(?:\s*/\s*[A-Z]{{3,4}})?(?![^\W_])"
    left = re.sub(ticker, " ", str(name), flags=re.IGNORECASE)
    left = re.sub(r"[(\[]\s*[)\]]", " ", left).strip(" \t-–|/·,:;")
    return " ".join(left.split())


def rows_of(rows: DataFrame, series: Series) -> DataFrame:
    """The rows of one coin in one currency."""
    mine: DataFrame = rows[(rows.coin.to_numpy() == series[0]) & (rows.money.to_numpy() == series[1])]
    return mine
