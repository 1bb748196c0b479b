"""One snapshot: its coins in the order of their change, prices beside the bars."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import TrackerError
from ..language import price
from . import _key, _text
from ._canvas import Canvas
from ._foot import small_print
from ._frame import Needs, Words
from ._key import Entry
from ._look import Look
from ._names import bare, listed, stamp
from ._observed import Observed
from ._time import DAY_US
from ._working import DAYS, PUBLISHED
from .change import windows

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame

MOST = 30  # bars; of more coins the largest rises and falls are drawn
ROW = 1.3  # of a line of type
BAR = 0.62  # of a row's height
NAMES = 0.34  # of the width, at most
SHORTEST = 40.0  # points for the bars


def draw(
    seen: Observed, look: Look, ax: Axes | None = None, *,
    snapshot: str | None = None, at: str | datetime | None = None,
) -> Axes | Figure:  # fmt: skip
    """A bar a coin, the greatest rise on top. Bars are unfilled where only the article's date is known.

    snapshot  the id of the snapshot to draw
    at        else the snapshot nearest to this moment (in the look's zone unless it says otherwise); else the newest
    """
    _choose(seen.printed(), look, snapshot, at)
    everything = seen.some("movers")
    seen.valued("change").some("movers")
    canvas = Canvas(look, ax)
    title, key = _title(everything, look), _keyed(seen.rows, look)
    for most in range(min(MOST, len(seen.rows)), 0, -1):
        shown = _shortened(seen, most)
        words, needs = _around(canvas, shown, title, key)
        if canvas.room(words, needs):
            break
    rows = shown.rows.sort_values(["change", "rank"], ascending=[True, False], kind="stable")
    canvas.open(words, needs, key)
    _draw_bars(canvas.axes[0], rows, look)
    _dress(canvas, canvas.axes[0], rows)
    return canvas.finish()


def _around(canvas: Canvas, seen: Observed, title: str, key: list[Entry]) -> tuple[Words, Needs]:
    """What is written around the bars, and the room that the columns of names and prices need."""
    rows, words, size = seen.rows, seen.words, canvas.type.body
    told = words("movers unit", windows=listed(windows(rows, words), words))
    names = [_name(row, canvas) for row in rows.itertuples()]
    column = max(_text.wide(text, size) for text in [*_prices(rows, words.unit), _unit(rows, seen)])
    foot = small_print(seen, canvas.look)
    words_ = Words(title, told, tuple(entry.label for entry in key), foot)
    numbers = max(_text.wide(words.percentage(change), canvas.type.small) for change in rows.change) + 6
    return words_, Needs(
        dates=0, left=max(_text.wide(name, size) for name in names) + 5, right=column + 10, above=size * 1.5,
        least=(SHORTEST + 2 * numbers, len(rows) * size * ROW),
    )  # fmt: skip


def _choose(seen: Observed, look: Look, snapshot: str | None, at: str | datetime | None) -> None:
    """Keep one snapshot's rows."""
    if seen.source is not None:
        moment = None if at is None else round(look.moment(at) * DAY_US)
        seen.drawn(seen.source.snapshot(seen.asking(), snapshot, moment))
        seen.source = seen.tally = None
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


def _shortened(seen: Observed, most: int) -> Observed:
    """Of more coins than there is room for: the largest moves, half of them rises."""
    order = np.argsort(np.argsort(seen.rows.change.to_numpy(), kind="stable"), kind="stable")
    found, falls = seen.copy(), most // 2
    if len(order) > most:
        found.keep(lambda _: (order < falls) | (order >= len(order) - (most - falls)), "left moves")
    return found


def _draw_bars(ax: Axes, rows: DataFrame, look: Look) -> None:
    colours = [look.colours.rise if change >= 0 else look.colours.fall for change in rows.change]
    hollow = (rows.basis == PUBLISHED).to_numpy()
    faces = ["none" if empty else colour for empty, colour in zip(hollow, colours, strict=True)]
    height = BAR * min(1.0, max(0.4, len(rows) / 10))  # a few coins: slim bars, not blocks
    ax.barh(range(len(rows)), rows.change, height, color=faces, edgecolor=colours, linewidth=1.1, zorder=3)
    ax.axvline(0, color=look.colours.muted, linewidth=0.9, zorder=4)


def _dress(canvas: Canvas, ax: Axes, rows: DataFrame) -> None:
    """Coins on the left, changes at the bars' ends, prices in a column on the right."""
    look, size = canvas.look, canvas.type.body
    words, small = _text.font(size, look.colours.ink), _text.font(canvas.type.small, look.colours.muted)
    ax.set_yticks(range(len(rows)), [_text.escaped(_name(row, canvas)) for row in rows.itertuples()], **words)
    ax.grid(False)
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    beside: dict[str, Any] = {"textcoords": "offset points", "va": "center", "annotation_clip": False}
    right = canvas.needs.right - 2
    column: dict[str, Any] = {"xycoords": ax.get_yaxis_transform(), "xytext": (right, 0), "ha": "right"}
    for y, (change, text) in enumerate(zip(rows.change, _prices(rows, look.words.unit), strict=True)):
        side: dict[str, Any] = (
            {"xytext": (4, 0), "ha": "left"} if change >= 0 else {"xytext": (-4, 0), "ha": "right"}
        )
        ax.annotate(look.words.percentage(change), (change, y), **side, **beside, **small)
        ax.annotate(_text.escaped(text), (1, y), **column, **beside, **words)
    ax.annotate(
        _text.escaped(_unit(rows, look)), (1, 1), xycoords="axes fraction", xytext=(right, size * 0.35), ha="right",
        va="bottom", textcoords="offset points", annotation_clip=False, **small,
    )  # fmt: skip
    _limits(canvas, ax, rows)


def _limits(canvas: Canvas, ax: Axes, rows: DataFrame) -> None:
    """Room for the numbers at the bars' ends; zero at the edge where all changes have one sign."""
    low, high = min(0.0, float(rows.change.min())), max(0.0, float(rows.change.max()))
    wide = {
        rising: max(
            (_text.wide(canvas.look.words.percentage(c), canvas.type.small) for c in part), default=0.0
        )
        + 7
        for rising, part in ((True, rows.change[rows.change >= 0]), (False, rows.change[rows.change < 0]))
    }
    left, right = (wide[False] if low else 2.0), (wide[True] if (rows.change >= 0).any() else 2.0)
    scale = max(0.1, high - low) / max(10.0, canvas.panel[0] - left - right)
    ax.set_xlim(low - left * scale, high + right * scale)
    ax.set_ylim(-0.6, len(rows) - 0.4)


def _prices(rows: DataFrame, unit: Any) -> list[str]:
    """Prices as printed; with the currency where there are several."""
    units = [f" {_text.plain(unit(money), 12)}" if rows.money.nunique() > 1 else "" for money in rows.money]
    return [price(value) + unit for value, unit in zip(rows.price, units, strict=True)]


def _unit(rows: DataFrame, told: Any) -> str:
    """What stands above the column of prices. `told` has the language as `words`."""
    words, moneys = told.words, list(dict.fromkeys(rows.money))
    if moneys == [words("no currency")]:
        return str(words("no currency"))
    return str(words("movers price", money=listed(map(words.unit, moneys), words, 2)))


def _name(row: Any, canvas: Canvas) -> str:
    """`BTC 비트코인`; a row that lost its name is called by its place."""
    words, size, room = canvas.look.words, canvas.type.body, NAMES * canvas.width
    if row.coin is None:
        return _text.cut(words("row", rank=int(row.rank)), size, room)
    more = _text.plain(bare(row.coin, row.label), 16) if row.label is not None else ""
    both = f"{_text.plain(row.coin, 16)} {more}".strip()
    return both if _text.wide(both, size) <= room else _text.cut(_text.plain(row.coin, 16), size, room)


def _keyed(rows: DataFrame, look: Look) -> list[Entry]:
    if not (rows.basis == PUBLISHED).any():
        return []
    return [
        _key.box(look.words("published key"), facecolor="none", edgecolor=look.colours.muted, linewidth=1.1)
    ]


def _title(rows: DataFrame, look: Look) -> str:
    """`24 coins on etoday.co.kr, …` with the snapshot's time, as precise as it is known."""
    first, words = rows.iloc[0], look.words
    facts = {"coins": words("coins", n=len(rows)), "site": first.place}
    if np.isnan(first.when):
        return words("movers undated", **facts)
    when = stamp(first.when, look.zone)
    if first.basis == PUBLISHED or first.basis in DAYS:
        return words("movers published" if first.basis == PUBLISHED else "movers day", day=when[:10], **facts)
    return words("movers title", when=when, **facts)
