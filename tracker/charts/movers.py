"""One snapshot: its coins in the order of their change, prices beside the bars."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.ticker import FuncFormatter

from ..errors import TrackerError
from ..model import DAYS
from . import _style
from ._canvas import Canvas, sample
from ._observed import NO_MONEY, Look, Observed, listed, ranked, stamp
from ._series import PUBLISHED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame

MOST = 30  # bars; of more coins the largest rises and falls are drawn
NUMBER = 44.0  # points; the room of the number at the end of a bar
BAR = 0.62  # of a row's height
WORDS = {
    PUBLISHED: "on a page of {day}",
    **dict.fromkeys(DAYS, "on {day}"),
}


def draw(
    seen: Observed, look: Look, ax: Axes | None = None, *,
    snapshot: str | None = None, at: str | datetime | None = None,
) -> Axes | Figure:  # fmt: skip
    """A bar a coin, the greatest rise on top. Bars are unfilled where only the article's date is known.

    snapshot  the id of the snapshot to draw
    at        else the snapshot nearest to this moment (in the look's zone unless it says otherwise); else the newest
    """
    _choose(seen, look, snapshot, at)
    everything = seen.some("movers")
    seen.valued("change").some("movers")
    _shorten(seen)
    rows = seen.rows.sort_values(["change", "rank"], ascending=[True, False], kind="stable")
    canvas = Canvas(look, ax)
    bars = canvas.axes[0]
    _draw_bars(bars, rows, look)
    _dress(canvas, bars, rows)
    published = (rows.basis == PUBLISHED).any()
    key = (
        [sample("article's date: price shown then or later", look.colours.muted, "s", hollow=True)]
        if published
        else []
    )
    return canvas.finish(_title(everything, look), key, seen)


def _choose(seen: Observed, look: Look, snapshot: str | None, at: str | datetime | None) -> None:
    """Keep one snapshot's rows."""
    if snapshot is not None:
        seen.rows = seen.rows[seen.rows.snapshot_id == snapshot]
        if seen.rows.empty:
            raise TrackerError(
                f"snapshot {snapshot}", "is not in the table", "pass one of its snapshot_id values"
            )
        return
    rows = seen.some("movers")
    dated = rows[rows.when.notna() & np.isfinite(rows.change)]
    if len(dated):
        far = (dated.when - (look.moment(at) if at is not None else np.inf)).abs()
        pick = far.to_numpy().argmin() if at is not None else len(dated) - 1
        seen.rows = rows[rows.snapshot_id == dated.snapshot_id.iloc[pick]]
    else:
        seen.dated()


def _shorten(seen: Observed) -> None:
    """Of more coins than there is room for: the largest moves, half of them rises."""
    order = np.argsort(np.argsort(seen.rows.change.to_numpy(), kind="stable"), kind="stable")
    inner = (order >= MOST // 2) & (order < len(order) - MOST // 2)
    if len(order) > MOST:
        seen.keep(~inner, "with smaller changes")


def _draw_bars(ax: Axes, rows: DataFrame, look: Look) -> None:
    colours = [look.colours.rise if change >= 0 else look.colours.fall for change in rows.change]
    hollow = (rows.basis == PUBLISHED).to_numpy()
    faces = ["none" if empty else colour for empty, colour in zip(hollow, colours, strict=True)]
    height = BAR * min(1.0, max(0.4, len(rows) / 10))  # a few coins: slim bars, not blocks
    ax.barh(range(len(rows)), rows.change, height, color=faces, edgecolor=colours, linewidth=1.1, zorder=3)
    ax.axvline(0, color=look.colours.muted, linewidth=0.9, zorder=4)


def _dress(canvas: Canvas, ax: Axes, rows: DataFrame) -> None:
    """Coins on the left, changes at the bars' ends, prices in a column on the right."""
    look, size = canvas.look, canvas.line_size(len(rows))
    words, small = (
        _style.font(size, look.colours.ink),
        _style.font(min(_style.SMALL, size), look.colours.muted),
    )
    ax.set_yticks(range(len(rows)), [_name(row) for row in rows.itertuples()], **words)
    ax.grid(False, axis="y")
    ax.grid(True, axis="x", color=look.colours.grid, linewidth=0.8)
    beside: dict[str, Any] = {"textcoords": "offset points", "va": "center"}
    moneys = ranked(rows.money)
    units = [f" {money}" if len(moneys) > 1 else "" for money in rows.money]
    prices = [_style.price(price) + unit for price, unit in zip(rows.price, units, strict=True)]
    right = 12 + 0.56 * size * max(map(len, prices))
    column: dict[str, Any] = {"xycoords": ax.get_yaxis_transform(), "xytext": (right, 0), "ha": "right"}
    for y, (change, text) in enumerate(zip(rows.change, prices, strict=True)):
        side: dict[str, Any] = (
            {"xytext": (4, 0), "ha": "left"} if change >= 0 else {"xytext": (-4, 0), "ha": "right"}
        )
        ax.annotate(_style.percent(change), (change, y), **side, **beside, **small)
        ax.annotate(_style.drawable(text), (1, y), **column, **beside, **words)
    unit = moneys[0] if moneys == [NO_MONEY] else f"price, {listed(moneys)}"
    ax.annotate(_style.drawable(unit), (1, len(rows)), **column, **beside, **small)
    _limits(ax, rows)
    windows = listed(dict.fromkeys("window not stated" if w is None else w for w in _windows(rows)))
    canvas.label(ax, x=f"change, % ({windows})")


def _limits(ax: Axes, rows: DataFrame) -> None:
    """Room for the numbers at the bars' ends; zero at the edge where all changes have one sign."""
    low, high = min(0.0, float(rows.change.min())), max(0.0, float(rows.change.max()))
    points = _style.points_wide(ax)
    share = np.clip(
        NUMBER / max(60.0, 0.7 * points - 2 * NUMBER), 0.08, 0.6
    )  # labels take about 0.3 of the width
    room = share * max(high - low, 0.1)
    ax.set_xlim(low - room if low else -room / 8, high + room if high else room / 8)
    ax.set_ylim(-0.7, len(rows) - 0.3)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _style.number(value)))


def _windows(rows: DataFrame) -> list[str | None]:
    return list(rows.window.where(rows.window.notna(), None))


def _name(row: Any) -> str:
    """`BTC 비트코인`; a row that lost its name is called by its place."""
    if row.coin is None:
        return f"row {row.rank} (name lost)"
    more = _style.plain(row.label, 16) if row.label not in (None, row.coin) else ""
    return _style.drawable(f"{_style.plain(row.coin, 16)} {more}".strip())


def _title(rows: DataFrame, look: Look) -> str:
    """`24 coins on etoday.co.kr, …` with the snapshot's time, as precise as it is known."""
    first = rows.iloc[0]
    if np.isnan(first.when):
        return f"{_style.counted(len(rows), 'coin')} on {first.place}, undated"
    when = stamp(first.when, look.zone)
    time = WORDS[first.basis].format(day=when[:10]) if first.basis in WORDS else f"at {when} ({look.zone})"
    return f"{_style.counted(len(rows), 'coin')} on {first.place}, {time}"
