"""A year of days of one coin: weeks along, weekdays down; several years below each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from . import _text

if TYPE_CHECKING:
    from matplotlib.cm import ScalarMappable
    from numpy.typing import NDArray

    from ..language import Language
    from ._canvas import Canvas
    from ._grid import Grid
    from ._look import Look

FEWEST = 56  # days; fewer are a row of columns
WEEKS = 54
CELL, ROW = 3.0, 2.6  # points of a day at least: width, height
BETWEEN = 1  # empty rows between two years
HEAD_AND_FOOT = 130.0  # points, about, that are not calendar


@dataclass(frozen=True)
class Calendar:
    """cells[row, week] in percent; names: row -> what is written beside it; months: column -> what is written below."""

    cells: NDArray[np.float64]
    names: dict[int, str]
    months: dict[int, str]

    @property
    def least(self) -> float:
        """Points that it is high at least."""
        return ROW * len(self.cells)

    def left(self, size: float) -> float:
        return max(_text.wide(name, size) for name in self.names.values()) + 5


def of(grid: Grid, look: Look, wide: float, height: float) -> Calendar | None:
    """The only row of a grid of days as a calendar: one stretch of weeks, or a block a year where it is longer than one.
    None where the days would be too small."""
    days = {
        s.start_time.date(): value
        for s, value in zip(grid.steps, grid.cells[0], strict=True)
        if s is not None
    }
    first, last = min(days), max(days)
    monday = first - timedelta(first.weekday())
    if (last - monday).days < 7 * WEEKS:
        starts = {0: monday}
        blocks = 1
    else:
        years = sorted({day.year for day in days})
        starts = {year: date(year, 1, 1) - timedelta(date(year, 1, 1).weekday()) for year in years}
        blocks = len(years)
    weeks = max((day - starts.get(day.year, monday)).days // 7 for day in days) + 1
    rows = blocks * (7 + BETWEEN) - BETWEEN
    if weeks * CELL > wide or rows * ROW > height - HEAD_AND_FOOT:
        return None
    cells = np.full((rows, weeks), np.nan)
    order = list(starts)
    for day, value in days.items():
        block = order.index(day.year) if day.year in starts else 0
        week = (day - starts.get(day.year, monday)).days // 7
        cells[block * (7 + BETWEEN) + day.weekday(), week] = value
    start = starts[order[0]]
    return Calendar(cells, _names(order, monday, look.words), _months(start, weeks, blocks == 1, look.words))


def _names(years: list[int], monday: date, words: Language) -> dict[int, str]:
    """The weekdays of one block; of several each year at its middle."""
    if len(years) == 1:
        return {row: words.when(monday + timedelta(row), "weekday") for row in range(7)}
    return {
        block * (7 + BETWEEN) + 3: words.when(date(year, 1, 1), "year") for block, year in enumerate(years)
    }


def _months(start: date, weeks: int, dated: bool, words: Language) -> dict[int, str]:
    """The week in which each month begins; with the year where it is new and no name beside says it."""
    found: dict[int, str] = {}
    known = ""
    for week in range(weeks):
        inside = [start + timedelta(7 * week + day) for day in range(7)]
        new = [day for day in inside if day.day == 1 and day >= start]
        if new:
            year = words.when(new[0], "year")
            text = words.when(new[0], "month")
            found[week] = f"{text}\n{year}" if dated and year != known else text
            known = year
    return found


def draw(canvas: Canvas, calendar: Calendar, colours: ScalarMappable) -> None:
    """The days, the weekdays or years beside them, the months below."""
    from .heatmap import paint

    ax, look, size = canvas.axes[0], canvas.look, canvas.type.body
    paint(ax, calendar.cells, colours)
    ink, muted = _text.font(size, look.colours.ink), _text.font(size, look.colours.muted)
    high = canvas.panel[1] / len(calendar.cells)
    every = max(1, int(np.ceil(1.2 * size / high))) if len(calendar.names) == 7 else 1
    names = dict(list(calendar.names.items())[::every])
    ax.set_yticks(list(names), list(names.values()), **ink)
    wide, reached = canvas.panel[0] / calendar.cells.shape[1], -np.inf
    months = {}
    for week, text in calendar.months.items():
        half, x = _text.wide(text, size) / 2, (week + 0.5) * wide
        if x - half > reached + 5 and x + half < canvas.panel[0] + canvas.needs.right:
            months[week], reached = text, x + half
    ax.set_xticks(list(months), list(months.values()), **muted)
