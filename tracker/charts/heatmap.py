"""Coins by time, coloured by their change; where nothing is known, nothing is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.cm import ScalarMappable
from matplotlib.collections import PatchCollection
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ..errors import TrackerError
from . import _calendar, _choice, _key, _text
from ._canvas import Canvas
from ._foot import small_print
from ._frame import Needs, Words
from ._grid import PRINTED, SHORT, STEPS, Grid, columns_of, grid_of, hourly, periods_of, slack
from ._key import Entry
from ._look import Look
from ._names import listed
from ._observed import Observed
from ._time import DAY_US, offsets, spelled
from ._working import Series, lined, reduced
from .change import A_DAY, windows
from .history import coins_in

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray
    from pandas import DataFrame

MOST = 40  # coins drawn where the user names none
CELL = 3.0  # points that a column is wide at least
ROW = 1.25  # of a line of type
NAMES = 0.34  # of the width, at most
BAR = 8.0, 4.0  # points: the colour bar's width, and its distance from the numbers
CLIP = 0.98  # of the changes; the rest take the end colours, which the colour bar shows by its arrows
APART = 6.0  # points between two dates


@dataclass(frozen=True)
class Chart:
    """What is drawn and what is written around it."""

    seen: Observed
    chosen: list[Series]
    grid: Grid
    colours: ScalarMappable
    clipped: bool
    words: Words
    needs: Needs
    key: list[Entry]
    calendar: _calendar.Calendar | None


def draw(seen: Observed, look: Look, ax: Axes | None = None, *, step: str | None = None) -> Axes | Figure:
    """A row a coin, a column a step of time. In an hour or a day the last change printed in it, over a day; in a longer
    step the change between the prices at both its ends. One coin over many days is a calendar, a row a weekday.

    step  `hour`, `day`, `week`, `month` or `year` in the look's zone; None: the finest whose columns can be told apart;
          hours only for spans under five days with more than two snapshots a day

    A long silence is drawn narrower than it was, with its length in it.
    """
    if step is not None and step not in STEPS:
        raise TrackerError(f"step {step}", "is not known", f"use {', '.join(STEPS)}")
    seen.printed().named().dated().some("heatmap")
    canvas, ranking = Canvas(look, ax), _choice.ranking(seen, look)
    if seen.source is not None:
        _ask(seen, look)
    for count in canvas.counts(
        len(ranking), MOST, lambda n: Needs(least=(60.0, n * canvas.type.body * ROW)), look.coins is not None
    ):
        chart = _composed(seen, look, canvas, ranking, count, step)
        if canvas.room(chart.words, chart.needs):
            break
    canvas.open(chart.words, chart.needs, chart.key)
    if chart.calendar is None:
        _draw_grid(canvas, chart)
    else:
        _calendar.draw(canvas, chart.calendar, chart.colours)
    drawn = canvas.finish()
    _colour_bar(canvas, chart)
    return drawn


def _ask(seen: Observed, look: Look) -> None:
    """Of a large table go on with the last row, and the last change of a day, of each coin and step."""
    assert seen.source is not None
    rows = seen.counted
    first, last = float(rows.when.min()), float(rows["last"].max())
    unit = DAY_US / 24 if last - first < SHORT else DAY_US
    seen.drawn(seen.source.prints(seen.asking(), offsets(first, last, look.zone), round(unit), A_DAY))


def _composed(
    seen: Observed, look: Look, canvas: Canvas, ranking: Sequence[Series], count: int, step: str | None
) -> Chart:
    """The chart of the first `count` coins."""
    chosen, size = list(ranking[:count]), canvas.type
    seen = _choice.choose(seen, chosen, ranking, MOST)
    names = [_row_name(seen, series, chosen, canvas) for series in chosen]
    left = max(_text.wide(name, size.body) for name in names) + 5
    wide = canvas.points(Needs(left=left, right=45))
    grid, calendar = _fitting(seen, chosen, look, step, wide, canvas)
    if not np.isfinite(grid.cells).any():
        raise _empty(grid.step)
    bound = max(float(np.nanquantile(np.abs(grid.cells), CLIP)), 0.1)
    colours = ScalarMappable(
        Normalize(-bound, bound), LinearSegmentedColormap.from_list("change", list(look.colours.scale))
    )
    key = [] if not grid.published.any() else [
        _key.box(look.words("heatmap frame"), facecolor="none", edgecolor=look.colours.ink, linestyle=":")
    ]  # fmt: skip
    rows = count * size.body * ROW
    if calendar:
        left, rows = calendar.left(size.body), calendar.least
    needs = Needs(left=left, right=_bar_width(look, bound, size.small), least=(60.0, max(30.0, rows)))
    words = _words(seen, look, chosen, grid, tuple(entry.label for entry in key), canvas, step)
    clipped = bound < float(np.nanmax(np.abs(grid.cells)))
    return Chart(seen, chosen, grid, colours, clipped, words, needs, key, calendar)


def _fitting(
    seen: Observed, chosen: list[Series], look: Look, step: str | None, wide: float, canvas: Canvas
) -> tuple[Grid, _calendar.Calendar | None]:
    """The grid of that step, or of the finest whose columns can be told apart; a calendar for many days of one coin."""
    rows = seen.rows
    names = [step] if step else [name for name in STEPS if name != "hour" or hourly(rows)]
    for name in names:
        columns = len(columns_of(periods_of(rows.when, look, name))[0])
        calendar = name == "day" and len(chosen) == 1 and columns > _calendar.FEWEST
        if columns * CELL > wide and not (step or calendar or name == names[-1]):
            continue
        ends = _ends(seen, look, name) if name not in PRINTED else _of_a_day(rows)
        found = grid_of(rows, ends, chosen, look, name)
        if calendar and (days := _calendar.of(found, look, wide, canvas.height)):
            return found, days
        if step or (columns * CELL <= wide and np.isfinite(found.cells).any()):
            break
    return found, None


def _ends(seen: Observed, look: Look, step: str) -> DataFrame:
    """The rows whose prices are nearest to the ends of steps: of a large table asked for, else all."""
    if seen.source is None:
        return lined(seen.rows)
    rows = seen.counted
    known = offsets(float(rows.when.min()), float(rows["last"].max()), look.zone)
    found = reduced(seen.source.ends(seen.asking(lined=True), known, step), look.words)
    return found.sort_values("when", kind="stable", ignore_index=True)


def _empty(step: str) -> TrackerError:
    """Why no cell can be drawn."""
    why = (
        "no change over a day is printed"
        if step in PRINTED
        else f"no coin has prices at both ends of a {step}"
    )
    return TrackerError(
        "chart heatmap", f"nothing to draw ({why})", "choose another step, or ingest more pages"
    )


def _of_a_day(rows: DataFrame) -> DataFrame:
    """The rows with only such changes as are over a day."""
    return rows.assign(change=rows.change.where(rows.window.isin(A_DAY) | rows.window.isna()))


def _words(
    seen: Observed, look: Look, chosen: Sequence[Series], grid: Grid, key: tuple[str, ...], canvas: Canvas, step: str | None
) -> Words:  # fmt: skip
    """Title, unit and foot: what a cell is, from which windows or ends, and why the steps are what they are."""
    words, unit = look.words, look.words(f"unit {grid.step}")
    what = coins_in(seen, chosen) if len(chosen) == 1 else words("coins", n=len(chosen))
    if grid.step in PRINTED:
        title, measured = words("heatmap printed", what=what, unit=unit), words("heatmap printed unit")
        seen.note(
            "change windows",
            windows=listed(windows(seen.counted[np.isfinite(seen.counted.change)], words), words),
        )
    else:
        title, measured = (
            words("heatmap computed", what=what, unit=unit),
            words("heatmap computed unit", unit=unit),
        )
        seen.note("heatmap ends", slack=spelled(slack(grid.step), words))
        seen.not_computed()
        if step is None:
            seen.note("heatmap coarser", unit=unit)
    if np.isnan(grid.cells).any():
        seen.note("heatmap blank")
    return Words(title, measured, key, small_print(seen, look, 6 if canvas.width > 400 else 3))


def _draw_grid(canvas: Canvas, chart: Chart) -> None:
    """Cells, numbers where there is room, names and dates."""
    ax, grid, look = canvas.axes[0], chart.grid, canvas.look
    columns = len(grid.steps)
    paint(ax, grid.cells, chart.colours)
    frames = PatchCollection(
        _stretches(grid.published),
        facecolor="none",
        edgecolor=look.colours.ink,
        linestyle=":",
        linewidth=0.9,
        zorder=3,
    )
    ax.add_collection(frames, autolim=False)
    _write_numbers(canvas, chart)
    names = [_text.escaped(_row_name(chart.seen, series, chart.chosen, canvas)) for series in chart.chosen]
    ax.set_yticks(range(len(names)), names, **_text.font(canvas.type.body, look.colours.ink))
    dated = _dated(grid, canvas, canvas.panel[0] / columns)
    ax.set_xticks(list(dated), list(dated.values()), **_text.font(canvas.type.body, look.colours.muted))
    _silences(canvas, grid)


def paint(ax: Axes, cells: NDArray[np.float64], colours: ScalarMappable) -> None:
    """Cells as an image of true colours, bare where there is none."""
    rows, columns = cells.shape
    image = colours.to_rgba(np.ma.masked_invalid(cells))
    image[np.isnan(cells)] = (0, 0, 0, 0)
    ax.imshow(
        image, extent=(-0.5, columns - 0.5, rows - 0.5, -0.5), aspect="auto", interpolation="none", zorder=2
    )
    ax.grid(False)
    ax.spines["bottom"].set_visible(False)
    ax.tick_params(length=0)


def _stretches(cells: NDArray[np.bool_]) -> list[Rectangle]:
    """A rectangle around each unbroken stretch of such cells in a row."""
    found = []
    for y, row in enumerate(cells):
        edges = np.flatnonzero(np.diff(np.concatenate([[False], row, [False]])))
        found += [
            Rectangle((a - 0.5, y - 0.5), b - a, 1) for a, b in zip(edges[::2], edges[1::2], strict=True)
        ]
    return found


def _write_numbers(canvas: Canvas, chart: Chart) -> None:
    """Each cell's number, dark on light or light on dark, if the widest has room."""
    cells, say, size = chart.grid.cells, canvas.look.words.signed, canvas.type.small
    widest = max(_text.wide(say(value), size) for value in cells[np.isfinite(cells)])
    if widest + 4 > canvas.panel[0] / cells.shape[1]:
        return
    for (y, x), value in np.ndenumerate(cells):
        if not np.isnan(value):
            red, green, blue, _ = chart.colours.to_rgba(np.array([value]))[0]
            ink = "#101418" if 0.299 * red + 0.587 * green + 0.114 * blue > 0.5 else "#ffffff"
            canvas.axes[0].text(x, y, say(value), ha="center", va="center", zorder=4, **_text.font(size, ink))


def _row_name(seen: Observed, series: Series, chosen: Sequence[Series], canvas: Canvas) -> str:
    coin, money = series
    size, room = canvas.type.body, NAMES * canvas.width
    several = len({money for _, money in chosen}) > 1
    unit = canvas.look.words.unit(money) if several else ""
    parts = [_text.plain(coin, 14), _text.plain(seen.name(coin), 14), unit]
    whole = " ".join(part for part in parts if part)
    short = " ".join(part for part in (parts[0], unit) if part)
    return whole if _text.wide(whole, size) <= room else _text.cut(short, size, room)


def _dated(grid: Grid, canvas: Canvas, wide: float) -> dict[int, str]:
    """Which columns bear a date and what it says: every one, or the first of each day, month or year, as there is room;
    the context (the year, the day) where it is new."""
    starts = {place: when.start_time for place, when in enumerate(grid.steps) if when is not None}
    units = {"hour": ("hour", "day"), "day": ("day", "month", "year"), "week": ("day", "month", "year"),
             "month": ("month", "year"), "year": ("year",)}[grid.step]  # fmt: skip
    found: dict[int, str] = {}
    for unit in units:
        places = list(starts) if unit == units[0] else _firsts(starts, unit)
        kept = _apart(places, starts, unit, canvas, wide)
        if len(kept) == len(places):
            return kept
        found = kept
    return found


def _firsts(starts: dict[int, pd.Timestamp], unit: str) -> list[int]:
    """The first column of each unit."""
    letter = {"day": "D", "month": "M", "year": "Y"}[unit]
    heads = {place: start.to_period(letter) for place, start in starts.items()}
    places = list(heads)
    return places[:1] + [here for before, here in pairwise(places) if heads[before] != heads[here]]


def _apart(
    places: Sequence[int], starts: dict[int, pd.Timestamp], unit: str, canvas: Canvas, wide: float
) -> dict[int, str]:
    """The dates that neither touch each other nor leave the columns by much."""
    say, size = canvas.look.words.when, canvas.type.body
    found: dict[int, str] = {}
    known, reached = "", -np.inf
    for place in places:
        start = starts[place].to_pydatetime()
        context = "" if unit == "year" else say(start, "date" if unit == "hour" else "year")
        text = say(start, unit)
        words = text if context in ("", known) else f"{text}\n{context}"
        half, x = _text.wide(words, size) / 2, (place + 0.5) * wide
        if (
            x - half >= max(reached + APART, -canvas.needs.left)
            and x + half <= canvas.panel[0] + canvas.needs.right
        ):
            known, reached, found[place] = context, x + half, words
    return found


def _silences(canvas: Canvas, grid: Grid) -> None:
    """How long each silence is, where there is room for words."""
    ax, look, size = canvas.axes[0], canvas.look, canvas.type.small
    for x, wide, empty in grid.silences:
        words = look.words("heatmap silence", n=empty, unit=look.words(f"unit {grid.step}"))
        room = wide * canvas.panel[0] / len(grid.steps)
        if room >= size * 1.25 and _text.wide(words, size) <= canvas.panel[1]:
            ax.text(
                x + (wide - 1) / 2, (len(grid.cells) - 1) / 2, words, rotation=90, ha="center", va="center", zorder=4,
                **_text.font(size, look.colours.muted),
            )  # fmt: skip


def _bar_width(look: Look, bound: float, size: float) -> float:
    """The room right of the cells: the bar, its numbers."""
    return 8 + sum(BAR) + _text.wide(look.words.number(-round(bound, 1)), size) + 6


def _colour_bar(canvas: Canvas, chart: Chart) -> None:
    """What the colours say; pointed ends where some changes lie beyond them."""
    look, size, box = canvas.look, canvas.type.small, canvas.axes[0].get_position()
    left, _ = canvas.at(canvas.plan.room[0] + canvas.plan.room[2] - canvas.needs.right + 8, 0)
    right, _ = canvas.at(canvas.plan.room[0] + canvas.plan.room[2] - canvas.needs.right + 8 + BAR[0], 0)
    place = canvas.host.add_axes((left, box.y0, right - left, box.height), label="<colorbar>")
    bar = canvas.host.colorbar(
        chart.colours, cax=place, extend="both" if chart.clipped else "neither",
        ticks=MaxNLocator(max(2, int(canvas.panel[1] / (3 * size))), steps=[1, 2, 2.5, 5, 10]),
        format=FuncFormatter(lambda value, _: look.words.number(value)),
    )  # fmt: skip
    bar.outline.set_visible(False)
    bar.ax.tick_params(
        colors=look.colours.muted, labelsize=size, labelfontfamily=list(_text.family()), length=0, pad=BAR[1]
    )
