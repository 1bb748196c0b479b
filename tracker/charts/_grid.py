"""Changes as a grid of coins by steps of time, for the heatmap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ._look import Look
from ._time import DAY_US
from ._working import PUBLISHED, Series, rows_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandas import DataFrame

    from ._time import Numbers

STEPS = {
    "hour": "h",
    "day": "D",
    "week": "W-SUN",
    "month": "M",
    "year": "Y",
}  # pandas periods; weeks begin on Monday
PRINTED = ("hour", "day")  # steps that show the change that was printed; longer ones compare prices
LENGTH = {"hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.4, "year": 365.25}  # days, about
SHORT = 5.0  # days; only a shorter span is shown by the hour
SILENCE, PART = (
    3,
    0.05,
)  # so many empty steps, or that part of all others, are drawn; a longer silence is cut short
SILENCE_WIDTH = 1 / 30  # of all columns, at least one
NEAR = 0.15  # of a step: a price so near to its end stands for the end


@dataclass(frozen=True)
class Grid:
    """What is drawn: steps (pandas Periods; None for a silence), cells[coin, step] in percent with NaN where there
    is none, whether a cell rests on a published time only, and the silences: (first column, columns, steps)."""

    step: str
    steps: list[pd.Period | None]
    cells: NDArray[np.float64]
    published: NDArray[np.bool_]
    silences: list[tuple[int, int, int]]


def hourly(rows: DataFrame) -> bool:
    """Whether the span is short and the day has more than two snapshots."""
    return bool(
        rows.when.max() - rows.when.min() < SHORT and rows.when.nunique() > 2 * rows.when.round().nunique()
    )


def grid_of(rows: DataFrame, telling: DataFrame, chosen: Sequence[Series], look: Look, step: str) -> Grid:
    """The grid of that step: the last printed change in an hour or a day, the change from end to end in a longer one.

    rows  all there are; telling: those (of an hour or a day with the same index) that have the changes or the prices"""
    periods = periods_of(rows.when, look, step)
    steps, silences = columns_of(periods)
    shape = (len(chosen), len(steps))
    edges = np.array([_edges(one, look) for one in steps]) if step not in PRINTED else np.empty((0, 2))
    cells, published = np.full(shape, np.nan), np.zeros(shape, bool)
    for place, series in enumerate(chosen):
        mine = rows_of(telling, series)
        if step in PRINTED:
            cells[place], published[place] = _printed(mine, periods[mine.index], steps)
        else:
            cells[place] = _computed(mine, edges, slack(step))
    return Grid(step, steps, cells, published, silences)


def periods_of(when: pd.Series, look: Look, step: str) -> pd.Series:
    exact = (when * DAY_US).round().astype("int64")  # a time at midnight is not before it
    wall = pd.to_datetime(exact, unit="us", utc=True).dt.tz_convert(look.zone).dt.tz_localize(None)
    return wall.dt.to_period(STEPS[step])


def _printed(
    rows: DataFrame, periods: pd.Series, steps: Sequence[pd.Period | None]
) -> tuple[Numbers, NDArray[np.bool_]]:
    """The last change of each step."""
    changed = rows[np.isfinite(rows.change)]
    last = changed.groupby(periods[changed.index]).last().reindex(list(steps))
    return last.change.to_numpy(dtype=float), (last.basis == PUBLISHED).to_numpy()


def slack(step: str) -> float:
    """How far from the end of a step a price may be to stand for it, in days."""
    return max(1.0, round(NEAR * LENGTH[step]))


def _computed(rows: DataFrame, edges: Numbers, near: float) -> Numbers:
    """The change between each pair of edges: of each site from the prices nearest to either, of several sites the median.
    Published times are bounds, and give none."""
    known = rows[(rows.basis != PUBLISHED) & np.isfinite(rows.price) & (rows.price > 0)]
    sites = [part for _, part in known.groupby("place")]
    changes = [_between(part.when.to_numpy(), part.price.to_numpy(), edges, near) for part in sites]
    found = np.full(len(edges), np.nan)
    if changes:
        every = np.array(changes)
        some = np.isfinite(every).any(axis=0)
        found[some] = np.nanmedian(every[:, some], axis=0)
    return found


def _edges(step: pd.Period | None, look: Look) -> tuple[float, float]:
    """Where a step begins and ends, in days."""
    if step is None:
        return np.nan, np.nan
    epoch = pd.Timestamp(0, tz="UTC")
    ends = (step.start_time, (step + 1).start_time)
    begin, end = (
        pd.Timestamp(end).tz_localize(look.zone, nonexistent="shift_forward", ambiguous=True) for end in ends
    )
    return (begin - epoch) / pd.Timedelta(days=1), (end - epoch) / pd.Timedelta(days=1)


def _between(times: Numbers, prices: Numbers, edges: Numbers, near: float) -> Numbers:
    """For each row (begin, end) of edges the change in percent between the prices nearest to them; NaN where one is
    further than `near`, and where it would be the same price. Sorted times."""
    after = np.clip(np.searchsorted(times, edges), 1, max(1, times.size - 1))
    before, after = after - 1, np.minimum(after, times.size - 1)
    nearest = np.where(np.abs(times[after] - edges) < np.abs(times[before] - edges), after, before)
    far = (np.abs(times[nearest] - edges) > near).any(axis=1) | ~np.isfinite(edges).all(axis=1)
    begin, end = nearest.T
    changes: Numbers = (prices[end] / prices[begin] - 1) * 100
    return np.where(far | (begin >= end), np.nan, changes)


def columns_of(periods: pd.Series) -> tuple[list[pd.Period | None], list[tuple[int, int, int]]]:
    """All steps from the first to the last, but for long silences: each of them is a few columns of None."""
    seen = sorted(periods.unique())
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
