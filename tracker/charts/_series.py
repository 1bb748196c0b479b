"""Lines of observations: joined where near in time, hollow where only published, as wide as a day where only the day is
known; many sites as their median, many observations in a pixel as their range."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from . import _key, _style
from ._band import SPANS, Across, across, crowded, fitting_step, within
from ._key import Entry
from ._observed import DAYS, PUBLISHED, Look, Observed, Series, listed, ranked, rows_of, stamp
from ._style import Style
from ._time import broken, reach, runs, spelled, thin

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pandas import DataFrame

    from ._time import Numbers

MOST_SITES = 6  # lines a coin; of more sites the median is drawn
DOT = 5.0  # points from observation to observation that a mark needs
BIG, SMALL = 4.5, 3.2  # marker sizes in points
DAY_BAR = 4.0  # points
FEW = 3  # cases that are named
BEYOND = 0.5  # of the span: so far the axis goes for what lies far outside


@dataclass(frozen=True)
class Pen:
    """How the lines of a chart are drawn, all alike.

    styles  of each site
    points  how wide a panel is; dots: whether every observation bears a mark
    step    the name of the step whose median of the sites is drawn; None where each site has its line
    shared  whether the coins of the chart share a panel: then the colour says the coin, and bands would hide the others
    """

    look: Look
    styles: dict[str, Style]
    points: float
    dots: bool
    step: str | None
    shared: bool

    @classmethod
    def of(cls, rows: DataFrame, look: Look, points: float, shared: bool = False) -> Pen:
        """The pen that suits these rows."""
        sites = rows.groupby(["coin", "money"]).place.nunique()
        many = sites.max() > MOST_SITES or (shared and sites.sum() > max(_style.COLOURED, len(sites)))
        many = look.by == "median" or (many and look.by is None)
        step = fitting_step(rows, points, look.zone) if many else None
        longest = rows.groupby(["coin", "money", "place"]).size().max()
        order = _style.places(ranked(rows.place), look.sites)
        styles = {site: _style.series(look.colours, place) for site, place in order.items()}
        return cls(look, styles, points, longest * DOT <= points and step is None, step, shared)

    def style(self, site: str, colour: str | None = None) -> Style:
        """How a site's line is drawn; where the colour says the coin, the dashes say the site."""
        own = self.styles[site]
        place = list(self.styles).index(site)
        return own if colour is None else Style(colour, own.marker, _style.DASHES[place % len(_style.DASHES)])

    @property
    def width(self) -> float:
        """The step, in days."""
        return SPANS[self.step or "day"]

    def line_width(self, observations: int) -> float:
        """Thinner where many points must be told apart, in points."""
        return 1.7 if observations <= 1.5 * self.points else 1.0

    def gap(self, times: Numbers) -> float:
        """The longest span that a line through these times crosses."""
        return self.look.longest_join or max(reach(times), self.width if self.step else 0.0)


def of_sites(seen: Observed, look: Look) -> Observed:
    """With `by` site: the six sites that are drawn, those the user named first; how many are not is said."""
    there = ranked(seen.rows.place)
    if look.by != "site" or len(there) <= MOST_SITES:
        return seen
    kept = list(dict.fromkeys([*(site for site in look.sites if site in set(there)), *there]))[:MOST_SITES]
    seen.rows = seen.rows[seen.rows.place.isin(kept)]
    seen.note("more than six", n=len(there) - len(kept), most=MOST_SITES)
    return seen


def without_bounds(seen: Observed, pen: Pen) -> Observed:
    """Under a median, without times that are lower bounds only, where there are others; they are counted."""
    published = seen.rows.basis == PUBLISHED
    return seen if pen.step is None or published.all() else seen.keep(~published, "left published")


def parts(rows: DataFrame, series: Series) -> Iterator[tuple[str, DataFrame]]:
    """(site, its rows) of one coin, the most frequent site first."""
    mine = rows_of(rows, series)
    for site in ranked(mine.place):
        yield site, mine[mine.place == site]


# ---- one site


def draw_series(ax: Axes, rows: DataFrame, value: str, style: Style, pen: Pen, label: str) -> None:
    """Draw the rows (one coin, one site; in order of time) by the column `value`.

    Lines join neighbours at most the pen's gap apart, published times only with each other and by dots: such a time is
    a lower bound. Artists: a Line2D labelled `label`, one labelled `label (published)`, for days a LineCollection
    labelled `label (day)`, and for the range of a crowd a PolyCollection labelled `label (range)`."""
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
    groups = runs(times, pen.gap(times))
    if crowded(times, pen.points):
        band = within(times, values, groups, int(pen.points))
        x, low = broken(band.times, band.low, band.groups)
        high = broken(band.times, band.high, band.groups)[1]
        ax.fill_between(
            x, low, high, color=style.colour, alpha=0.3, linewidth=0, label=f"{label} (range)", zorder=2.6
        )
        times, values, groups = band.times, band.median, band.groups
    drawn = thin(times, values, groups, int(pen.points))
    x, y = broken(times[drawn], values[drawn], groups[drawn])
    (line,) = ax.plot(
        x, y, color=style.colour, linewidth=pen.line_width(times.size), linestyle=style.dash, marker=style.marker,
        markersize=BIG, markeredgewidth=0, solid_capstyle="round", label=label, zorder=3, clip_on=False,
    )  # fmt: skip
    if not pen.dots:
        line.set_markevery(lone(y))


def _hollow(ax: Axes, rows: DataFrame, value: str, style: Style, pen: Pen, label: str) -> None:
    times, values = rows.when.to_numpy(), rows[value].to_numpy()
    groups = runs(times, pen.gap(times))
    drawn = thin(times, values, groups, int(pen.points))
    ax.plot(
        *broken(times[drawn], values[drawn], groups[drawn]), color=style.colour, linewidth=1.0, linestyle=":",
        marker=style.marker, markerfacecolor="none", markersize=BIG if pen.dots else SMALL, markeredgewidth=1.0,
        label=label, zorder=3.5, clip_on=False,
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


# ---- many sites


def summary(rows: DataFrame, series: Series, value: str, pen: Pen) -> Across:
    """One coin's rows -> what its sites showed in each step of the pen."""
    return across(rows_of(rows, series), value, pen.width, pen.look.zone, pen.gap)


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


# ---- what is said of them


def say_joins(seen: Observed, pen: Pen, found: Iterable[Across] = ()) -> None:
    """How far apart points are joined; where that differs from line to line, the shortest and the longest."""
    words, groups = seen.words, ["coin", "money", "place"]
    times = [one.times for one in found] if pen.step else [
        part.when.to_numpy() for _, part in seen.rows.groupby(groups, sort=False)
    ]  # fmt: skip
    gaps = sorted({pen.gap(line) for line in times if line.size > 1})
    if not gaps:
        return
    shortest, longest = spelled(gaps[0], words), spelled(gaps[-1], words)
    if shortest == longest:
        seen.note("joined", span=longest)
    else:
        seen.note("joined variously", span=shortest, longest=longest)


def reaches(rows: DataFrame) -> Numbers:
    """All times the rows take up on the axis, days with both their ends."""
    times, day = rows.when.to_numpy(), rows.when[rows.basis.isin(DAYS)].to_numpy()
    return np.concatenate([times, day - 0.5, day + 0.5])


def key(rows: DataFrame, pen: Pen, far: bool = False) -> list[Entry]:
    """What each colour and mark stands for, as they are drawn; only what is there."""
    words, plain = pen.look.words, pen.look.colours.muted
    if pen.step:
        return _key_of_median(pen, plain, far)
    entries: list[Entry] = []
    if rows.place.nunique() > 1:
        sure = set(rows.place[rows.basis != PUBLISHED])
        for site in (site for site in pen.styles if site in set(rows.place)):
            style, unsure = pen.style(site, plain if pen.shared else None), site not in sure
            marker = style.marker if pen.dots or unsure else ""
            entries.append(
                _key.line(listed([site], words), style.colour, marker, ":" if unsure else style.dash, unsure)
            )
    if rows.basis.isin(DAYS).any():
        bar = _key.mark(plain, "", "-", width=DAY_BAR)
        bar.set(alpha=0.5, solid_capstyle="butt")
        entries.append(Entry(words("day key"), (bar,)))
    if (rows.basis == PUBLISHED).any():
        markers = dict.fromkeys(
            pen.styles[site].marker for site in ranked(rows.place[rows.basis == PUBLISHED])
        )
        marks = tuple(_key.mark(plain, marker, hollow=True) for marker in list(markers)[:FEW])
        entries.append(Entry(words("published key"), marks))
    entries += _key_of_range(rows, pen, plain)
    return entries


def _key_of_median(pen: Pen, plain: str, far: bool) -> list[Entry]:
    words, colour = pen.look.words, pen.look.colours.series[0]
    if pen.shared:
        return []
    entries = [
        _key.line(words("median key"), colour),
        _key.box(words("half key"), color=colour, alpha=0.4, linewidth=0),
        _key.box(words("nine key"), color=colour, alpha=0.15, linewidth=0),
    ]
    cross = Entry(words("far key"), (_key.mark(pen.look.colours.ink, "x"),))
    return [*entries, cross] if far else entries


def _key_of_range(rows: DataFrame, pen: Pen, plain: str) -> list[Entry]:
    groups = rows[rows.basis != PUBLISHED].groupby(["coin", "money", "place"], sort=False)
    if not any(crowded(part.when.to_numpy(), pen.points) for _, part in groups):
        return []
    return [_key.box(pen.look.words("range key"), color=plain, alpha=0.35, linewidth=0)]
