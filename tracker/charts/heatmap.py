"""Coins by time, coloured by their printed change; a cell without a quote is visibly empty."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.cm import ScalarMappable
from matplotlib.collections import PatchCollection
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import FuncFormatter

from ..errors import TrackerError
from . import _style
from ._axis import MONTHS
from ._canvas import Canvas
from ._grid import STEPS, Grid, fitting
from ._observed import Look, Observed, Series, listed, printed_name

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray
    from pandas import DataFrame

MOST = 40  # coins drawn where the user names none
NUMBER = 27.0  # points; in columns so wide each cell says its number, and each column its date
DATES = 14  # at most, where not every column bears one
CLIP = 0.98  # of the changes; the rest take the end colours, which the colour bar shows by its arrows


def draw(seen: Observed, look: Look, ax: Axes | None = None, *, step: str | None = None) -> Axes | Figure:
    """A row a coin, a column a step of time: the last change printed in it, yellow above zero and blue below.

    step  `hour`, `day`, `week`, `month` or `year` in the look's zone; None: the finest that gives at most 400 columns;
          hours only for spans under five days with more than two snapshots a day

    A long silence is drawn narrower than it was, with its length in it.
    """
    if step is not None and step not in STEPS:
        raise TrackerError(f"step {step}", "is not known", f"use {', '.join(STEPS)}")
    seen.named().dated().valued("change").some("heatmap")
    chosen = seen.most_observed(look, MOST)
    rows = seen.some("heatmap")
    grid, step = fitting(rows, chosen, look, step)
    canvas = Canvas(look, ax)
    cells = canvas.axes[0]
    bound = max(float(np.nanquantile(np.abs(grid.cells), CLIP)), 0.1)
    colours = ScalarMappable(
        Normalize(-bound, bound), LinearSegmentedColormap.from_list("change", list(look.colours.scale))
    )
    _draw_cells(cells, grid, colours, look)
    _name_axes(canvas, cells, grid, rows, chosen, step)
    _colour_bar(canvas, cells, colours, bound < float(np.nanmax(np.abs(grid.cells))), _windows(rows))
    title = f"Printed change of {_style.counted(len(chosen), 'coin')}, the last of each {step}"
    return canvas.finish(title, _key(grid, look), seen)


def _draw_cells(ax: Axes, grid: Grid, colours: ScalarMappable, look: Look) -> None:
    """Cells as an image of true colours, silences left bare, missing cells hatched, published ones framed."""
    theme, (rows, columns) = look.colours, grid.cells.shape
    image = colours.to_rgba(np.ma.masked_invalid(grid.cells))
    image[np.isnan(grid.cells)] = (0, 0, 0, 0)
    ax.imshow(
        image, extent=(-0.5, columns - 0.5, rows - 0.5, -0.5), aspect="auto", interpolation="none", zorder=2
    )
    observed = np.array([step is not None for step in grid.steps])
    missing = _stretches(np.isnan(grid.cells) & observed)
    published = _stretches(grid.published)
    ax.add_collection(
        PatchCollection(
            missing, facecolor=theme.empty, edgecolor=theme.muted, hatch="////", linewidth=0, zorder=2.2
        ),
        autolim=False,
    )
    ax.add_collection(
        PatchCollection(
            published, facecolor="none", edgecolor=theme.ink, linestyle=":", linewidth=0.9, zorder=3
        ),
        autolim=False,
    )
    if _wide(columns, look):
        _write_numbers(ax, grid, colours, look)


def _wide(columns: int, look: Look) -> bool:
    """Whether a column has room for a number."""
    return look.size[0] * 72 * 0.75 / columns >= NUMBER


def _stretches(cells: NDArray[np.bool_]) -> list[Rectangle]:
    """A rectangle around each unbroken stretch of such cells in a row."""
    found = []
    for y, row in enumerate(cells):
        edges = np.flatnonzero(np.diff(np.concatenate([[False], row, [False]])))
        found += [
            Rectangle((a - 0.5, y - 0.5), b - a, 1) for a, b in zip(edges[::2], edges[1::2], strict=True)
        ]
    return found


def _write_numbers(ax: Axes, grid: Grid, colours: ScalarMappable, look: Look) -> None:
    """Each cell's number, dark on light or light on dark."""
    for (y, x), value in np.ndenumerate(grid.cells):
        if not np.isnan(value):
            red, green, blue, _ = colours.to_rgba(np.array([value]))[0]
            ink = "#101418" if 0.299 * red + 0.587 * green + 0.114 * blue > 0.5 else "#ffffff"
            words = _style.font(_style.SMALL, ink)
            ax.text(
                x, y, _style.percent(value).removesuffix(" %"), ha="center", va="center", zorder=4, **words
            )


def _name_axes(
    canvas: Canvas, ax: Axes, grid: Grid, rows: DataFrame, chosen: list[Series], step: str
) -> None:
    """Coins down, dates along, and how long each silence is."""
    look = canvas.look
    words = _style.font(canvas.line_size(len(chosen)), look.colours.ink)
    several = len({money for _, money in chosen}) > 1
    names = [_row_name(rows, series, several) for series in chosen]
    ax.set_yticks(range(len(chosen)), names, **words)
    ax.grid(False)
    ax.spines["bottom"].set_visible(False)
    dated = _dated(grid.steps, step, _wide(len(grid.steps), look))
    ax.set_xticks(list(dated), list(dated.values()), **_style.font(_style.SMALL, look.colours.muted))
    for x, wide, empty in grid.silences:
        ax.text(
            x + (wide - 1) / 2, (len(chosen) - 1) / 2, _style.counted(empty, step) + " without quotes", rotation=90,
            ha="center", va="center", zorder=4, **_style.font(_style.SMALL - 1, look.colours.muted),
        )  # fmt: skip
    canvas.label(ax, x=f"{step}, {look.zone}")


def _row_name(rows: DataFrame, series: Series, several: bool) -> str:
    coin, money = series
    name = printed_name(rows, coin)
    parts = [_style.plain(coin, 14), _style.plain(name, 14) if name else "", money if several else ""]
    return _style.drawable(" ".join(part for part in parts if part))


def _dated(steps: list[pd.Period | None], step: str, every: bool) -> dict[int, str]:
    """Which columns bear a date and what it says: every one, or the first of each day (hours), month or year."""
    starts = {place: when.start_time for place, when in enumerate(steps) if when is not None}
    coarser = {"hour": "day", "day": "month", "week": "month"}.get(step, "year")
    places = list(starts) if every else _firsts(starts, coarser, len(steps))
    found: dict[int, str] = {}
    known = ""
    for place in places:
        text, context = _date(starts[place], step if every else coarser)
        found[place] = text if context == known else f"{text}\n{context}"
        known = context
    return found


def _firsts(starts: dict[int, pd.Timestamp], unit: str, columns: int) -> list[int]:
    """The first column of each unit, at most DATES of them; the very first if the next is not too near."""
    heads = {place: _date(start, unit) for place, start in starts.items()}
    firsts = [here for before, here in pairwise(heads) if heads[before] != heads[here]]
    first = next(iter(heads))
    if not firsts or firsts[0] - first > columns / DATES / 2:
        firsts.insert(0, first)
    return firsts[:: max(1, -(-len(firsts) // DATES))]


def _date(start: pd.Timestamp, unit: str) -> tuple[str, str]:
    """What is written of a column's date, and the context below it."""
    day = f"{start.day} {MONTHS[start.month - 1]}"
    if unit == "hour":
        return f"{start:%H:%M}", f"{day} {start.year}"
    return {"month": MONTHS[start.month - 1], "year": ""}.get(unit, day), str(start.year)


def _colour_bar(canvas: Canvas, ax: Axes, colours: ScalarMappable, clipped: bool, windows: str) -> None:
    """What the colours say; pointed ends where some changes lie beyond them."""
    bar = _style.whole(ax).colorbar(
        colours, ax=ax, fraction=0.025, pad=0.01, extend="both" if clipped else "neither",
        format=FuncFormatter(lambda value, _: _style.number(value)),
    )  # fmt: skip
    muted = canvas.look.colours.muted
    bar.outline.set_visible(False)
    bar.ax.tick_params(colors=muted, labelsize=_style.SMALL, labelfontfamily=list(_style.family()), length=0)
    bar.set_label(f"change, % ({windows})", **_style.font(_style.SMALL, muted))


def _windows(rows: DataFrame) -> str:
    return listed(
        dict.fromkeys("not stated" if w is None else w for w in rows.window.where(rows.window.notna(), None))
    )


def _key(grid: Grid, look: Look) -> list[Artist]:
    theme = look.colours
    entries: list[Artist] = []
    holes = np.isnan(grid.cells[:, [kept is not None for kept in grid.steps]])
    if holes.any():
        entries.append(
            Patch(
                facecolor=theme.empty,
                edgecolor=theme.muted,
                hatch="////",
                linewidth=0,
                label="no quote of this coin",
            )
        )
    if grid.published.any():
        words = "article's date: shown then or later"
        entries.append(Patch(facecolor="none", edgecolor=theme.ink, linestyle=":", label=words))
    return entries
