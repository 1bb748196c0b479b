"""Many sites as one line: their median, bands for half and nine tenths of them, crosses for what lies far outside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from . import _choice
from ._band import Across, across
from ._band import of_sites as of_sites_
from ._line import lone
from ._look import Look
from ._names import listed, ranked, stamp
from ._observed import Observed
from ._pen import BIG, FEW, Pen
from ._style import Style
from ._time import DAY_US, broken, origin, reach
from ._working import Series, lined, number, reduced, rows_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pandas import DataFrame

    from ..store.large import Large
    from ._time import Numbers

AT_ONCE = 4_000_000  # quotes of which medians are asked for
BEYOND = 0.5  # of the span: so far the axis goes for what lies far outside


def summaries(
    seen: Observed, chosen: Iterable[Series], value: str, pen: Pen, every: bool = False
) -> dict[Series, Across]:
    """What the sites of each coin showed in each step of the pen; nothing where each site has its line.

    every  with what is off the market"""
    if pen.step is None:
        return {}
    zone_, width = pen.look.zone, pen.width
    if seen.source is None:
        parts = {s: rows_of(seen.rows if every else lined(seen.rows), s) for s in chosen}
        return {s: across(rows, value, width, zone_, pen.gap) for s, rows in parts.items() if len(rows)}
    found = {}
    for batch, start in _batches(seen, chosen, pen):
        some = seen.copy().only(partial(_in, batch))
        wanted = some.asking(lined=not every)
        told = reduced(seen.source.medians(wanted, start, round(width * DAY_US), "price"), seen.words)
        told = told.rename(columns={"cell": "step"}).sort_values(["step", "place"], ignore_index=True)
        for series in batch:
            mine = rows_of(told, series)[["step", "place", "value"]].reset_index(drop=True)
            if mine.empty:
                continue  # all of it is off the market
            mine["value"] *= seen.scales.get(series, 1.0) if value == "index" else 1.0
            first = np.array([rows_of(seen.counted, series).when.min()])
            found[series] = of_sites_(mine, first, width, zone_, pen.gap)
    return {series: found[series] for series in chosen if series in found}


def medians(coin: Large, tz: tzinfo, points: float) -> tuple[Numbers, Numbers, float]:
    """Of a table of one coin in one currency -> the times and medians of its sites by the finest steps that suit a picture
    so many points wide, and how far apart they are joined; all times in days. Without what is off the market, unless all
    of it is."""
    look = Look(tz=tz, by="median")
    seen = Observed.of(coin, look).named().dated().valued("price")
    (series,) = _choice.ranking(seen, look)
    pen = Pen.of(seen, look, points)
    found = summaries(seen, [series], "price", pen, every=lined(seen.counted).empty)[series]
    return found.times, found.median, max(reach(found.times), pen.width)


def _in(series: Sequence[Series], rows: DataFrame) -> Any:
    return pd.MultiIndex.from_frame(rows[["coin", "money"]]).isin(series)


def _batches(seen: Observed, chosen: Iterable[Series], pen: Pen) -> Iterator[tuple[list[Series], int]]:
    """The coins, as many at a time as medians have room for, and from where their steps are counted."""
    batch, start, room = list[Series](), 0, 0
    for series in chosen:
        mine = rows_of(seen.counted, series)
        begins, count = origin(float(mine.when.min()), pen.look.zone), number(mine)
        if batch and (begins != start or count > room):
            yield batch, start
            batch, room = [], 0
        if not batch:
            start, room = begins, AT_ONCE
        batch.append(series)
        room -= count
    if batch:
        yield batch, start


def draw_summary(ax: Axes, seen: Across, style: Style, pen: Pen, label: str) -> None:
    """The median of the sites as a line labelled `label`; where the coin has a panel to itself, bands for half and for
    nine tenths of them, and crosses for what lies far outside."""
    if not pen.shared:
        for lowest, highest, alpha in ((0, 4, 0.15), (1, 3, 0.3)):
            x, bottom = broken(seen.times, seen.levels[lowest], seen.groups)
            top = broken(seen.times, seen.levels[highest], seen.groups)[1]
            ax.fill_between(x, bottom, top, color=style.colour, alpha=alpha, linewidth=0, zorder=2.4)
            alone = lone(x)
            ax.vlines(
                x[alone], bottom[alone], top[alone], color=style.colour, alpha=alpha, linewidth=3, zorder=2.4
            )
    x, y = broken(seen.times, seen.median, seen.groups)
    (line,) = ax.plot(
        x, y, color=style.colour, linewidth=pen.line_width(x.size), linestyle=style.dash, marker="o", markersize=BIG,
        markeredgewidth=0, solid_capstyle="round", label=label, zorder=3, clip_on=False,
    )  # fmt: skip
    line.set_markevery(lone(y))
    if not pen.shared and len(seen.far):
        low, high = bounds(seen)
        inside = seen.far[(seen.far.value >= low) & (seen.far.value <= high)]
        ax.plot(
            inside.when, inside.value, linestyle="none", marker="x", markersize=BIG, markeredgewidth=1,
            color=pen.look.colours.ink, label=f"{label} (far)", zorder=3.2,
        )  # fmt: skip


def bounds(seen: Across) -> tuple[float, float]:
    """The span of values shown: of nine tenths of the sites, and of what lies outside as far as it is not far off."""
    low, high = float(seen.levels[0].min()), float(seen.levels[-1].max())
    room = BEYOND * (high - low or 0.1 * high)
    near = seen.far.value[(seen.far.value >= low - room) & (seen.far.value <= high + room)]
    return min([low, *near]), max([high, *near])


def say_far(seen: Observed, look: Look, found: dict[Series, Across]) -> None:
    """Where single sites lie far from the others: each case where there are few, else how many."""
    parts = [one.far.assign(coin=coin) for (coin, _), one in found.items() if len(one.far)]
    if not parts:
        return
    cases = pd.concat(parts)
    if len(cases) > FEW:
        seen.note("far many", count=len(cases), sites=listed(ranked(cases.place), seen.words, FEW))
        return
    told = [
        f"{coin} {place} {stamp(when, look.zone)[:10]}: {seen.words.number(value)}"
        for coin, place, when, value in zip(cases.coin, cases.place, cases.when, cases.value, strict=True)
    ]
    seen.note("far", cases="; ".join(told))
