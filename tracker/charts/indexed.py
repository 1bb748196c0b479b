"""Coins rebased to 100 at one moment, to compare their moves."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from . import _style
from ._axis import span
from ._canvas import Canvas
from ._labels import name_lines
from ._observed import Look, Observed, Series, listed, rows_of, stamp
from ._series import draw_series, key, reaches, site_styles
from ._time import LONGEST_JOIN
from .history import price_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame

MOST = 6  # coins drawn where the user names none


def draw(
    seen: Observed,
    look: Look,
    ax: Axes | None = None,
    *,
    base: str | datetime | None = None,
    log: bool = False,
) -> Axes | Figure:
    """Price over price at the base, times 100: a line a coin (and currency), on one axis, as the unit is gone.

    base  the moment that is 100 (in the look's zone unless it says otherwise); None: the first moment by which every
          coin drawn has been observed. A coin's own base is its observation nearest to that moment, whatever the
          site; a coin without one within the gap (three days by default) is left out, and said to be.
    log   logarithmic axis: equal moves look equal
    """
    seen.named().dated().valued("price").some("indexed")
    chosen = seen.most_observed(look, MOST)
    moment = look.moment(base) if base is not None else _common_start(seen.rows, chosen)
    chosen = _rebase(seen, look, chosen, moment)
    rows = seen.some("indexed")
    canvas, styles = Canvas(look, ax), site_styles(rows, look)
    place = canvas.axes[0]
    coin_styles = [_style.series(look.colours, n) for n in range(len(chosen))]
    for series, of_coin in zip(chosen, coin_styles, strict=True):
        for site, part in rows_of(rows, series).groupby("place", sort=False):
            of_site = styles[str(site)]
            style = of_coin._replace(marker=of_site.marker, marked=of_site.marked)
            draw_series(place, part, "index", style, look, f"{series[0]} {site}")
    place.axhline(100, color=look.colours.muted, linewidth=0.9, zorder=2)
    place.axvline(moment, color=look.colours.muted, linewidth=0.9, linestyle="--", zorder=2)
    canvas.dates(0, span(np.append(reaches(rows), moment), look.fold))
    when = stamp(moment, look.zone)
    price_axis(canvas, place, f"index, {when} = 100", log)
    colours = [style.colour for style in coin_styles]
    name_lines(place, look, list(zip(_names(chosen), _last(rows, chosen), colours, strict=True)))
    title = f"{listed(_names(chosen), 8)} compared: price on {when[:10]} = 100"
    return canvas.finish(title, key(rows, styles, look, coloured=False), seen)


def _common_start(rows: DataFrame, chosen: list[Series]) -> float:
    return max(float(rows_of(rows, series).when.iloc[0]) for series in chosen)


def _rebase(seen: Observed, look: Look, chosen: list[Series], moment: float) -> list[Series]:
    """Put the column `index` into the rows; returns the coins that have a base."""
    near = look.longest_join or LONGEST_JOIN
    parts, based = [], []
    for series in chosen:
        mine = rows_of(seen.rows, series)
        nearest = (mine.when - moment).abs().to_numpy().argmin()
        if abs(mine.when.iloc[nearest] - moment) <= near:
            parts.append(mine.assign(index=mine.price / mine.price.iloc[nearest] * 100))
            based.append(series)
    without = [coin for coin, _ in chosen if (coin, _) not in based]
    if without:
        seen.notes.append(f"No observation near the base, left out: {listed(without)}.")
    seen.rows = pd.concat(parts).sort_values("when", kind="stable") if parts else seen.rows.iloc[:0]
    return based


def _names(chosen: list[Series]) -> list[str]:
    """The coins; with the currency where one coin is drawn in two."""
    coins = [coin for coin, _ in chosen]
    return [coin if coins.count(coin) == 1 else f"{coin}/{money}" for coin, money in chosen]


def _last(rows: DataFrame, chosen: list[Series]) -> list[float]:
    return [float(rows_of(rows, series)["index"].iloc[-1]) for series in chosen]
