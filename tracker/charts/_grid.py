"""Changes as a grid of coins by steps of time, for the heatmap."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from ._observed import Look, Series
from ._series import PUBLISHED

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandas import DataFrame

COLUMNS = 400  # at most, where the user does not choose the step
STEPS = {
    "hour": "h",
    "day": "D",
    "week": "W-SUN",
    "month": "M",
    "year": "Y",
}  # pandas periods; weeks begin on Monday
SHORT = 5.0  # days; only a shorter span is shown by the hour
SILENCE, PART = (
    3,
    0.05,
)  # so many empty steps, or that part of all others, are drawn; a longer silence is cut short
SILENCE_WIDTH = 1 / 30  # of all columns, at least one


class Grid(NamedTuple):
    """What is drawn: steps (pandas Periods; None for a silence), cells[coin, step] in percent with NaN where there
    is no quote, whether a cell rests on a published time only, and the silences: (first column, columns, steps)."""

    steps: list[pd.Period | None]
    cells: NDArray[np.float64]
    published: NDArray[np.bool_]
    silences: list[tuple[int, int, int]]


def fitting(rows: DataFrame, chosen: list[Series], look: Look, step: str | None) -> tuple[Grid, str]:
    """The grid of that step, or of the finest step that is not too wide."""
    hourly = (
        rows.when.max() - rows.when.min() < SHORT and rows.when.nunique() > 2 * rows.when.round().nunique()
    )
    for name in [step] if step else [name for name in STEPS if name != "hour" or hourly]:
        grid = _grid(rows, chosen, look, STEPS[name])
        if step or len(grid.steps) <= COLUMNS:
            break
    return grid, name


def _grid(rows: DataFrame, chosen: list[Series], look: Look, period: str) -> Grid:
    """The last change of each coin and step."""
    wall = pd.to_datetime(rows.when, unit="D", utc=True).dt.tz_convert(look.zone).dt.tz_localize(None)
    cut = rows.assign(step=wall.dt.to_period(period))
    last = cut.groupby(["coin", "money", "step"], sort=True).last()
    steps, silences = _columns(sorted(cut.step.unique()))
    index = pd.MultiIndex.from_tuples([(*series, step) for series in chosen for step in steps])
    found = last.reindex(index)
    shape = (len(chosen), len(steps))
    published = (found.basis == PUBLISHED).to_numpy().reshape(shape)
    return Grid(steps, found.change.to_numpy(dtype=float).reshape(shape), published, silences)


def _columns(seen: list[pd.Period]) -> tuple[list[pd.Period | None], list[tuple[int, int, int]]]:
    """All steps from the first to the last, but for long silences: each of them is a few columns of None."""
    longest = max(SILENCE, int(PART * len(seen)))
    wide = max(1, round(SILENCE_WIDTH * len(seen)))
    steps: list[pd.Period | None] = [seen[0]]
    silences: list[tuple[int, int, int]] = []
    for before, after in pairwise(seen):
        empty = after.ordinal - before.ordinal - 1
        if empty > longest:
            silences.append((len(steps), wide, empty))
            steps.extend([None] * wide)
        else:
            steps.extend(before + k for k in range(1, empty + 1))
        steps.append(after)
    return steps, silences
