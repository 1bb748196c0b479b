"""Price over time, as the sites showed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd

from ..errors import TrackerError
from . import _apart, _cells, _choice, _labels, _line, _series, _style, _summary, _values
from ._apart import Reach
from ._axis import span
from ._canvas import Canvas
from ._foot import small_print
from ._frame import Needs, Words
from ._key import Entry
from ._labels import End
from ._look import Look
from ._names import listed
from ._observed import Observed
from ._pen import Pen
from ._working import Series, lined, reaches, reduced, rows_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame

    from ._band import Across

Panels = Literal["auto", "each", "one"]
MOST = 12  # coins drawn where the user names none
FEW, ALIKE = 6, 3.0  # `auto` puts so many coins on one axis, if their median prices are within this factor


def draw(
    seen: Observed,
    look: Look,
    ax: Axes | None = None,
    *,
    panels: Panels = "auto",
    log: bool = False,
    implied: bool = False,
) -> Axes | Figure:
    """Price over time.

    panels  `each` a panel a coin; `one` an axis a currency (also on given Axes); `auto` one axis if prices are alike
    log     logarithmic price axes
    implied  with the prices of 24 h before that changes over 24 h lead to, as hollow marks; a table that has them already
            shows them in any case
    """
    if panels not in ("auto", "each", "one"):
        raise TrackerError(f"panels {panels}", "is not known", "use auto, each or one")
    seen = seen.implying() if implied else seen
    seen.named().dated().valued("price").some("history")
    seen = _series.of_sites(seen, look)
    canvas, ranking = Canvas(look, ax), _choice.ranking(seen, look)
    _cells.ask_times(seen, ranking, MOST if look.coins is None else len(ranking))
    chart = _planned(seen, look, canvas, ranking, "one" if ax is not None else panels, log)
    canvas.open(chart.words, chart.needs, chart.key)
    shown = span(reaches(chart.rows), look.fold)
    for place, group in enumerate(chart.groups):
        _panel(canvas, place, chart, group, log)
        canvas.dates(place, shown)
        _apart.draw(canvas, place, chart.reached[place], "price", colours_of(chart.pen, group))
        if len(group) > 1:
            _name_ends(canvas, place, chart, group)
    return canvas.finish()


@dataclass(frozen=True)
class Chart:
    """What is drawn and what is written around it; groups: the series of each panel; reached: how far its axis goes."""

    seen: Observed
    groups: list[list[Series]]
    pen: Pen
    found: dict[Series, Across]
    reached: list[Reach]
    words: Words
    needs: Needs

    @property
    def rows(self) -> DataFrame:
        return self.seen.rows

    @property
    def key(self) -> list[Entry]:
        return key_of(self.rows, self.pen, self.found, self.reached)


def _planned(
    seen: Observed, look: Look, canvas: Canvas, ranking: Sequence[Series], panels: Panels, log: bool
) -> Chart:
    """As many coins as there is room for; all of those that the user named."""

    def needs(count: int) -> Needs:
        several = panels == "each" or (panels == "auto" and count > FEW)
        return Needs(count if several else 1, named=several)

    for count in canvas.counts(len(ranking), MOST, needs, look.coins is not None):
        chart = _composed(seen, look, canvas, ranking, count, panels, log)
        if canvas.room(chart.words, chart.needs):
            break
    return chart


def _composed(
    seen: Observed,
    look: Look,
    canvas: Canvas,
    ranking: Sequence[Series],
    count: int,
    panels: Panels,
    log: bool,
) -> Chart:
    """The chart of the first `count` series."""
    chosen = list(ranking[:count])
    seen = _choice.choose(seen, chosen, ranking, MOST)
    groups = _grouped(seen, chosen, panels)
    shared = any(len(group) > 1 for group in groups)
    names = [coin for coin, _ in chosen] if shared else []
    needs = Needs(
        len(groups), named=len(groups) > 1, right=_labels.room(names, canvas.type.body) if shared else 4.0
    )
    pen = Pen.of(seen, look, canvas.points(needs), shared)
    left = _series.still(seen := _series.without_bounds(seen, pen), chosen)
    if len(left) < len(chosen):
        return _composed(seen, look, canvas, left, len(left), panels, log)
    seen, pen = _cells.asked(seen, pen)
    found = _summary.summaries(seen, chosen, "price", pen)
    _series.say_joins(seen, pen, found.values())
    if not shared:
        _summary.say_far(seen, look, found)
    reached = [reached_by(seen, group, "price", found, pen, log) for group in groups]
    _apart.say(seen, look, seen.off, "price")
    unit = _unit(seen, look, chosen, pen, log)
    title = look.words("history title", what=coins_in(seen, chosen))
    key = tuple(entry.label for entry in key_of(seen.rows, pen, found, reached))
    words = Words(title, unit, key, small_print(seen, look, 6 if canvas.width > 400 else 3))
    return Chart(seen, groups, pen, found, reached, words, needs)


def _unit(seen: Observed, look: Look, chosen: Sequence[Series], pen: Pen, log: bool) -> str:
    """The unit, once where it is the same in all panels, and what one line stands for."""
    words, moneys = look.words, list(dict.fromkeys(money for _, money in chosen))
    unit = words("history unit", money=listed(map(words.unit, moneys), words))
    unit = words("unit logarithmic", unit=unit) if log else unit
    return "; ".join([unit, *of_median(seen, pen)])


def of_median(seen: Observed, pen: Pen) -> list[str]:
    """What is said of a line that stands for many sites."""
    if pen.step is None:
        return []
    words, key = seen.words, "of sites shared" if pen.shared else "of sites"
    sites = words("sites", n=seen.counted.place.nunique())
    return [words(key, sites=sites, step=words(f"step {pen.step}"))]


def _grouped(seen: Observed, chosen: list[Series], panels: Panels) -> list[list[Series]]:
    """Which series share a panel. Two currencies never do."""
    each = [[series] for series in chosen]
    one = [[s for s in chosen if s[1] == money] for money in dict.fromkeys(s[1] for s in chosen)]
    if panels == "auto":
        return one if len(chosen) <= FEW and _alike(seen, one) else each
    return each if panels == "each" else one


def _alike(seen: Observed, groups: list[list[Series]]) -> bool:
    """Whether the median prices of each group are near each other."""
    if all(len(group) == 1 for group in groups):
        return True
    rows = (
        reduced(seen.source.middle(seen.asking(lined=True)), seen.words) if seen.source else lined(seen.rows)
    )
    medians = [[float(rows_of(rows, series).price.median()) for series in group] for group in groups]
    return all(max(prices) <= ALIKE * min(prices) for prices in medians)


def _panel(canvas: Canvas, place: int, chart: Chart, group: list[Series], log: bool) -> None:
    """The lines of one panel, its name, its axis of prices."""
    ax, look, pen = canvas.axes[place], canvas.look, chart.pen
    for n, series in enumerate(group):
        colour = colour_of(look, n) if pen.shared else None
        lines_of(ax, chart.rows, series, "price", pen, colour, chart.found.get(series))
    _values.limits(ax, chart.reached[place].low, chart.reached[place].high, log)
    _values.use(ax, look.words, canvas.panel[1], canvas.type.body, log)
    if len(canvas.axes) > 1:
        names = [coin for coin, _ in group]
        more = chart.seen.name(names[0]) if len(group) == 1 else ""
        several = len({money for _, money in chart.groups[0] + chart.groups[-1]}) > 1
        money = look.words.unit(group[0][1]) if several or len({g[0][1] for g in chart.groups}) > 1 else ""
        canvas.name_panel(place, listed(names, look.words), ", ".join(part for part in (more, money) if part))


def colour_of(look: Look, place: int) -> str:
    """The colour of the n-th coin of a panel; beyond the eighth all are grey."""
    theme = look.colours
    return theme.series[place] if place < _style.COLOURED else theme.grey


def lines_of(
    ax: Axes, rows: DataFrame, series: Series, value: str, pen: Pen, colour: str | None, found: Across | None
) -> None:
    """Draw one coin, its sites or their median; the colour where it says the coin."""
    coin = series[0]
    if found is not None:
        _summary.draw_summary(ax, found, _style.Style(colour or pen.look.colours.series[0], "o"), pen, coin)
    elif pen.step is None:
        for site, part in _line.parts(rows, series):
            _line.draw_series(ax, part, value, pen.style(site, colour), pen, f"{coin} {site}")


def reached_by(
    seen: Observed, group: Sequence[Series], value: str, found: dict[Series, Across], pen: Pen, log: bool
) -> Reach:
    """How far the axis of a panel goes: as its lines do, and to what is off the market if that is not far."""
    off = pd.concat([rows_of(seen.off, series) for series in group])
    return _apart.reach(_apart.spans(seen.rows, group, value, found, pen), off, value, log)


def key_of(rows: DataFrame, pen: Pen, found: dict[Series, Across], reached: Sequence[Reach]) -> list[Entry]:
    """What each colour and mark stands for."""
    far = any(len(one.far) for one in found.values())
    return [*_series.key(rows, pen, far), *_apart.key(reached, pen.look)]


def colours_of(pen: Pen, group: Sequence[Series]) -> dict[Series, str]:
    """The colours of coins where they share a panel, else those of the sites: by ("", site)."""
    if pen.shared:
        return {series: colour_of(pen.look, n) for n, series in enumerate(group)}
    return {} if pen.step else {("", site): style.colour for site, style in pen.styles.items()}


def _name_ends(canvas: Canvas, place: int, chart: Chart, group: list[Series]) -> None:
    """Each coin's name at the end of its line."""
    ends = []
    for n, series in enumerate(group):
        when, value = last(chart.seen, series, "price", chart.found.get(series))
        value = min(max(value, chart.reached[place].low), chart.reached[place].high)
        ends.append(End(series[0], when, value, colour_of(canvas.look, n)))
    _labels.name_lines(canvas.axes[place], ends, canvas.panel[1], canvas.type.body)


def last(seen: Observed, series: Series, value: str, found: Across | None) -> tuple[float, float]:
    """Where a coin's line ends: its time and value."""
    if found is not None:
        return float(found.times[-1]), float(found.median[-1])
    mine = rows_of(lined(seen.rows), series) if seen.apart is None else seen.apart.iloc[:0]
    mine = mine if len(mine) else rows_of(seen.off, series)
    return float(mine.when.iloc[-1]), float(mine[value].iloc[-1])


def coins_in(seen: Observed, chosen: Sequence[Series]) -> str:
    """`BTC, ETH and XRP in KRW` for a title; one coin alone with the name that pages print: `BTC (비트코인) in KRW`."""
    words = seen.words
    coins, moneys = list(dict.fromkeys(s[0] for s in chosen)), list(dict.fromkeys(s[1] for s in chosen))
    name = seen.name(coins[0]) if len(coins) == 1 else ""
    what = words("of coins many", n=len(coins)) if len(coins) > 6 else listed(coins, words)
    what = words("coin called", coin=what, name=name) if name else what
    return words("coins in", coins=what, money=listed(map(words.unit, moneys), words))
