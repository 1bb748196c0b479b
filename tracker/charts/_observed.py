"""What can be drawn of a table, and a count of what cannot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd

from ..errors import TrackerError
from ..frame import once
from ..language import Language
from ..market.implied import IMPLIED
from ._look import Look
from ._names import bare, listed, ranked
from ._working import (
    NEEDED,
    PUBLISHED,
    Series,
    implying,
    number,
    reduced,
    weights,
    working,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pandas import DataFrame

    from ..store.large import Large
    from ..store.reduce import Place, Wanted


@dataclass
class Observed:
    """The rows still in, what was left out and how much of it, and what else the reader should know.

    rows    of a table too large to be handed over: counts of rows alike (column n), until a kind of chart has asked
            `source` for what it draws and put it here
    scales  what the prices of a coin are multiplied with to be its index
    apart   of a large table of which medians are drawn: the rows that stand for all that are off the market
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
    apart: DataFrame | None = None

    @classmethod
    def of(cls, quotes: DataFrame | Large, look: Look) -> Self:
        """From a table with the columns of the tidy table (order and others do not matter), or one to be asked."""
        from ..store.large import Large
        from ..store.reduce import Wanted

        if isinstance(quotes, Large):
            found = cls(reduced(quotes.tally(), look.words), look.words, source=quotes, wanted=Wanted())
            found.tally = found.whole = found.rows
            return found._again(quotes.again)._asked(look)
        missing = [column for column in NEEDED if column not in quotes.columns]
        if missing:
            raise TrackerError(
                "table", f"has no column {', '.join(missing)}", "pass the rows of read() or quotes()"
            )
        shown = once(quotes)
        return cls(working(shown, look.words), look.words)._again(len(quotes) - len(shown))._asked(look)

    def _again(self, count: int) -> Self:
        """Say how many quotes stood on a page of their site before, within minutes: they are counted there."""
        if count:
            self.left_out.append(self.words("left again", n=count))
        return self

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

    def printed(self) -> Self:
        """Without what changes lead to: it was on no page."""
        self._want(printed=True)
        return self.keep(lambda rows: rows.basis != IMPLIED, "left implied")

    def not_computed(self) -> None:
        """Say how many prices off the market were not computed with."""
        if count := number(self.counted[self.counted.off]):
            self.note("not computed", n=count)

    def implying(self) -> Self:
        """With what changes over 24 h lead to, unless the table has it already."""
        if (self.counted.basis == IMPLIED).any():
            return self
        if self.source is None:
            self.rows = implying(self.rows)
            return self
        self.source = self.source.implying()
        self.whole = reduced(self.source.tally(), self.words)
        mine = self.rows[["coin", "currency"]].drop_duplicates()
        more = self.whole[self.whole.basis == IMPLIED].merge(mine, on=["coin", "currency"])
        self.rows = self.tally = pd.concat([self.rows, more], ignore_index=True)
        return self

    @property
    def off(self) -> DataFrame:
        """The rows off the market, each of which has a mark of its own. Those of one time stand by coin and site: a source
        gives them in any order."""
        rows = self.rows if self.apart is None else self.apart
        off = rows[rows.off]
        return off.sort_values(["when", "coin", "place", "price"], kind="stable") if len(off) else off

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

    def some(self, kind: str) -> DataFrame:
        """The rows; TrackerError where none is left to draw."""
        if self.rows.empty:
            why = " ".join(self.left()) or "the table is empty"
            raise TrackerError(
                f"chart {kind}", f"nothing to draw ({why})", "choose other coins or ingest more pages"
            )
        return self.rows

    def left(self) -> list[str]:
        """What is not drawn, and what else was noted."""
        left = [self.words("left out", parts=", ".join(self.left_out))] if self.left_out else []
        return [*left, *self.notes]
