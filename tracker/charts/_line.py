"""The line of one site: joined where near in time, hollow where only published, as wide as a day where only the day is
known, a range where many are in a pixel."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from ..market.implied import IMPLIED
from ._band import Within, of_cells, within
from ._names import ranked
from ._pen import BACK, BIG, DAY_BAR, SMALL, Pen
from ._style import Style
from ._time import broken, runs, thin
from ._working import PUBLISHED, Series, lined, rows_of, weights

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray
    from pandas import DataFrame

    from ._time import Numbers


def parts(rows: DataFrame, series: Series) -> Iterator[tuple[str, DataFrame]]:
    """(site, its rows) of one coin, the most frequent site first."""
    mine = rows_of(rows, series)
    for site in ranked(mine.place, weights(mine)):
        yield site, mine[mine.place == site]


def draw_series(ax: Axes, rows: DataFrame, value: str, style: Style, pen: Pen, label: str) -> None:
    """Draw the rows (one coin, one site; in order of time) by the column `value`.

    Lines join neighbours at most the pen's gap apart, published times only with each other and by dots: such a time is
    a lower bound. Artists: a Line2D labelled `label`, one labelled `label (published)`, for days a LineCollection
    labelled `label (day)`, and for the range of a crowd a PolyCollection labelled `label (range)`. What changes lead to is
    hollow and joined to nothing, a Line2D labelled `label (implied)`; what is off the market is left to `_apart`."""
    _implied(ax, rows[(rows.basis == IMPLIED) & ~rows.off], value, style, pen, f"{label} (implied)")
    rows = lined(rows)
    if rows.empty:
        return
    published = (rows.basis == PUBLISHED).to_numpy()
    if not published.all():
        _solid(ax, rows[~published], value, style, pen, label)
    if published.any():
        _hollow(ax, rows[published], value, style, pen, f"{label} (published)")
    day = rows[(rows.wide > 0).to_numpy()]
    if len(day):
        _days(ax, day, value, style, pen, f"{label} (day)")


def _solid(ax: Axes, rows: DataFrame, value: str, style: Style, pen: Pen, label: str) -> None:
    times, values = rows.when.to_numpy(), rows[value].to_numpy()
    groups = runs(times, pen.gap(times, rows))
    if pen.crowded(rows):
        band = _range(rows, times, values, groups, pen)
        x, low = broken(band.times, band.low, band.groups)
        high = broken(band.times, band.high, band.groups)[1]
        ax.fill_between(
            x, low, high, color=style.colour, alpha=0.3, linewidth=0, label=f"{label} (range)", zorder=2.6
        )
        times, values, groups = band.times, band.median, band.groups
    drawn = thin(times, values, groups, int(pen.points)) if not pen.cell else slice(None)
    x, y = broken(times[drawn], values[drawn], groups[drawn])
    (line,) = ax.plot(
        x, y, color=style.colour, linewidth=pen.line_width(times.size), linestyle=style.dash, marker=style.marker,
        markersize=BIG, markeredgewidth=0, solid_capstyle="round", label=label, zorder=3, clip_on=False,
    )  # fmt: skip
    if not pen.dots:
        line.set_markevery(lone(y))


def _range(rows: DataFrame, times: Numbers, values: Numbers, groups: NDArray[np.int64], pen: Pen) -> Within:
    """The range in each step of a crowded line."""
    if pen.medians is None:
        return within(times, values, groups, int(pen.points))
    mine = rows_of(pen.medians, (rows.coin.iloc[0], rows.money.iloc[0]))
    scale = values[0] / rows.price.iloc[0]  # an index is the price times something
    band = of_cells(rows, mine[mine.place == rows.place.iloc[0]], groups)
    return dataclasses.replace(band, low=band.low * scale, median=band.median * scale, high=band.high * scale)


def _hollow(ax: Axes, rows: DataFrame, value: str, style: Style, pen: Pen, label: str) -> None:
    times, values = rows.when.to_numpy(), rows[value].to_numpy()
    groups = runs(times, pen.gap(times, rows))
    drawn = thin(times, values, groups, int(pen.points)) if not pen.cell else slice(None)
    ax.plot(
        *broken(times[drawn], values[drawn], groups[drawn]), color=style.colour, linewidth=1.0, linestyle=":",
        marker=style.marker, markerfacecolor="none", markersize=BIG if pen.dots else SMALL, markeredgewidth=1.0,
        label=label, zorder=3.5, clip_on=False,
    )  # fmt: skip


def _implied(ax: Axes, rows: DataFrame, value: str, style: Style, pen: Pen, label: str) -> None:
    """Hollow marks that point back in time, in the site's colour."""
    times, values = rows.when.to_numpy(), rows[value].to_numpy()
    drawn = (
        thin(times, values, np.zeros(times.size, np.int64), int(pen.points)) if not pen.cell else slice(None)
    )
    if times.size:
        ax.plot(
            times[drawn], values[drawn], linestyle="none", color=style.colour, marker=BACK, markerfacecolor="none",
            markersize=BIG if pen.dots else SMALL, markeredgewidth=0.8, label=label, zorder=2.8, clip_on=False,
        )  # fmt: skip


def lone(y: Numbers) -> list[int]:
    """Places of points with a gap on either side: without a marker they could not be seen."""
    gap = np.concatenate([[True], np.isnan(y), [True]])
    return [int(place) for place in np.flatnonzero(gap[:-2] & gap[2:] & ~gap[1:-1])]


def _days(ax: Axes, rows: DataFrame, value: str, style: Style, pen: Pen, label: str) -> None:
    """A bar as wide as the time is open: from the day's start to its end (the time is stored as its noon), or over the span
    that prices leave."""
    times, values = rows.when.to_numpy(), rows[value].to_numpy()
    drawn = thin(times, values, np.zeros(times.size, np.int64), int(pen.points))
    times, values, half = times[drawn], values[drawn], rows.wide.to_numpy()[drawn] / 2
    ax.hlines(
        values, times - half, times + half, color=style.colour, alpha=0.4, linewidth=DAY_BAR, label=label, zorder=2.5
    )  # fmt: skip
