"""Price over time, as the sites showed it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from ..errors import TrackerError
from . import _style
from ._axis import span
from ._canvas import Canvas
from ._labels import name_lines
from ._observed import Look, Observed, Series, listed, printed_name, rows_of
from ._series import Styles, draw_series, key, reaches, site_styles

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame

Panels = Literal["auto", "each", "one"]
MOST = 12  # coins drawn where the user names none
FEW, ALIKE = 6, 3.0  # `auto` puts so many coins on one axis, if their median prices are within this factor


def draw(
    seen: Observed, look: Look, ax: Axes | None = None, *, panels: Panels = "auto", log: bool = False
) -> Axes | Figure:
    """Price over time.

    panels  `each` a panel a coin; `one` an axis a currency (also on given Axes); `auto` one axis if prices are alike
    log     logarithmic price axes
    """
    if panels not in ("auto", "each", "one"):
        raise TrackerError(f"panels {panels}", "is not known", "use auto, each or one")
    seen.named().dated().valued("price").some("history")
    chosen = seen.most_observed(look, MOST)
    rows = seen.some("history")
    groups = _grouped(rows, chosen, "one" if ax is not None else panels)
    canvas, shown = Canvas(look, ax, len(groups)), span(reaches(rows), look.fold)
    styles = site_styles(rows, look)
    for place, group in enumerate(groups):
        _draw_lines(canvas, place, rows, group, styles)
        canvas.dates(place, shown)
        price_axis(canvas, canvas.axes[place], group[0][1], log)
        if len(group) > 1:
            _name_ends(canvas, place, rows, group)
    shared = any(len(group) > 1 for group in groups)
    return canvas.finish(
        f"Price of {coins_in(rows, chosen)}", key(rows, styles, look, coloured=not shared), seen
    )


def price_axis(canvas: Canvas, ax: Axes, unit: str, log: bool) -> None:
    """The unit, round ticks without exponents, and room above and below."""
    if log:
        ax.set_yscale("log")
        ax.yaxis.set_major_locator(LogLocator(10, subs=(1, 2, 5)))
        ax.yaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _style.number(value)))
    ax.margins(y=0.1)
    if ax.get_ylim()[0] < 0:  # only by the room below: there is no price under zero
        ax.set_ylim(bottom=0)
    canvas.label(ax, y=unit)


def _grouped(rows: DataFrame, chosen: list[Series], panels: Panels) -> list[list[Series]]:
    """Which series share a panel. Two currencies never do."""
    each = [[series] for series in chosen]
    one = [[s for s in chosen if s[1] == money] for money in dict.fromkeys(s[1] for s in chosen)]
    if panels == "auto":
        medians = [[float(rows_of(rows, series).price.median()) for series in group] for group in one]
        alike = len(chosen) <= FEW and all(max(prices) <= ALIKE * min(prices) for prices in medians)
        return one if alike else each
    return each if panels == "each" else one


def _draw_lines(canvas: Canvas, place: int, rows: DataFrame, group: list[Series], styles: Styles) -> None:
    """The lines of one panel: a colour a site, or where coins share it a colour a coin and a marker a site."""
    look = canvas.look
    for n, series in enumerate(group):
        coin = series[0]
        for site, part in rows_of(rows, series).groupby("place", sort=False):
            style = styles[str(site)]
            if len(group) > 1:
                style = _style.series(look.colours, n)._replace(marker=style.marker, marked=style.marked)
            draw_series(canvas.axes[place], part, "price", style, look, f"{coin} {site}")
    if len(canvas.axes) > 1 and len(group) == 1:
        canvas.name_panel(place, group[0][0], printed_name(rows, group[0][0]))


def _name_ends(canvas: Canvas, place: int, rows: DataFrame, group: list[Series]) -> None:
    """Each coin's name at the end of its line."""
    colours = [_style.series(canvas.look.colours, n).colour for n in range(len(group))]
    last = [float(rows_of(rows, series).price.iloc[-1]) for series in group]
    name_lines(
        canvas.axes[place], canvas.look, [(s[0], y, c) for s, y, c in zip(group, last, colours, strict=True)]
    )


def coins_in(rows: DataFrame, chosen: list[Series]) -> str:
    """`BTC, ETH and XRP in KRW` for a title; one coin alone with the name that pages print: `BTC (비트코인) in KRW`."""
    coins, moneys = list(dict.fromkeys(s[0] for s in chosen)), list(dict.fromkeys(s[1] for s in chosen))
    name = printed_name(rows, coins[0]) if len(coins) == 1 else None
    what = f"{len(coins)} coins" if len(coins) > 6 else listed(coins)
    return f"{what}{f' ({name})' if name else ''} in {listed(moneys)}"
