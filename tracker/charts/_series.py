"""Lines of observations: joined where near in time, hollow where only published, as wide as a day where only the day is
known; many sites as their median, many observations in a pixel as their range."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from . import _key, _style
from ._axis import span
from ._band import CROWD, SPANS, Across, Within, across, crowded, fitting_step, of_cells, step_of, within
from ._band import of_sites as of_sites_
from ._key import Entry
from ._observed import (
    DAYS,
    PUBLISHED,
    Look,
    Observed,
    Series,
    listed,
    number,
    ranked,
    reduced,
    rows_of,
    stamp,
    weights,
)  # fmt: skip
from ._style import Style
from ._time import DAY_US, JOIN_FACTOR, LONGEST_JOIN, broken, origin, reach, runs, spelled, thin

if TYPE_CHECKING:
    from datetime import tzinfo

    from matplotlib.axes import Axes
    from numpy.typing import NDArray
    from pandas import DataFrame

    from ..language import Language
    from ..store.large import Large
    from ..store.reduce import Wanted
    from ._time import Numbers

MOST_SITES = 6  # lines a coin; of more sites the median is drawn
DOT = 5.0  # points from observation to observation that a mark needs
AT_ONCE = 4_000_000  # quotes of which medians are asked for
LINE = ["coin", "money", "place"]
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
    cell    of a large table: in what steps of time (days) the rows stand for all; medians: of its crowded lines in each
    """

    look: Look
    styles: dict[str, Style]
    points: float
    dots: bool
    step: str | None
    shared: bool
    cell: float = 0.0
    medians: DataFrame | None = None

    @classmethod
    def of(cls, seen: Observed, look: Look, points: float, shared: bool = False) -> Pen:
        """The pen that suits these rows."""
        rows = seen.counted
        sites = rows.groupby(["coin", "money"]).place.nunique()
        many = sites.max() > MOST_SITES or (shared and sites.sum() > max(_style.COLOURED, len(sites)))
        many = look.by == "median" or (many and look.by is None)
        step = _step(seen, look, points) if many else None
        longest = rows.assign(n=weights(rows)).groupby(["coin", "money", "place"]).n.sum().max()
        order = _style.places(ranked(rows.place, weights(rows)), look.sites)
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

    def gap(self, times: Numbers, rows: DataFrame | None = None, name: str = "reach") -> float:
        """The longest span that a line through these times crosses; of a large table their `rows` say it, and a silence
        that is no wider than a pixel is none."""
        if rows is not None and name in rows.columns:
            return self.look.longest_join or max(float(rows[name].iloc[0]), self.cell)
        return self.look.longest_join or max(reach(times), self.width if self.step else 0.0)


def _step(seen: Observed, look: Look, points: float) -> str:
    """The step whose medians suit these rows."""
    if seen.source is None:
        return step_of(seen.rows, points, look.zone)
    (first, last), source, wanted = seen.times(), seen.source, seen.asking()
    sites = seen.counted.groupby(["coin", "money"]).place.nunique().median()
    start = origin(first, look.zone)
    return fitting_step(
        sites, last - first, points, lambda width: source.typical(wanted, start, round(width * DAY_US))
    )


def ask_times(seen: Observed, ranking: Sequence[Series], most: int) -> None:
    """Of a large table go on with the first and last time of each day of the coins that may be drawn."""
    if seen.source is not None:
        seen.drawn(seen.source.days(seen.choose(ranking[:most], ranking, most).asking()))


def asked(seen: Observed, pen: Pen) -> tuple[Observed, Pen]:
    """Of a large table, unless medians of the sites are drawn: with the rows that stand for all in each step of time as
    wide as a point, with how far they are joined, and with the medians of lines that are crowded. Where every observation
    bears a mark, with all of them: they are few."""
    if seen.source is None or pen.step is not None:
        return seen, pen
    if pen.dots:
        return seen.copy().drawn(seen.source.observations(seen.asking())), pen
    found, wanted, shown = seen.copy(), seen.asking(), span(reaches(seen.rows), pen.look.fold)
    width = max(1, round(sum(end - start for start, end in shown.sections) / pen.points * DAY_US))
    start = round(seen.times()[0] * DAY_US)
    found.drawn(seen.source.lines(wanted, start, width))
    _join(found, wanted)
    pen = dataclasses.replace(pen, cell=width / DAY_US)
    if any(
        _crowded(part, pen) for _, part in found.rows[found.rows.basis != PUBLISHED].groupby(LINE, sort=False)
    ):
        medians = seen.source.medians(wanted._replace(bounds=False), start, width, "price")
        pen = dataclasses.replace(pen, medians=reduced(medians, seen.words))
    return found, pen


def _join(seen: Observed, wanted: Wanted) -> None:
    """Put into the rows how far each is joined to its neighbours (reach: bounds with bounds alone), and how far those of
    the whole line are (reaches)."""
    assert seen.source is not None
    longest, rows = round(LONGEST_JOIN * DAY_US), seen.rows
    every = _reaches(seen.source.spaced(wanted, longest), rows, seen.words)
    seen.rows = rows = rows.assign(reach=every, reaches=every)
    bound = rows.basis == PUBLISHED
    if bound.any() and not bound.all():
        lines = set(rows[bound].place)
        sure = _reaches(seen.source.spaced(wanted._replace(bounds=False), longest), rows, seen.words)
        only = wanted._replace(only_bounds=True)
        unsure = _reaches(seen.source.spaced(only, longest), rows, seen.words)
        mixed = rows.place.isin(lines)
        seen.rows = rows.assign(reach=np.where(bound, unsure, np.where(mixed, sure, every)))


def _reaches(spaced: DataFrame, rows: DataFrame, words: Language) -> Numbers:
    """For each row the reach of its line, in days."""
    told = reduced(spaced.rename(columns={"reach": "last"}), words)
    known = dict(zip(zip(told.coin, told.money, told.place, strict=True), told["last"], strict=True))
    found = [
        min(LONGEST_JOIN, JOIN_FACTOR * known.get(line, LONGEST_JOIN))
        for line in zip(rows.coin, rows.money, rows.place, strict=True)
    ]
    return np.array(found, float)


def _crowded(rows: DataFrame, pen: Pen) -> bool:
    """Whether the rows of one line (lower bounds left out) have more than a few observations in a step of time."""
    if "cell" not in rows.columns:
        return crowded(rows.when.to_numpy(), pen.points)
    return number(rows) > max(2 * CROWD, CROWD * rows.cell.nunique())


def of_sites(seen: Observed, look: Look) -> Observed:
    """With `by` site: the six sites that are drawn, those the user named first; how many are not is said."""
    there = ranked(seen.counted.place, weights(seen.counted))
    if look.by != "site" or len(there) <= MOST_SITES:
        return seen
    kept = list(dict.fromkeys([*(site for site in look.sites if site in set(there)), *there]))[:MOST_SITES]
    seen.only(lambda rows: rows.place.isin(kept))
    seen.note("more than six", n=len(there) - len(kept), most=MOST_SITES)
    return seen


def without_bounds(seen: Observed, pen: Pen) -> Observed:
    """Under a median, without times that are lower bounds only, where there are others; they are counted."""
    if pen.step is None or (seen.counted.basis == PUBLISHED).all():
        return seen
    return seen.without_bounds()


def parts(rows: DataFrame, series: Series) -> Iterator[tuple[str, DataFrame]]:
    """(site, its rows) of one coin, the most frequent site first."""
    mine = rows_of(rows, series)
    for site in ranked(mine.place, weights(mine)):
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
    groups = runs(times, pen.gap(times, rows))
    if _crowded(rows, pen):
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


def summaries(seen: Observed, chosen: Iterable[Series], value: str, pen: Pen) -> dict[Series, Across]:
    """What the sites of each coin showed in each step of the pen; nothing where each site has its line."""
    if pen.step is None:
        return {}
    zone_, width = pen.look.zone, pen.width
    if seen.source is None:
        return {s: across(rows_of(seen.rows, s), value, width, zone_, pen.gap) for s in chosen}
    found = {}
    for batch, start in _batches(seen, chosen, pen):
        some = seen.copy().only(partial(_in, batch))
        told = reduced(seen.source.medians(some.asking(), start, round(width * DAY_US), "price"), seen.words)
        told = told.rename(columns={"cell": "step"}).sort_values(["step", "place"], ignore_index=True)
        for series in batch:
            mine = rows_of(told, series)[["step", "place", "value"]].reset_index(drop=True)
            mine["value"] *= seen.scales.get(series, 1.0) if value == "index" else 1.0
            first = np.array([rows_of(seen.counted, series).when.min()])
            found[series] = of_sites_(mine, first, width, zone_, pen.gap)
    return {series: found[series] for series in chosen}


def medians(coin: Large, tz: tzinfo, points: float) -> tuple[Numbers, Numbers, float]:
    """Of a table of one coin in one currency -> the times and medians of its sites by the finest steps that suit a picture
    so many points wide, and how far apart they are joined; all times in days."""
    look = Look(tz=tz)
    seen = Observed.of(coin, look).named().dated().valued("price")
    (series,) = seen.ranking(look)
    pen = Pen(look, {}, points, False, _step(seen, look, points), False)
    found = summaries(seen, [series], "price", pen)[series]
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


# ---- what is said of them


def say_joins(seen: Observed, pen: Pen, found: Iterable[Across] = ()) -> None:
    """How far apart points are joined; where that differs from line to line, the shortest and the longest."""
    words = seen.words
    if pen.step:
        gaps = sorted({pen.gap(one.times) for one in found if one.times.size > 1})
    else:
        lines = [part for _, part in seen.rows.groupby(LINE, sort=False)]
        gaps = sorted({pen.gap(part.when.to_numpy(), part, "reaches") for part in lines if len(part) > 1})
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
        unsure_ = rows[rows.basis == PUBLISHED]
        markers = dict.fromkeys(pen.styles[site].marker for site in ranked(unsure_.place, weights(unsure_)))
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
    groups = rows[rows.basis != PUBLISHED].groupby(LINE, sort=False)
    if not any(_crowded(part, pen) for _, part in groups):
        return []
    return [_key.box(pen.look.words("range key"), color=plain, alpha=0.35, linewidth=0)]
