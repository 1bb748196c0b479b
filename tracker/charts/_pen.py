"""How the lines of a chart are drawn: marks, steps, gaps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import _style
from ._band import CROWD, SPANS, crowded, fitting_step, step_of
from ._look import Look
from ._names import ranked
from ._observed import Observed
from ._style import Style
from ._time import DAY_US, origin, reach
from ._working import lined, number, weights

if TYPE_CHECKING:
    from pandas import DataFrame

    from ._time import Numbers

MOST_SITES = 6  # lines a coin; of more sites the median is drawn
DOT = 5.0  # points from observation to observation that a mark needs
LINE = ["coin", "money", "place"]
BIG, SMALL = 4.5, 3.2  # marker sizes in points
DAY_BAR = 4.0  # points
BACK = "<"  # the mark of what changes lead to; no site has it
FEW = 3  # cases that are named


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
        every = seen.counted
        rows = lined(every) if len(lined(every)) else every
        sites = rows.groupby(["coin", "money"]).place.nunique()
        many = sites.max() > MOST_SITES or (shared and sites.sum() > max(_style.COLOURED, len(sites)))
        many = look.by == "median" or (many and look.by is None)
        step = _step(seen, look, points) if many else None
        longest = rows.assign(n=weights(rows)).groupby(["coin", "money", "place"]).n.sum().max()
        order = _style.places(ranked(every.place, weights(every)), look.sites)
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

    def crowded(self, rows: DataFrame) -> bool:
        """Whether the rows of one line (lower bounds left out) have more than a few observations in a step of time."""
        if "cell" not in rows.columns:
            return crowded(rows.when.to_numpy(), self.points)
        return number(rows) > max(2 * CROWD, CROWD * rows.cell.nunique())


def _step(seen: Observed, look: Look, points: float) -> str:
    """The step whose medians suit these rows."""
    if seen.source is None:
        return step_of(lined(seen.rows), points, look.zone)
    (first, last), source = seen.times(), seen.source
    wanted = seen.asking(lined=bool(len(lined(seen.counted))))  # else all of it is off the market
    sites = seen.counted.groupby(["coin", "money"]).place.nunique().median()
    start = origin(first, look.zone)
    return fitting_step(
        sites, last - first, points, lambda width: source.typical(wanted, start, round(width * DAY_US))
    )
