"""One series of observations on an Axes: joined where near in time, hollow where only published, as wide as a day
where only the day is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..model import DAYS
from . import _style
from ._canvas import sample
from ._observed import Look, ranked
from ._style import Style
from ._time import broken, reach, runs, thin

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D
    from pandas import DataFrame

    from ._time import Numbers

Styles = dict[str, Style]  # by site
MOST_SITES = 10  # named in a key
PUBLISHED = "published"
CROWDED = 60  # points; with more of them in one line only lone points get a marker
BIG, SMALL = 5.0, 3.2  # marker sizes in points
MARKS = 7  # on a crowded line that must be told from others


def draw_series(ax: Axes, rows: DataFrame, value: str, style: Style, look: Look, label: str) -> None:
    """Draw the rows (one coin, one site; in order of time) by the column `value`.

    Lines join neighbours at most `look.gap` apart, published times only with each other and by dots: such a time is
    a lower bound. Artists: a Line2D labelled `label`, one labelled `label (published)`, and for days a LineCollection
    labelled `label (day)`."""
    published = (rows.basis == PUBLISHED).to_numpy()
    if not published.all():
        _solid(ax, *joined(rows[~published], value, look), style, label)
    if published.any():
        _hollow(ax, *joined(rows[published], value, look), style, f"{label} (published)")
    day = rows[rows.basis.isin(DAYS).to_numpy()]
    if len(day):
        _days(ax, day.when.to_numpy(), day[value].to_numpy(), style, look, f"{label} (day)")


def joined(rows: DataFrame, value: str, look: Look) -> tuple[Numbers, Numbers]:
    """Times and values to draw as one line: thinned if they are many, a NaN at each gap."""
    times, values = rows.when.to_numpy(), rows[value].to_numpy()
    groups = runs(times, look.longest_join or reach(times))
    drawn = thin(times, values, groups, look.steps)
    return broken(times[drawn], values[drawn], groups[drawn])


def _solid(ax: Axes, x: Numbers, y: Numbers, style: Style, label: str) -> None:
    crowded = x.size > CROWDED
    (line,) = ax.plot(
        x, y, color=style.colour, linewidth=line_width(x.size), linestyle=style.dash, marker=style.marker,
        markersize=BIG, markeredgewidth=0, solid_capstyle="round", label=label, zorder=3, clip_on=False,
    )  # fmt: skip
    if crowded:
        here_and_there = range(x.size // (2 * MARKS), x.size, x.size // MARKS) if style.marked else ()
        line.set_markevery(sorted({*lone(y), *here_and_there}))


def _hollow(ax: Axes, x: Numbers, y: Numbers, style: Style, label: str) -> None:
    ax.plot(
        x, y, color=style.colour, linewidth=1.0, linestyle=":", marker=style.marker, markerfacecolor="none",
        markersize=SMALL if x.size > CROWDED else BIG, markeredgewidth=1.0, label=label, zorder=3.5, clip_on=False,
    )  # fmt: skip


def line_width(points: int) -> float:
    """Thinner where many points must be told apart, in points."""
    return 1.7 if points <= 8 * CROWDED else 1.0


def lone(y: Numbers) -> list[int]:
    """Places of points with a gap on either side: without a marker they could not be seen."""
    gap = np.concatenate([[True], np.isnan(y), [True]])
    return [int(place) for place in np.flatnonzero(gap[:-2] & gap[2:] & ~gap[1:-1])]


def _days(ax: Axes, times: Numbers, values: Numbers, style: Style, look: Look, label: str) -> None:
    """A bar from the day's start to its end (the time is stored as its noon)."""
    drawn = thin(times, values, np.zeros(times.size, np.int64), look.steps)
    times, values = times[drawn], values[drawn]
    ax.hlines(
        values, times - 0.5, times + 0.5, color=style.colour, alpha=0.4, linewidth=4, label=label, zorder=2.5
    )


def reaches(rows: DataFrame) -> Numbers:
    """All times the rows take up on the axis, days with both their ends."""
    times, day = rows.when.to_numpy(), rows.when[rows.basis.isin(DAYS)].to_numpy()
    return np.concatenate([times, day - 0.5, day + 0.5])


def site_styles(rows: DataFrame, look: Look) -> Styles:
    """A colour and a marker for each site there is: those of `look.sites` by their place, then the most frequent."""
    there = ranked(rows.place)
    order = dict.fromkeys([*look.sites, *there])
    styles = {site: _style.series(look.colours, n, marked=len(there) > 1) for n, site in enumerate(order)}
    return {site: style for site, style in styles.items() if site in set(there)}


def key(rows: DataFrame, styles: Styles, look: Look, coloured: bool = True) -> list[Line2D]:
    """The key: what each colour and marker stands for, then what wide and hollow points mean; only what is there.

    coloured  False where the colour says the coin: then a site is told by its marker alone"""
    plain = look.colours.muted
    entries: list[Line2D] = []
    if len(styles) > 1:
        sure = set(rows.place[rows.basis != PUBLISHED])
        for site, style in list(styles.items())[:MOST_SITES]:
            colour, unsure = style.colour if coloured else plain, site not in sure
            entries.append(sample(site, colour, style.marker, ":" if unsure else "-", hollow=unsure))
        if len(styles) > MOST_SITES:
            entries.append(sample(f"and {len(styles) - MOST_SITES} more sites", plain, ""))
    if rows.basis.isin(DAYS).any():
        bar = sample("day known, hour not", plain, "", "-")
        bar.set(linewidth=4, alpha=0.5)
        entries.append(bar)
    if (rows.basis == PUBLISHED).any():
        entries.append(sample("article's date: price shown then or later", plain, "o", hollow=True))
    return entries
