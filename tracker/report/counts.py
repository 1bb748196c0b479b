"""What the report counts: quotes by coin, currency, site, layout and evidence, and what coins and sites are called."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from .. import charts

if TYPE_CHECKING:
    from pandas import DataFrame

    from ..language import Language
    from ..store.reporting import Quoted, Reported


@dataclass(frozen=True)
class Counts:
    """The counts of a table.

    quotes    how many rows alike (column n) there are of each coin, name, currency, site, layout, basis and place in the
              block, with their first and last time (t, last; microseconds since 1970 UTC) and with `place`: the site,
              else what pages of that layout without an address are called
    evidence  how many snapshots (n) and flagged quotes there are of each place and basis, dated and undated
    homes     what pages without an address are called, by layout
    """

    quotes: DataFrame
    evidence: DataFrame
    homes: dict[str, str]

    @classmethod
    def of(cls, table: Reported, words: Language) -> Counts:
        quotes, evidence = table.tally(), table.evidence()
        homes = dict(zip(quotes.layout, charts.homeless(quotes.layout, words.code), strict=True))
        return cls(_placed(quotes, homes), _placed(evidence, homes), homes)

    @cached_property
    def sites(self) -> list[str]:
        """The places, most quotes first."""
        found = self.quotes.groupby("place").agg(n=("n", "sum"), t=("t", "min")).reset_index()
        order = found.sort_values(["n", "t", "place"], ascending=[False, True, True], na_position="last")
        return [str(place) for place in order.place]

    @cached_property
    def called(self) -> dict[str, str]:
        """What pages call each coin most, without its symbol."""
        named = self.quotes[self.quotes.coin.notna() & self.quotes["name"].notna()]
        counts = named.groupby(["coin", "name"]).n.sum().reset_index()
        most = counts.sort_values(["n", "name"], ascending=[False, True], kind="stable").drop_duplicates(
            "coin"
        )
        return {
            coin: charts.called(str(coin), name) for coin, name in zip(most.coin, most["name"], strict=True)
        }

    @cached_property
    def drawable(self) -> DataFrame:
        """The counts of quotes with a coin, a time and a price."""
        rows = self.quotes
        return rows[rows.coin.notna() & rows.t.notna() & rows.price.notna()]

    @cached_property
    def series(self) -> DataFrame:
        """Of each coin and currency ("" where none is known) that can be drawn: count, place (the median in the blocks) and
        sites; most observed first."""
        rows = self.drawable.assign(money=self.drawable.currency.fillna(""))
        order = charts.ordered(rows)
        order["sites"] = rows.groupby(["coin", "money"]).place.nunique()
        return order.sort_values(["count", "place"], ascending=[False, True], kind="stable")

    def place(self, row: Quoted) -> str:
        """What the site of a row is called."""
        return row.site or self.homes[row.layout]

    def coins(self) -> int:
        """How many coins there are in how many currencies, seen at any time or none."""
        rows = self.quotes[self.quotes.coin.notna()]
        return len(rows[["coin", "currency"]].drop_duplicates())


def _placed(rows: DataFrame, homes: dict[str, str]) -> DataFrame:
    """With the column place."""
    return rows.assign(place=rows.site.where(rows.site.notna(), rows.layout.map(homes)))
