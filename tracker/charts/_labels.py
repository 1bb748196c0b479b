"""Names at the right ends of lines, pushed apart where they would overlap: they read in grey and need no key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from . import _style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ._observed import Look

LEADING = 1.25  # line height over font size
PANEL_SHARE = 0.75  # about what of a sheet's height is panel


def name_lines(ax: Axes, look: Look, ends: Sequence[tuple[str, float, str]]) -> None:
    """Write each (text, value at the line's end, colour) right of the axes, as near to its value as there is room.

    Call it when the limits stand: the heights are places on the axis as it is now."""
    points = [(ax.get_xlim()[0], value) for _, value, _ in ends]
    heights = ax.transAxes.inverted().transform(ax.transData.transform(points))[:, 1]
    least = _style.BODY * LEADING / (look.size[1] * 72 * PANEL_SHARE)
    for (text, _, colour), height in zip(ends, apart([float(h) for h in heights], least), strict=True):
        ax.text(
            1.01,
            height,
            _style.drawable(text, 18),
            transform=ax.transAxes,
            va="center",
            **_style.font(_style.BODY, colour),
        )


def apart(heights: Sequence[float], least: float) -> list[float]:
    """The heights, moved so that no two are nearer than `least`; their order is kept.

    Those that crowd are spread evenly around their middle (pooling neighbours, as in isotonic regression)."""
    order = np.argsort(heights, kind="stable")
    pools: list[tuple[float, int]] = []  # (middle, how many), from the lowest
    for place in order:
        pools.append((heights[place], 1))
        while len(pools) > 1 and _crowd(pools[-2], pools[-1], least):
            (low, m), (high, n) = pools[-2:]
            pools[-2:] = [((low * m + high * n) / (m + n), m + n)]
    spread = [middle + (k - (n - 1) / 2) * least for middle, n in pools for k in range(n)]
    placed = [0.0] * len(heights)
    for place, height in zip(order, spread, strict=True):
        placed[place] = height
    return placed


def _crowd(low: tuple[float, int], high: tuple[float, int], least: float) -> bool:
    return high[0] - low[0] < (low[1] + high[1]) / 2 * least
