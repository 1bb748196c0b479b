"""The coins of a large table one by one, for a page of many small pictures: what one is asked is asked for all at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .large import Large
from .reduce import Series, Wanted

if TYPE_CHECKING:
    from pandas import DataFrame

AT_ONCE = 4_000_000  # quotes of which medians are asked for
FEW = 1000  # quotes of a coin, so few that they are asked for themselves


class Part(Large):
    """One coin in one currency of a large table: its quotes with a time and a price. See `parts`."""

    def __init__(self, shared: Shared, series: Series, counts: DataFrame) -> None:
        whole = shared.whole
        self._con, self._values, self.rows = whole._con, whole._values, int(counts.n.sum())
        self.again = 0  # said of the whole table
        self._work = f"(SELECT * FROM {whole._work} WHERE {_drawn(Wanted(), (series,)).test()}) AS work"
        self._kept = {"tally": counts}
        self._shared, self._series = shared, series

    def days(self, wanted: Wanted) -> DataFrame:
        return self._shared.ask(self._series, "days", wanted)

    def observations(self, wanted: Wanted) -> DataFrame:
        if self._series not in self._shared.few:
            return super().observations(wanted)
        return self._shared.ask(self._series, "observations", wanted)

    def spaced(self, wanted: Wanted, longest: int) -> DataFrame:
        return self._shared.ask(self._series, "spaced", wanted, longest)

    def lines(self, wanted: Wanted, start: int, width: int) -> DataFrame:
        self._shared.grids.add((start, width))
        return self._shared.ask(self._series, "lines", wanted, start, width)

    def medians(self, wanted: Wanted, start: int, width: int, value: str, sites: bool = True) -> DataFrame:
        return self._shared.ask(self._series, "medians", wanted, start, width, value, sites)

    def typical(self, wanted: Wanted, start: int, width: int) -> float:
        return float(self._shared.ask(self._series, "typicals", wanted, start, width).sites.iloc[0])


class Shared:
    """What the parts of a table were asked, for all of them.

    together  with which others a coin is asked for: as many as medians have room for
    alike     those of them that were observed from the same time to the same time: their pictures have the same steps
    few       those that have so few quotes that these are asked for themselves
    grids     the steps (start, width) of single pictures
    """

    def __init__(self, whole: Large, counts: dict[Series, DataFrame], every: bool) -> None:
        self.whole, self._every = whole, every
        self.together: dict[Series, tuple[Series, ...]] = {}
        self.alike: dict[Series, tuple[Series, ...]] = {}
        self.few = tuple(series for series, mine in counts.items() if mine.n.sum() <= FEW)
        self.grids: set[tuple[Any, ...]] = set()
        self._kept: dict[Any, tuple[DataFrame, dict[Any, Any]]] = {}
        for batch in _batches({series: int(mine.n.sum()) for series, mine in counts.items()}):
            spans = {series: (counts[series].t.min(), counts[series]["last"].max()) for series in batch}
            for series in batch:
                self.together[series] = batch
                self.alike[series] = tuple(one for one in batch if spans[one] == spans[series])

    def ask(self, mine: Series, what: str, wanted: Wanted, *given: Any) -> DataFrame:
        """What a method of Large says of one coin."""
        alike = self.alike if given[:2] in self.grids else self.together
        among = self.few if what == "observations" else alike[mine]
        key = (what, wanted, given, among)
        if key not in self._kept:
            every = self._every and len(among) == len(self.together)
            found = getattr(self.whole, what)(_drawn(wanted, None if every else among), *given)
            self._kept[key] = found, found.groupby([found.coin, found.currency.fillna("")]).indices
        found, places = self._kept[key]
        taken: DataFrame = found.take(list(places.get(mine, ()))).reset_index(drop=True)
        return taken


def parts(whole: Large, series: Sequence[Series]) -> list[Part]:
    """Each of these coins (with its currency, "" where none is known) as a table of its own. One query answers what is
    asked of any of them, unless their pictures differ in their steps of time."""
    counts = whole.tally()
    counts = counts[counts.coin.notna() & counts.t.notna() & counts.price.notna()]
    places = counts.groupby([counts.coin, counts.currency.fillna("")]).indices
    mine = {one: counts.take(list(places[one])) for one in series}
    shared = Shared(whole, mine, len(mine) == len(places))
    return [Part(shared, one, own) for one, own in mine.items()]


def _drawn(wanted: Wanted, series: tuple[Series, ...] | None) -> Wanted:
    return wanted._replace(named=True, dated=True, value="price", series=series)


def _batches(counts: dict[Series, int]) -> list[tuple[Series, ...]]:
    """The coins in their order, in groups of at most AT_ONCE quotes, or of one."""
    batches: list[list[Series]] = []
    room = 0
    for series, count in counts.items():
        if count > room:
            batches.append([])
            room = AT_ONCE
        batches[-1].append(series)
        room -= count
    return [tuple(batch) for batch in batches]
