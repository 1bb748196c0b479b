"""The printed change of a day over time, and the change between neighbouring snapshots beside it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.ticker import FuncFormatter

from . import _style
from ._axis import span
from ._canvas import Canvas, sample
from ._observed import Look, Observed, Series, listed, printed_name, ranked, rows_of
from ._series import (
    CROWDED,
    PUBLISHED,
    Styles,
    draw_series,
    joined,
    key,
    line_width,
    lone,
    reaches,
    site_styles,
)
from ._time import days
from .history import coins_in

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from pandas import DataFrame

    from ._style import Style
    from ._time import Numbers

MOST = 6  # coins drawn where the user names none
A_DAY = (
    "24h",
    "1d",
)  # windows that are a day; a change without a stated window is taken for one, and counted
NEAR = timedelta(hours=2)


def draw(
    seen: Observed, look: Look, ax: Axes | None = None, *,
    window: str | None = None, near: str | timedelta | float = NEAR,
) -> Axes | Figure:  # fmt: skip
    """A panel a coin: the printed change in percent as in `history`; beneath it, broad and pale, the change computed
    from two prices of one site that are a day apart.

    window  only changes printed over this window (`24h`, `1d`, `7d` …); None: those of a day and those unstated
    near    how far from 24 hours the two snapshots may be apart; published times are never compared, as they are
            lower bounds only
    """
    slack = days(near)
    seen.named().dated().some("change")
    every = seen.rows
    wanted = every.window.isin(A_DAY) | every.window.isna() if window is None else every.window == window
    seen.valued("change").keep(wanted.reindex(seen.rows.index), "with a change over another window").some(
        "change"
    )
    chosen = seen.most_observed(look, MOST)
    rows = seen.some("change")
    canvas, shown, styles = (
        Canvas(look, ax, len(chosen)),
        span(reaches(rows), look.fold),
        site_styles(rows, look),
    )
    computed = [
        _draw_panel(canvas, place, every, rows, series, styles, slack) for place, series in enumerate(chosen)
    ]
    for place, series in enumerate(chosen):
        if len(chosen) > 1:
            canvas.name_panel(place, series[0], printed_name(rows, series[0]))
        canvas.dates(place, shown)
        _percent_axis(canvas, canvas.axes[place])
    entries = [*(_computed_key(look) if any(computed) else []), *key(rows, styles, look)]
    seen.notes.append(f"Window printed: {listed('not stated' if w is None else w for w in _windows(rows))}.")
    if any(computed):
        seen.notes.append(f"Computed: prices 24 ± {slack * 24:.2g} hours apart, or of two days running.")
    return canvas.finish(f"Daily change of {coins_in(rows, chosen)}", entries, seen)


def _draw_panel(
    canvas: Canvas,
    place: int,
    every: DataFrame,
    rows: DataFrame,
    series: Series,
    styles: Styles,
    slack: float,
) -> bool:
    """One coin's changes, site by site; returns whether any could be computed."""
    computed, all_prices = False, rows_of(every, series)
    for site, part in rows_of(rows, series).groupby("place", sort=False):
        style, label = styles[str(site)], f"{series[0]} {site}"
        known = all_prices[
            (all_prices.place == site) & (all_prices.basis != PUBLISHED) & (all_prices.price > 0)
        ]
        computed |= _draw_computed(canvas, place, known, style, slack, label)
        draw_series(canvas.axes[place], part, "change", style, canvas.look, label)
    return computed


def daily(times: Numbers, prices: Numbers, slack: float) -> tuple[Numbers, Numbers]:
    """From sorted times and their prices: (times, percent) wherever there is a price 24 hours before, give or take
    `slack` days; of several the nearest to 24 hours."""
    wanted = times - 1
    after = np.clip(np.searchsorted(times, wanted), 1, max(1, times.size - 1))
    before = after - 1
    after = np.minimum(after, times.size - 1)
    nearest = np.where(np.abs(times[after] - wanted) < np.abs(times[before] - wanted), after, before)
    found = np.abs(times[nearest] - wanted) <= slack * (1 + 1e-9)
    return times[found], (prices[found] / prices[nearest[found]] - 1) * 100


def _draw_computed(
    canvas: Canvas, place: int, known: DataFrame, style: Style, slack: float, label: str
) -> bool:
    """One site's computed changes as a broad pale line; False if there is none."""
    times, changes = daily(known.when.to_numpy(), known.price.to_numpy(), slack)
    if not times.size:
        return False
    x, y = joined(pd.DataFrame({"when": times, "computed": changes}), "computed", canvas.look)
    (line,) = canvas.axes[place].plot(
        x, y, color=style.colour, alpha=0.35, linewidth=3 * line_width(x.size), marker="o", markersize=9,
        markeredgewidth=0, label=f"{label} (computed)", zorder=2.2,
    )  # fmt: skip
    if x.size > CROWDED:
        line.set_markevery(lone(y))
    return True


def _computed_key(look: Look) -> list[Line2D]:
    pale = sample("computed from prices a day apart", look.colours.muted, "o", "-")
    pale.set(linewidth=5, alpha=0.35, markersize=9, markeredgewidth=0)
    return [sample("printed", look.colours.muted, "o", "-"), pale]


def _percent_axis(canvas: Canvas, ax: Axes) -> None:
    ax.axhline(0, color=canvas.look.colours.muted, linewidth=0.9, zorder=2)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _style.number(value)))
    ax.margins(y=0.1)
    canvas.label(ax, y="change in a day, %")


def _windows(rows: DataFrame) -> list[str | None]:
    stated = rows.window.dropna()
    return [*ranked(stated), *([None] if len(stated) < len(rows) else [])]
