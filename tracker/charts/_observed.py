"""The tidy table as the charts need it: what can be drawn, and a count of what cannot.

Columns of the working table: coin (symbol, else the printed name), label (the printed name), money (currency), place
(site, else the layout's title), when (days since 1970 UTC), basis, wide (days it may be off in all), price and change
(float64), window, snapshot_id, block
(layout), rank. Rows in order of time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
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
from ._time import DAY_US, believable, days, zone

if TYPE_CHECKING:
    from collections.abc import Callable

    from pandas import DataFrame

    from ..store.large import Large
    from ..store.reduce import Place, Wanted

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
    """The rows still in, what was left out and how much of it, and what else the reader should know.

    rows    of a table too large to be handed over: counts of rows alike (column n), until a kind of chart has asked
            `source` for what it draws and put it here
    scales  what the prices of a coin are multiplied with to be its index
    whole   the counts of all rows of that table
    source  that table; wanted: which of its rows are still in; tally: their counts, once `rows` are what is drawn
    """

    rows: DataFrame
    words: Language
    left_out: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    source: Large | None = None
    wanted: Wanted | None = None
    tally: DataFrame | None = None
    whole: DataFrame | None = None
    scales: dict[Series, float] = field(default_factory=dict)

    @classmethod
    def of(cls, quotes: DataFrame | Large, look: Look) -> Self:
        """From a table with the columns of the tidy table (order and others do not matter), or one to be asked."""
        from ..store.large import Large
        from ..store.reduce import Wanted

        if isinstance(quotes, Large):
            found = cls(reduced(quotes.tally(), look.words), look.words, source=quotes, wanted=Wanted())
            found.tally = found.whole = found.rows
            return found._asked(look)
        missing = [column for column in NEEDED if column not in quotes.columns]
        if missing:
            raise TrackerError(
                "table", f"has no column {', '.join(missing)}", "pass the rows of read() or quotes()"
            )
        return cls(_working(quotes, look.words), look.words)._asked(look)

    def _asked(self, look: Look) -> Self:
        """With the coins and the currency of the look alone."""
        if look.currency:
            self.keep(lambda rows: rows.money == look.currency, "left currency", money=look.currency)
        if look.coins is not None:
            self._only(look.coins)
        return self

    def copy(self) -> Self:
        """Another to go on with."""
        return replace(self, left_out=list(self.left_out), notes=list(self.notes))

    @property
    def counted(self) -> DataFrame:
        """The rows, or the counts that stand for them."""
        return self.rows if self.tally is None else self.tally

    @property
    def large(self) -> bool:
        """Whether rows are counts, or stand for others."""
        return self.source is not None

    def count(self) -> int:
        """How many quotes are still in."""
        return number(self.counted)

    def drawn(self, rows: DataFrame) -> Self:
        """Go on with what the source gave; the counts stay."""
        self.rows = reduced(rows, self.words).sort_values("when", kind="stable", ignore_index=True)
        return self

    def times(self) -> tuple[float, float]:
        """The first and the last time, in days."""
        rows = self.counted
        last = rows.when if self.tally is None else rows["last"]
        return float(rows.when.min()), float(last.max())

    def asking(self, **more: Any) -> Wanted:
        """Which rows of the source are still in, by the fewest tests that say so: each is held against every row."""
        assert self.wanted is not None and self.source is not None and self.whole is not None
        mine, whole, given = self.counted, self.whole, dict[str, Any]()
        if (coins := set(mine.coin.dropna())) != set(whole.coin.dropna()):
            loose = whole.loose & whole.coin.isin(coins)
            given["coins"], given["symbols"] = tuple(sorted(coins)), not loose.any()
        there = whole[whole.coin.isin(coins) | whole.coin.isna()]
        pairs, moneys = (
            ({*zip(part.coin, part.currency, strict=True)} for part in (mine, there)),
            set(mine.currency),
        )
        here, all_ = pairs
        if {pair for pair in all_ if pair[0] is not None} != {pair for pair in here if pair[0] is not None}:
            given["series"] = tuple(sorted((c, m) for c, m in here if c is not None))
        if moneys != set(there.currency):
            given["moneys"] = tuple(moneys)
        if (places := self._places(mine)) != self._places(there):
            given["places"] = tuple(places)
        tests = self.wanted._replace(
            dated=self.wanted.dated and bool(whole.when.isna().any()),
            named=self.wanted.named and bool(whole.coin.isna().any()),
            value=self.wanted.value if self.wanted.value and whole[self.wanted.value].isna().any() else None,
            bounds=self.wanted.bounds or not (whole.basis == PUBLISHED).any(),
        )
        return tests._replace(**given, **more)

    @staticmethod
    def _places(rows: DataFrame) -> dict[Place, None]:
        pairs = rows[["site", "block"]].drop_duplicates()
        return dict.fromkeys(
            sorted(((s, None if s else b) for s, b in zip(pairs.site, pairs.block, strict=True)), key=str)
        )

    def name(self, coin: str) -> str:
        """The name pages print most for this coin, without the symbol in it; empty if it says no more than the symbol."""
        if coin not in self.names:
            mine = self.counted[self.counted.coin.to_numpy() == coin].dropna(subset=["label"])
            printed = ranked(mine.label, weights(mine))
            self.names[coin] = next((name for name in map(partial(bare, coin), printed) if name), "")
        return self.names[coin]

    def keep(self, test: Callable[[DataFrame], Any], reason: str, **facts: object) -> Self:
        """Go on with the rows that pass only; count the others under the text of that key."""
        counted = self.counted
        lost = counted[~test(counted)]
        if len(lost):
            self.left_out.append(self.words(reason, n=number(lost), **facts))
            self.only(test)
        return self

    def only(self, test: Callable[[DataFrame], Any]) -> Self:
        """Go on with the rows that pass."""
        same = self.tally is self.rows
        self.rows = self.rows[test(self.rows)]
        if self.tally is not None:
            self.tally = self.rows if same else self.tally[test(self.tally)]
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
        self.only(lambda rows: rows.coin.isin(wanted))

    def dated(self) -> Self:
        """Without the observations whose time nobody knows."""
        self._want(dated=True)
        return self.keep(lambda rows: rows.when.notna(), "left undated")

    def named(self) -> Self:
        """Without the rows that lost name and symbol: nothing says which coin they continue."""
        self._want(named=True)
        return self.keep(lambda rows: rows.coin.notna(), "left nameless")

    def without_bounds(self) -> Self:
        """Without the observations whose time is a lower bound only."""
        self._want(bounds=False)
        return self.keep(lambda rows: rows.basis != PUBLISHED, "left published")

    def valued(self, column: str) -> Self:
        """Without rows that have no finite number in this column; a price must be above zero."""
        self._want(value=column)
        return self.keep(
            lambda rows: np.isfinite(rows[column]) & ((rows[column] > 0) | (column != "price")),
            f"left {column}",
        )

    def over(self, windows: Sequence[str], unstated: bool) -> Self:
        """Without changes over other windows than these; those that state none count as one, or do not."""
        self._want(windows=(*windows, *([None] if unstated else [])))
        return self.keep(
            lambda rows: rows.window.isin(windows) | (rows.window.isna() & unstated), "left window"
        )

    def _want(self, **more: Any) -> None:
        self.wanted = self.wanted and self.wanted._replace(**more)

    def ranking(self, look: Look) -> list[Series]:
        """The (coin, currency) series that can be drawn, those first that are drawn where there is no room for all.

        Named coins: all, in the order given. Otherwise most observed first (then by their place in the blocks), and none
        that was observed once if others were more often: a point is no history."""
        order = ordered(self.counted)
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
        found = self.copy().only(
            lambda rows: pd.MultiIndex.from_frame(rows[["coin", "money"]]).isin(list(chosen))
        )
        others = [coin for coin, _ in ranking[len(chosen) :]]
        if others and len(chosen) < limit:
            found.note("no room", coins=listed(others, self.words))
        elif others:
            found.note("over the limit", n=limit, coins=listed(others, self.words))
        ranked_ = {coin for coin, _ in ranking}
        once = [str(coin) for coin in ranked(self.counted.coin, weights(self.counted)) if coin not in ranked_]
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

    def small_print(self, look: Look, most: int = 6) -> tuple[str, ...]:
        """Where the drawn rows come from, and what is not drawn: sentences for the foot of the sheet, in which at most
        so many sites are named. A bare chart has none."""
        if look.bare:
            return ()
        rows, words, tz = self.counted, self.words, look.zone
        bases = rows.assign(n=weights(rows)).groupby("basis").n.sum()
        last = rows.when if self.tally is None else self.tally["last"]
        ends = [stamp(t, tz)[:10] for t in (rows.when.min(), last.max()) if np.isfinite(t)]
        snapshots = (
            rows.snapshot_id.nunique() if self.source is None else self.source.snapshots(self.asking())
        )
        count = {"quotes": words("quotes", n=number(rows)), "snapshots": words("snapshots", n=snapshots)}
        span = (
            words("span", first=ends[0], last=ends[1]) if ends and ends[0] != ends[1] else "".join(ends[:1])
        )
        known = [f"{words(f'base {basis}')} {bases[basis]:,}" for basis in BASES if basis in bases]
        return (
            words(
                "source", sites=listed(ranked(rows.place, weights(rows)), words, most),
                layouts=listed(ranked(rows.block, weights(rows)), words),
            ),
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
    for name in {"price", "change"} & set(found.columns):
        found[name] = found[name].astype("float64")
    return found


_REDUCED = {
    "block": "layout", "basis": "time_basis", "when": "t", "last": "last", "price": "price", "change": "change",
    "window": "change_window", "snapshot_id": "snapshot_id", "rank": "rank", "n": "n", "coins": "coins", "cell": "cell",
    "reach": "reach", "reaches": "reaches", "loose": "loose", "step": "step", "value": "value", "low": "low", "high": "high",
}  # fmt: skip


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


def _width(quotes: DataFrame) -> Any:
    """How many days a time may be off in all: a span that prices leave, else the day of a day alone, else none."""
    day = quotes["time_basis"].isin(DAYS).astype("float64")
    if "priced_from" not in quotes.columns:
        return day
    span = (quotes["priced_until"] - quotes["priced_from"]).dt.total_seconds() / 86400
    return span.where(quotes["time_basis"] == PRICED, day)


def homeless(ids: Any, words: Language) -> Any:
    """What pages without an address are called, by the ids of their layouts: the layout's title, up to its colon."""
    there = set(ids.unique())
    titles = {layout.id: layout.title.partition(":")[0] for layout in layouts.load() if layout.id in there}
    called = {id_: words("no address", title=titles.get(id_, id_)) for id_ in there}
    return ids.astype(object).map(called)


def ranked(values: Any, counts: Any = None) -> list[str]:
    """The distinct values, most frequent first (each standing for so many, where `counts` says so), ties in natural
    order."""
    counts = values.value_counts() if counts is None else counts.groupby(values).sum()
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
