"""Many observations in little room: the median of many sites in each step of time, the range of many in a pixel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING

import numpy as np

from ._time import middles, runs, steps_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandas import DataFrame

    from ._time import Numbers

SPANS = {  # steps of time, in days
    "hour": 1 / 24, "3 hours": 1 / 8, "quarter": 0.25, "day": 1.0, "week": 7.0, "4 weeks": 28.0, "13 weeks": 91.0,
    "year": 365.0,
}  # fmt: skip
ENOUGH, MOST_OF = 5, 0.75  # sites in a step, or that part of all there are: fewer make no median of sites
LEAST_STEP = 1.5  # points that a step is wide
FENCE = 3.0  # times the distance between the quartiles outside of them: far out (Tukey)
NOT_FAR = 0.02  # of the median: nearer than that nothing is far
CROWD = 4.0  # observations in a pixel of which the range is drawn
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class Across:
    """What several sites showed, step by step: times (days), the quantiles of QUANTILES (rows), and the runs that may be
    joined; `far` has the columns when, value, place of what lies far outside."""

    times: Numbers
    levels: Numbers
    groups: NDArray[np.int64]
    far: DataFrame

    @property
    def median(self) -> Numbers:
        found: Numbers = self.levels[QUANTILES.index(0.5)]
        return found


def fitting_step(sites: float, span: float, points: float, typical: Callable[[float], float]) -> str:
    """The finest of SPANS in which a typical step has enough sites and is wide enough to be seen.

    sites    that a coin has in all; span: of time, in days; typical: how many a step of so many days has"""
    for name, width in SPANS.items():
        if span / width * LEAST_STEP > points:
            continue
        if typical(width) >= min(ENOUGH, MOST_OF * sites):
            return name
    return "year"


def step_of(rows: DataFrame, points: float, tz: tzinfo) -> str:
    """The step that fits these rows."""
    sites = rows.groupby(["coin", "money"]).place.nunique().median()

    def typical(width: float) -> float:
        step = steps_of(rows.when.to_numpy(), width, tz)
        return float(rows.groupby(["coin", "money", step]).place.nunique().median())

    return fitting_step(sites, float(rows.when.max() - rows.when.min()), points, typical)


def across(rows: DataFrame, value: str, width: float, tz: tzinfo, gap: Callable[[Numbers], float]) -> Across:
    """One coin's rows, in order of time -> what its sites showed in each step of `width` days: of each site the median
    in the step, of those that are not far outside the quantiles. Steps are joined as far apart as `gap` says of their
    times."""
    step = steps_of(rows.when.to_numpy(), width, tz)
    sites = rows.groupby([step, "place"])[value].median()
    shown = sites.rename("value").rename_axis(["step", "place"]).reset_index()
    return of_sites(shown, rows.when.to_numpy(), width, tz, gap)


def of_sites(
    shown: DataFrame, all_times: Numbers, width: float, tz: tzinfo, gap: Callable[[Numbers], float]
) -> Across:
    """The same from the medians of each site in each step: columns step, place, value; all_times: the first is among
    them."""
    low, middle, high = (shown.groupby("step").value.quantile(q) for q in (0.25, 0.5, 0.75))
    fence = np.maximum(FENCE * (high - low), NOT_FAR * middle.abs())
    near = shown.value.between(shown.step.map(low - fence), shown.step.map(high + fence))
    far = shown[~near].reset_index(drop=True)
    far["when"] = middles(far.step.to_numpy(float), all_times, width, tz)
    levels = shown[near].groupby("step").value.quantile(np.array(QUANTILES)).unstack()
    times = middles(levels.index.to_numpy(float), all_times, width, tz)
    return Across(times, levels.to_numpy().T, runs(times, gap(times)), far)


@dataclass(frozen=True)
class Within:
    """Lowest, median and highest of each step of time, and the runs that may be joined."""

    times: Numbers
    low: Numbers
    median: Numbers
    high: Numbers
    groups: NDArray[np.int64]


def crowded(times: Numbers, steps: float) -> bool:
    """Whether the steps that have observations have more than a few."""
    if times.size <= CROWD * 2 or times[-1] <= times[0]:
        return False
    used = np.unique(np.floor((times - times[0]) / (times[-1] - times[0]) * steps)).size
    return bool(times.size / used > CROWD)


def of_cells(rows: DataFrame, medians: DataFrame, groups: NDArray[np.int64]) -> Within:
    """The same of one line of a large table: the rows that stand for each step (number `cell`), and its median."""
    parts = rows.assign(group=groups).groupby(["group", "cell"], sort=True)
    found = parts.agg(start=("when", "min"), end=("when", "max"), low=("price", "min"), high=("price", "max"))
    middle = medians.set_index("cell").value.reindex(found.index.get_level_values("cell")).to_numpy()
    times = ((found.start + found.end) / 2).to_numpy()
    median = np.clip(middle, found.low.to_numpy(), found.high.to_numpy())
    return Within(
        times,
        found.low.to_numpy(),
        median,
        found.high.to_numpy(),
        found.index.get_level_values("group").to_numpy(),
    )


def within(times: Numbers, values: Numbers, groups: NDArray[np.int64], steps: int) -> Within:
    """The range in each of so many equal steps of time. Sorted times; steps of two runs are kept apart."""
    width = (times[-1] - times[0]) / steps
    step = groups * (steps + 1) + ((times - times[0]) / width).astype(np.int64)
    order = np.lexsort((values, step))
    first = np.flatnonzero(np.diff(step[order], prepend=-1))
    last = np.append(first[1:], step.size) - 1
    middle = (first + last) // 2, (first + last + 1) // 2
    ranked = values[order]
    median = (ranked[middle[0]] + ranked[middle[1]]) / 2
    start = np.flatnonzero(np.diff(step, prepend=-1))
    end = np.append(start[1:], step.size) - 1
    return Within((times[start] + times[end]) / 2, ranked[first], median, ranked[last], groups[start])
