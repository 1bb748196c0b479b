"""What has been collected: sites by time, how many snapshots, and on what evidence their time rests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.patches import Patch

from ..model import TIME_BASES
from . import _style
from ._axis import Span, span
from ._canvas import Canvas
from ._observed import Look, Observed, ranked
from ._series import PUBLISHED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame

    from ._style import Theme

MOST = 16  # sites with a lane of their own
BARS = 110  # about so many steps along the axis
STEPS = {
    "hour": 1 / 24,
    "quarter of a day": 0.25,
    "day": 1.0,
    "week": 7.0,
    "span of 4 weeks": 28.0,
    "span of 13 weeks": 91.0,
    "year": 365.0,
}
LANE = 0.72  # of a lane is bar at its highest
DATED = tuple(basis for basis in TIME_BASES if basis != "none")
SHADES = tuple(
    basis for basis in DATED if basis != "given-day"
)  # that a user names a day is as sure as a moment
Bars = dict[tuple[int, float], dict[str, int]]  # (lane, middle of the step) -> snapshots by time basis


def draw(seen: Observed, look: Look, ax: Axes | None = None) -> Axes | Figure:
    """A lane a site, a bar for each step of time in which it has snapshots: its height says how many (each lane on its
    own scale, stated beside it), its fill on what evidence the time rests. Undated snapshots are a number there."""
    rows = seen.some("coverage")
    snapshots = (
        rows.groupby("snapshot_id", sort=False).first().assign(coins=rows.groupby("snapshot_id").size())
    )
    sites = ranked(snapshots.place)
    if len(sites) > MOST:
        seen.notes.append(f"{_style.counted(len(sites) - MOST, 'site')} with fewer snapshots not drawn.")
        sites = sites[:MOST]
    canvas = Canvas(look, ax)
    lanes = canvas.axes[0]
    dated = snapshots[snapshots.when.notna()]
    busiest = _draw_lanes(canvas, dated, sites) if len(dated) else {}
    _name_lanes(canvas, lanes, snapshots, sites, busiest)
    title = (
        f"{_style.counted(len(snapshots), 'snapshot')} of {_style.counted(snapshots.place.nunique(), 'site')}"
    )
    return canvas.finish(title, _key(dated, look.colours), seen)


def _draw_lanes(canvas: Canvas, dated: DataFrame, sites: list[str]) -> dict[int, str]:
    """Bars and dates; returns for each lane how many snapshots its highest bar stands for."""
    shown = span(dated.when.to_numpy(), canvas.look.fold)
    days = sum(end - start for start, end in shown.sections)
    step = next((name for name, width in STEPS.items() if days / width <= BARS), "year")
    bars = _stacks(dated, sites, STEPS[step])
    highest: dict[int, int] = {}
    for (lane, _), counts in bars.items():
        highest[lane] = max(highest.get(lane, 0), sum(counts.values()))
    _draw_bars(canvas.axes[0], bars, STEPS[step], highest, canvas.look)
    roomy = tuple((start - STEPS[step], end + STEPS[step]) for start, end in shown.sections)
    canvas.dates(0, Span(roomy, shown.fold, shown.silences))
    return {lane: f"highest bar: {count:,} in one {step}" for lane, count in highest.items()}


def _stacks(dated: DataFrame, sites: list[str], width: float) -> Bars:
    """How many snapshots of each basis each site has in each step."""
    lanes = {site: lane for lane, site in enumerate(sites)}
    mine = dated[dated.place.isin(lanes)]
    middles = (np.floor(mine.when / width) + 0.5) * width
    sizes = mine.assign(middle=middles).groupby(["place", "middle", "basis"]).size()
    bars: Bars = {}
    for (site, middle, basis), count in zip(sizes.index.to_list(), sizes.to_list(), strict=True):
        bars.setdefault((lanes[site], middle), {})[basis] = count
    return bars


def _draw_bars(ax: Axes, bars: Bars, width: float, highest: dict[int, int], look: Look) -> None:
    """Bars stand on their lane's line, the strongest evidence lowest; lanes go down the axis."""
    for number, basis in enumerate(DATED):
        mine = [(lane, x, counts) for (lane, x), counts in bars.items() if basis in counts]
        if mine:
            below = [sum(counts.get(b, 0) for b in DATED[:number]) for _, _, counts in mine]
            scales = [LANE / highest[lane] for lane, _, _ in mine]
            bottoms = [-lane + scale * b for (lane, _, _), scale, b in zip(mine, scales, below, strict=True)]
            heights = [scale * counts[basis] for (_, _, counts), scale in zip(mine, scales, strict=True)]
            places = [x for _, x, _ in mine]
            fill = _fill(basis, look.colours)
            ax.bar(places, heights, 0.86 * width, bottom=bottoms, label=basis, zorder=3, **fill)


def _fill(basis: str, theme: Theme) -> dict[str, Any]:
    """The stronger the evidence the darker (on a light ground); a published time is an empty, hatched bar."""
    if basis == PUBLISHED:
        return {"facecolor": theme.ground, "edgecolor": theme.evidence[1], "hatch": "////", "linewidth": 0.8}
    shade = theme.evidence[SHADES.index("given" if basis == "given-day" else basis)]
    return {"facecolor": shade, "edgecolor": theme.muted, "linewidth": 0.3}


def _name_lanes(
    canvas: Canvas, ax: Axes, snapshots: DataFrame, sites: list[str], busiest: dict[int, str]
) -> None:
    """Sites on the left; on the right how many snapshots and coins, what the highest bar is, how many are undated."""
    theme = canvas.look.colours
    names = [_style.drawable(site, 30) for site in sites]
    ax.set_yticks(
        [-lane for lane in range(len(sites))], names, va="bottom", **_style.font(_style.BODY, theme.ink)
    )
    ax.set_ylim(-len(sites) + 0.85, 1)
    between = (
        "\n" if canvas.line_size(4 * len(sites)) >= _style.SMALL else ", "
    )  # three lines and some room a lane
    for lane, site in enumerate(sites):
        mine = snapshots[snapshots.place == site]
        undated = int(mine.when.isna().sum())
        lines = [
            f"{_style.counted(len(mine), 'snapshot')} of up to {_style.counted(int(mine.coins.max()), 'coin')}"
        ]
        lines += [busiest[lane]] if lane in busiest else []
        lines += [f"{undated:,} undated"] if undated else []
        words = _style.font(_style.SMALL, theme.muted)
        ax.text(1.01, -lane, between.join(lines), transform=ax.get_yaxis_transform(), va="bottom", **words)


def _key(dated: DataFrame, theme: Theme) -> list[Patch]:
    words = {
        "given-day": "given day, no hour",
        "stated-day": "stated day, no hour",
        PUBLISHED: "published: shown then or later",
    }
    return [Patch(label=words.get(b, b), **_fill(b, theme)) for b in DATED if (dated.basis == b).any()]
