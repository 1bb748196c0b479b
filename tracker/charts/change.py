"""The printed change of a day as sticks from zero, and the change between neighbouring snapshots beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from . import _cells, _choice, _key, _series, _values
from ._axis import span
from ._band import SPANS
from ._canvas import Canvas
from ._foot import small_print
from ._frame import Needs, Words
from ._key import Entry
from ._look import Look
from ._names import listed, ranked
from ._observed import Observed
from ._time import DAY_US, days, middles, origin, steps_of
from ._working import DAYS, PUBLISHED, Series, reaches, reduced, rows_of, weights
from .history import coins_in

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame

    from ..language import Language
    from ._time import Numbers

MOST = 12  # coins drawn where the user names none
A_DAY = (
    "24h",
    "1d",
)  # windows that are a day; a change without a stated window is taken for one, and counted
NEAR = timedelta(hours=2)
STICK = 2.6  # points that a stick, and what was computed beside it, need
THICK = 3.0  # points at most


@dataclass(frozen=True)
class Chart:
    """What is drawn and what is written around it.

    sticks    series -> columns when, change, low, high, basis; computed: likewise
    step      the name of the step whose medians are drawn; None where each stick is one printed change
    """

    seen: Observed
    sticks: dict[Series, DataFrame]
    computed: dict[Series, DataFrame]
    step: str | None
    words: Words
    needs: Needs
    key: list[Entry]


def draw(
    seen: Observed, look: Look, ax: Axes | None = None, *,
    window: str | None = None, near: str | timedelta | float = NEAR,
) -> Axes | Figure:  # fmt: skip
    """A panel a coin: a stick from zero to the printed change in percent; right beside it, thin and grey, the change
    computed from two prices of one site that are a day apart. Of several sites, and where sticks would lie on each
    other, the median of each step of time.

    window  only changes printed over this window (`24h`, `1d`, `7d` …); None: those of a day and those unstated
    near    how far from 24 hours the two snapshots may be apart; published times are never compared, as they are
            lower bounds only
    """
    slack = days(near)
    seen.printed().named().dated().some("change")
    every = _series.of_sites(seen, look).copy()
    seen.valued("change").over(A_DAY if window is None else (window,), window is None).some("change")
    canvas, ranking = Canvas(look, ax), _choice.ranking(seen, look)
    _cells.ask_times(seen, ranking, MOST if look.coins is None else len(ranking))
    for count in canvas.counts(len(ranking), MOST, lambda n: Needs(n, named=n > 1), look.coins is not None):
        chart = _composed(seen, look, canvas, ranking, count, every, slack)
        if canvas.room(chart.words, chart.needs):
            break
    canvas.open(chart.words, chart.needs, chart.key)
    shown = span(reaches(chart.seen.rows), look.fold)
    for place, series in enumerate(ranking[: len(chart.sticks)]):
        _panel(canvas, place, chart, series)
        canvas.dates(place, shown)
    return canvas.finish()


def _composed(
    seen: Observed,
    look: Look,
    canvas: Canvas,
    ranking: Sequence[Series],
    count: int,
    every: Observed,
    slack: float,
) -> Chart:
    """The chart of the first `count` coins."""
    chosen, words = list(ranking[:count]), look.words
    seen = _choice.choose(seen, chosen, ranking, MOST)
    needs = Needs(count, named=count > 1, right=4.0)
    step = _step(seen, canvas.points(needs), look)
    sticks = {s: _sticks(seen, s, step, look) for s in chosen}
    computed = {s: _stepped(_computed(_prices(every, s), slack), step, look) for s in chosen}
    seen.note("change windows", windows=listed(windows(seen.counted, words), words))
    some = any(len(found) for found in computed.values())
    if some:
        seen.note("change near", hours=f"{slack * 24:.2g}")
        seen.not_computed()
    unit, sites = [words("change unit")], seen.counted.place.nunique()
    unit += [words("change of sites", sites=words("sites", n=sites))] if sites > 1 else []
    unit += [words("change spans", span=words(f"step {step}"))] if step else []
    ranges = any((found.low < found.high).any() for found in sticks.values())
    key = _keyed(seen.rows, look, some, ranges)
    title = words("change title", what=coins_in(seen, chosen))
    foot = small_print(seen, look, 6 if canvas.width > 400 else 3)
    told = Words(title, "; ".join(unit), tuple(entry.label for entry in key), foot)
    return Chart(seen, sticks, computed, step, told, needs, key)


def _step(seen: Observed, points: float, look: Look) -> str | None:
    """None where every printed change of a coin's only site has room for a stick; else the finest step that is wide
    enough, a day at least where there are several sites."""
    rows = seen.counted
    counts = rows.assign(n=weights(rows)).groupby(["coin", "money"]).n.sum().max()
    several = rows.groupby(["coin", "money"]).place.nunique().max() > 1
    if counts * STICK <= points and not several:
        return None
    whole = span(seen.rows.when.to_numpy(), look.fold)
    length = sum(end - start for start, end in whole.sections) * 1.07
    fitting = [name for name, width in SPANS.items() if length / width * STICK <= points]
    fitting = [name for name in fitting if not several or SPANS[name] >= 1] or ["year"]
    return fitting[0]


def _rows(seen: Observed, series: Series) -> DataFrame:
    """The rows of one coin; of a large table asked for."""
    if seen.source is None:
        return rows_of(seen.rows, series)
    found = reduced(seen.source.observations(_one(seen, series).asking()), seen.words)
    return found.sort_values("when", kind="stable", ignore_index=True)


def _prices(seen: Observed, series: Series) -> DataFrame:
    """When, price and place of one coin, lower bounds left out."""
    if seen.source is None:
        mine = rows_of(seen.rows, series)
        known: DataFrame = mine[
            ~mine.off & (mine.basis != PUBLISHED) & np.isfinite(mine.price) & (mine.price > 0)
        ]
        return known
    one = _one(seen.copy().without_bounds().valued("price"), series)
    pairs = one.counted[["site", "block"]].drop_duplicates()
    found = seen.source.prices(one.asking(lined=True), list(zip(pairs.site, pairs.block, strict=True)))
    return found.assign(when=found.t / DAY_US)


def _one(seen: Observed, series: Series) -> Observed:
    return seen.copy().only(lambda rows: (rows.coin == series[0]) & (rows.money == series[1]))


def _sticks(seen: Observed, series: Series, step: str | None, look: Look) -> DataFrame:
    """One coin's sticks; of a large table the medians are asked for."""
    if seen.source is None or step is None:
        return _stepped(_rows(seen, series), step, look)
    one, width = _one(seen, series), SPANS[step]
    first = one.times()[0]
    told = seen.source.medians(
        one.asking(), origin(first, look.zone), round(width * DAY_US), "change", sites=False
    )
    told = told.sort_values("cell", ignore_index=True)
    when = middles(told.cell.to_numpy(float), first, width, look.zone)
    found = pd.DataFrame({"when": when, "change": told.value, "low": told.low, "high": told.high})
    return found.assign(basis=np.where(told.bound, PUBLISHED, "capture"))


def _stepped(rows: DataFrame, step: str | None, look: Look) -> DataFrame:
    """The rows as sticks: each by itself, or the median of each step; a step rests on a bound only if all in it do."""
    if step is None or rows.empty:
        return rows[["when", "change", "basis"]].assign(low=rows.change, high=rows.change)
    times = rows.when.to_numpy()
    number = steps_of(times, SPANS[step], look.zone)
    cut = rows.assign(step=number, bound=rows.basis == PUBLISHED).groupby("step")
    when = middles(cut.size().index.to_numpy(float), times, SPANS[step], look.zone)
    basis = np.where(cut.bound.all(), PUBLISHED, "capture")
    middle, low, high = (cut.change.quantile(q).to_numpy() for q in (0.5, 0, 1))
    return pd.DataFrame({"when": when, "change": middle, "low": low, "high": high, "basis": basis})


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


def _computed(rows: DataFrame, slack: float) -> DataFrame:
    """The changes of one coin between prices of one site a day apart, in order of time."""
    found = [daily(part.when.to_numpy(), part.price.to_numpy(), slack) for _, part in rows.groupby("place")]
    times, changes = (np.concatenate([pair[n] for pair in found]) if found else np.array([]) for n in (0, 1))
    computed = pd.DataFrame({"when": times, "change": changes, "basis": "capture"})
    return computed.sort_values("when", kind="stable", ignore_index=True)


def _panel(canvas: Canvas, place: int, chart: Chart, series: Series) -> None:
    """One coin's sticks, and the computed ones beside them."""
    ax, sticks, beside = canvas.axes[place], chart.sticks[series], chart.computed[series]
    _draw_sticks(canvas, ax, sticks, series[0], _thickness(canvas, chart))
    if len(beside):
        _draw_beside(canvas, ax, beside, series[0], _thickness(canvas, chart))
    ax.axhline(0, color=canvas.look.colours.muted, linewidth=0.9, zorder=2)
    values = np.concatenate([[0.0], sticks.low, sticks.high, beside.change])
    _values.limits(ax, float(values.min()), float(values.max()), floor_=None)
    _values.use(ax, canvas.look.words, canvas.panel[1], canvas.type.body)
    if len(canvas.axes) > 1:
        money = series[1] if len({money for _, money in chart.sticks}) > 1 else ""
        more = (chart.seen.name(series[0]), canvas.look.words.unit(money))
        canvas.name_panel(place, series[0], ", ".join(part for part in more if part))


def _thickness(canvas: Canvas, chart: Chart) -> float:
    """Of a stick in points: half of what there is for each."""
    counts = max(len(found) for found in chart.sticks.values())
    return float(np.clip(0.5 * canvas.panel[0] / max(1, counts), 0.6, THICK))


def _draw_sticks(canvas: Canvas, ax: Axes, sticks: DataFrame, coin: str, thick: float) -> None:
    """Sticks in the colours of rise and fall, hollow and dotted where the time is a bound; a day as wide as it is; behind
    a median a hairline from the lowest to the highest."""
    colours = canvas.look.colours
    ax.vlines(
        sticks.when,
        sticks.low,
        sticks.high,
        colors=colours.grey,
        linewidth=0.6,
        zorder=2.6,
        label=f"{coin} (range)",
    )
    for bound, label in ((False, coin), (True, f"{coin} (published)")):
        part = sticks[(sticks.basis == PUBLISHED) == bound]
        if len(part):
            hue = [colours.rise if change >= 0 else colours.fall for change in part.change]
            ax.vlines(
                part.when,
                0,
                part.change,
                colors=hue,
                linewidth=thick,
                linestyles=":" if bound else "-",
                label=label,
                zorder=3,
            )
            if bound:
                ax.scatter(
                    part.when,
                    part.change,
                    s=9,
                    facecolors="none",
                    edgecolors=hue,
                    zorder=3.1,
                    linewidths=0.9,
                )
    day = sticks[sticks.basis.isin(DAYS)]
    hue = [colours.rise if change >= 0 else colours.fall for change in day.change]
    ax.bar(day.when, day.change, 1.0, color=hue, alpha=0.3, zorder=2.5, label=f"{coin} (day)") if len(
        day
    ) else None


def _draw_beside(canvas: Canvas, ax: Axes, beside: DataFrame, coin: str, thick: float) -> None:
    """Thin grey sticks, moved to the right by as much as the printed ones are wide."""
    sticks = ax.vlines(
        beside.when, 0, beside.change, colors=canvas.look.colours.grey, linewidth=thick / 2,
        label=f"{coin} (computed)", zorder=2.8,
    )  # fmt: skip
    sticks.set_transform(ax.transData + canvas.points_right(thick * 0.75 + 0.3))


def _keyed(rows: DataFrame, look: Look, computed: bool, ranges: bool) -> list[Entry]:
    words, colours = look.words, look.colours
    marks = tuple(_key.mark(colour, "", "-", width=THICK) for colour in (colours.rise, colours.fall))
    entries = [Entry(words("change printed"), marks)]
    if computed:
        entries.append(_key.line(words("change computed"), colours.grey, width=THICK / 2))
    if ranges:
        entries.append(_key.line(words("change range"), colours.grey, width=0.6))
    if rows.basis.isin(DAYS).any():
        entries.append(_key.box(words("day key"), color=colours.muted, alpha=0.35, linewidth=0))
    if (rows.basis == PUBLISHED).any():
        entries.append(_key.line(words("published key"), colours.muted, "o", ":", hollow=True))
    return entries


def windows(rows: DataFrame, words: Language) -> list[str]:
    """The windows that are printed, the most frequent first."""
    stated = rows[rows.window.notna()]
    return [
        *ranked(stated.window, weights(stated)),
        *([words("not stated")] if len(stated) < len(rows) else []),
    ]
