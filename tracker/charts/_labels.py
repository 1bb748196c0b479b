"""Names at the right ends of lines, each at its line or with a leader to it: they need no key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from matplotlib.transforms import ScaledTranslation

from . import _text
from ._style import whole as _whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEADING = 1.35  # line height over font size
LEADER = 16.0  # points between the axes and the names
LONGEST = 18  # letters of a name


class End(NamedTuple):
    """A name, where its line ends (days, value), its colour."""

    text: str
    when: float
    value: float
    colour: str


def room(names: Sequence[str], size: float) -> float:
    """How many points right of the axes such names take up."""
    return LEADER + max((_text.wide(_text.plain(name, LONGEST), size) for name in names), default=0.0)


def most(height: float, size: float) -> int:
    """How many names stand above each other in so many points."""
    return max(1, int(height / (size * LEADING)))


def name_lines(ax: Axes, ends: Sequence[End], height: float, size: float) -> None:
    """Write each name right of the axes, as near to its value as there is room, and draw its leader: from the end of the
    line to the name. `height` is the axes' in points; call it when the limits stand."""
    points = np.array([(ax.get_xlim()[1], end.value) for end in ends])
    heights = ax.transAxes.inverted().transform(ax.transData.transform(points))[:, 1] * height
    for end, own, placed in zip(
        ends, heights, apart(list(map(float, heights)), size * LEADING, height), strict=True
    ):
        ax.annotate(
            _text.drawable(end.text, LONGEST), (1, 0), xycoords="axes fraction", xytext=(LEADER, placed),
            textcoords="offset points", va="center", annotation_clip=False, **_text.font(size, end.colour),
        )  # fmt: skip
        _leader(ax, end, placed, abs(placed - own) > 1)


def _leader(ax: Axes, end: End, height: float, aside: bool) -> None:
    """A hairline from the end of the line to the name; dotted where the name stands at the line's own height."""
    there = ScaledTranslation((LEADER - 3) / 72, height / 72, _whole(ax).dpi_scale_trans)
    ax.annotate(
        "", (end.when, end.value), xytext=(1, 0), textcoords=ax.transAxes + there, annotation_clip=False, zorder=2.4,
        arrowprops={
            "arrowstyle": "-", "linewidth": 0.7, "color": end.colour, "alpha": 0.6, "shrinkA": 0, "shrinkB": 2,
            "linestyle": "-" if aside else ":",
        },
    )  # fmt: skip


def apart(heights: Sequence[float], least: float, top: float = np.inf) -> list[float]:
    """The heights, moved so that no two are nearer than `least`; their order is kept, and all stay between 0 and `top`
    where that is possible.

    Those that crowd are spread evenly around their middle (pooling neighbours, as in isotonic regression)."""
    order = np.argsort(heights, kind="stable")
    pools: list[tuple[float, int]] = []  # (middle, how many), from the lowest
    for place in order:
        pools.append(_within(heights[place], 1, least, top))
        while len(pools) > 1 and _crowd(pools[-2], pools[-1], least):
            (low, m), (high, n) = pools[-2:]
            pools[-2:] = [_within((low * m + high * n) / (m + n), m + n, least, top)]
    spread = [middle + (k - (n - 1) / 2) * least for middle, n in pools for k in range(n)]
    placed = [0.0] * len(heights)
    for place, height in zip(order, spread, strict=True):
        placed[place] = height
    return placed


def _within(middle: float, count: int, least: float, top: float) -> tuple[float, int]:
    half = (count - 1) / 2 * least
    return (max(half, min(middle, top - half)) if top < np.inf else middle), count


def _crowd(low: tuple[float, int], high: tuple[float, int], least: float) -> bool:
    return high[0] - low[0] < (low[1] + high[1]) / 2 * least - 1e-9
