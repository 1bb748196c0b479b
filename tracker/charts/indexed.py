"""Coins rebased to 100 at one moment, to compare their moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from . import _apart, _cells, _choice, _labels, _series, _style, _summary, _values
from ._apart import Reach
from ._axis import span
from ._canvas import Canvas
from ._foot import small_print
from ._frame import Needs, Words
from ._labels import End
from ._look import Look
from ._names import listed, stamp
from ._observed import Observed
from ._pen import Pen
from ._time import DAY_US, LONGEST_JOIN
from ._working import Series, lined, reaches, reduced, rows_of
from .history import colour_of, colours_of, key_of, last, lines_of, of_median, reached_by

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame

    from ._band import Across

MOST = _style.COLOURED  # coins drawn where the user names none; of more named ones the others are grey


@dataclass(frozen=True)
class Chart:
    """What is drawn and what is written around it."""

    seen: Observed
    chosen: list[Series]
    moment: float
    pen: Pen
    found: dict[Series, Across]
    reached: Reach
    words: Words
    needs: Needs


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
    seen.printed().named().dated().valued("price").some("indexed")
    seen = _series.of_sites(seen, look)
    canvas, ranking = Canvas(look, ax), _choice.ranking(seen, look)
    _cells.ask_times(seen, ranking, MOST if look.coins is None else len(ranking))
    line = canvas.type.body * _labels.LEADING
    for count in canvas.counts(
        len(ranking), MOST, lambda n: Needs(least=(90.0, n * line)), look.coins is not None
    ):
        chart = _composed(seen, look, canvas, ranking, count, base, log)
        if canvas.room(chart.words, chart.needs):
            break
    canvas.open(chart.words, chart.needs, key_of(chart.seen.rows, chart.pen, chart.found, [chart.reached]))
    _draw(canvas, chart, log)
    return canvas.finish()


def _composed(
    seen: Observed, look: Look, canvas: Canvas, ranking: Sequence[Series], count: int,
    base: str | datetime | None, log: bool,
) -> Chart:  # fmt: skip
    """The chart of the first `count` coins."""
    seen = _choice.choose(seen, ranking[:count], ranking, MOST)
    moment = look.moment(base) if base is not None else _common_start(seen.rows, ranking[:count])
    chosen = _rebase(seen, look, ranking[:count], moment)
    seen.some("indexed")
    names, size, words = _names(chosen), canvas.type.body, look.words
    least = (90.0, max(56.0, size * _labels.LEADING * len(chosen)))
    needs = Needs(right=_labels.room(names, size), least=least)
    pen = Pen.of(seen, look, canvas.points(needs), shared=len(chosen) > 1)
    chosen = _series.still(seen := _series.without_bounds(seen, pen), chosen)
    seen, pen = _cells.asked(seen, pen)
    if seen.large and not pen.step:
        keys = zip(seen.rows.coin, seen.rows.money, strict=True)
        seen.rows = seen.rows.assign(index=seen.rows.price * [seen.scales[key] for key in keys])
    if seen.apart is not None:
        keys = zip(seen.apart.coin, seen.apart.money, strict=True)
        seen.apart = seen.apart.assign(index=seen.apart.price * [seen.scales[key] for key in keys])
    found = _summary.summaries(seen, chosen, "index", pen)
    _series.say_joins(seen, pen, found.values())
    reached = reached_by(seen, chosen, "index", found, pen, log)
    _apart.say(seen, look, seen.off, "index")
    if len(chosen) > MOST:
        seen.note("all grey", n=MOST)
    when = stamp(moment, look.zone)
    unit = words("indexed unit", when=when)
    unit = "; ".join([words("index logarithmic", unit=unit) if log else unit, *of_median(seen, pen)])
    title = words("indexed title", what=listed(names, words, 8))
    key = tuple(entry.label for entry in key_of(seen.rows, pen, found, [reached]))
    foot = small_print(seen, look, 6 if canvas.width > 400 else 3)
    return Chart(seen, chosen, moment, pen, found, reached, Words(title, unit, key, foot), needs)


def _draw(canvas: Canvas, chart: Chart, log: bool) -> None:
    """Grey lines first, so that none lies over a coloured one."""
    place, look, rows = canvas.axes[0], canvas.look, chart.seen.rows
    ends, reached = [], chart.reached
    for n, (series, name) in reversed(list(enumerate(zip(chart.chosen, _names(chart.chosen), strict=True)))):
        colour = colour_of(look, n) if chart.pen.shared else None
        lines_of(place, rows, series, "index", chart.pen, colour, chart.found.get(series))
        when, value = last(chart.seen, series, "index", chart.found.get(series))
        value = min(max(value, reached.low), reached.high)
        ends.append(End(name, when, value, colour or look.colours.ink))
    place.axhline(100, color=look.colours.muted, linewidth=0.9, zorder=2)
    place.axvline(chart.moment, color=look.colours.muted, linewidth=0.9, linestyle="--", zorder=2)
    canvas.dates(0, span(np.append(reaches(rows), chart.moment), look.fold))
    _values.limits(place, min(100.0, reached.low), max(100.0, reached.high), log)
    _values.use(place, look.words, canvas.panel[1], canvas.type.body, log)
    _apart.draw(canvas, 0, reached, "index", colours_of(chart.pen, chart.chosen))
    _labels.name_lines(place, ends, canvas.panel[1], canvas.type.body)


def _common_start(rows: DataFrame, chosen: Sequence[Series]) -> float:
    lines, every = lined(rows), list(chosen)
    parts = [mine for series in every if len(mine := rows_of(lines, series))]
    return max(float(mine.when.iloc[0]) for mine in parts or [rows])


def _rebase(seen: Observed, look: Look, chosen: Sequence[Series], moment: float) -> list[Series]:
    """Put the column `index` into the rows; returns the coins that have a base."""
    near = look.longest_join or LONGEST_JOIN
    if seen.source is not None:
        return _rebase_large(seen, chosen, moment, near)
    parts, based = [], []
    for series in chosen:
        mine = rows_of(seen.rows, series)
        sure = lined(mine)
        if sure.empty:
            continue
        nearest = (sure.when - moment).abs().to_numpy().argmin()
        if abs(sure.when.iloc[nearest] - moment) <= near:
            parts.append(mine.assign(index=mine.price / sure.price.iloc[nearest] * 100))
            based.append(series)
    _say_without(seen, chosen, based)
    seen.rows = pd.concat(parts).sort_values("when", kind="stable") if parts else seen.rows.iloc[:0]
    return based


def _rebase_large(seen: Observed, chosen: Sequence[Series], moment: float, near: float) -> list[Series]:
    """The same of a large table: go on with the coins that have a base, and what makes their prices an index."""
    assert seen.source is not None
    bases = reduced(
        seen.source.nearest(seen.asking(lined=True), round(moment * DAY_US), round(near * DAY_US)), seen.words
    )
    keys = zip(bases.coin, bases.money, strict=True)
    seen.scales = {key: 100 / price for key, price in zip(keys, bases.price, strict=True)}
    based = [series for series in chosen if series in seen.scales]
    _say_without(seen, chosen, based)
    seen.only(lambda rows: pd.MultiIndex.from_frame(rows[["coin", "money"]]).isin(based))
    return based


def _say_without(seen: Observed, chosen: Sequence[Series], based: Sequence[Series]) -> None:
    without = [coin for coin, money in chosen if (coin, money) not in based]
    if without:
        seen.note("no base", coins=listed(without, seen.words))


def _names(chosen: Sequence[Series]) -> list[str]:
    """The coins; with the currency where one coin is drawn in two."""
    coins = [coin for coin, _ in chosen]
    return [coin if coins.count(coin) == 1 else f"{coin}/{money}" for coin, money in chosen]
