"""Marks of what is off the market: a ring at its price, or, where the axis would have to leave the others to reach it, an
arrow at the border with its price beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from . import _key, _text
from ._key import Entry
from ._names import listed, ranked, stamp
from ._pen import BIG, FEW, LINE, SMALL, Pen
from ._summary import bounds
from ._working import Series, number, rows_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pandas import DataFrame

    from ._band import Across
    from ._canvas import Canvas
    from ._look import Look
    from ._observed import Observed

ROOM = 0.5  # of the span of the others: so far the axis goes for what is off the market
RING = 8.0  # points


class Reach(NamedTuple):
    """How far an axis of values goes, and which of the rows off the market lie on it; the others lie beyond."""

    low: float
    high: float
    on: DataFrame
    beyond: DataFrame
    above: Any  # of each that lies beyond, whether it is above


def reach(span: tuple[float, float] | None, off: DataFrame, value: str, log: bool) -> Reach:
    """The axis of lines with that span of values (None: there are no lines) and of what is off the market besides."""
    values = off[value].to_numpy(float) if len(off) else np.empty(0)
    if span is None:
        return Reach(float(values.min()), float(values.max()), off, off.iloc[:0], np.zeros(0, bool))
    low, high = span
    if log:
        room = (high / low) ** ROOM if high > low else 1.1
        near = (values >= low / room) & (values <= high * room)
    else:
        room = ROOM * (high - low) or 0.1 * abs(high)
        near = (values >= low - room) & (values <= high + room)
    return Reach(
        min([low, *values[near]]), max([high, *values[near]]), off[near], off[~near], values[~near] > high
    )


def spans(
    rows: DataFrame, group: Sequence[Series], value: str, found: dict[Series, Across], pen: Pen
) -> tuple[float, float] | None:
    """The lowest and the highest value that the lines of a panel reach; None where there is none."""
    ends = [end for series in group if (end := _span(rows, series, value, found.get(series), pen))]
    return (min(low for low, _ in ends), max(high for _, high in ends)) if ends else None


def _span(
    rows: DataFrame, series: Series, value: str, found: Across | None, pen: Pen
) -> tuple[float, float] | None:
    if found is not None:
        return (float(found.median.min()), float(found.median.max())) if pen.shared else bounds(found)
    if pen.step is not None:
        return None
    values = rows_of(rows[~rows.off], series)[value]
    return (float(values.min()), float(values.max())) if len(values) else None


def draw(canvas: Canvas, place: int, reached: Reach, value: str, colours: dict[Series, str]) -> None:
    """Rings and arrows of the n-th panel, once its limits stand: dots in the colours of the sites, or of the coins where
    `colours` has them. Artists: Line2Ds labelled `off the market`, `above the axis` and `below the axis`."""
    ax = canvas.axes[place]
    if len(reached.on):
        _rings(canvas, ax, reached.on, value, colours)
    for some, up in ((reached.beyond[reached.above], True), (reached.beyond[~reached.above], False)):
        if len(some):
            _arrows(canvas, ax, some.sort_values("when"), value, up)


def _rings(canvas: Canvas, ax: Axes, rows: DataFrame, value: str, colours: dict[Series, str]) -> None:
    """A dot for each, with a ring around it."""
    ink = canvas.look.colours.ink
    for line, part in rows.groupby(LINE, sort=False):
        coin, money, site = map(str, line)
        colour = colours.get((coin, money), colours.get(("", site), ink))
        ax.plot(
            part.when, part[value], linestyle="none", marker="o", markersize=SMALL, color=colour, zorder=4
        )
    ax.plot(
        rows.when, rows[value], linestyle="none", marker="o", markersize=RING, markeredgewidth=1.2,
        markerfacecolor="none", color=ink, label="off the market", zorder=4.1, clip_on=False,
    )  # fmt: skip


def _arrows(canvas: Canvas, ax: Axes, rows: DataFrame, value: str, up: bool) -> None:
    """Arrows at one border, and beside each, where there is room before the next, the value it stands for."""
    look, size, middle = canvas.look, canvas.type.small, sum(ax.get_ylim()) / 2
    border, inward = (1.0, -1) if up else (0.0, 1)
    inside = ax.get_xaxis_transform() + canvas.points_up(inward * BIG)
    ax.plot(
        rows.when, np.full(len(rows), border), linestyle="none", marker="^" if up else "v", markersize=BIG + 1,
        color=look.colours.ink, transform=inside, label="above the axis" if up else "below the axis", zorder=4.1,
    )  # fmt: skip
    left, right = (float(ax.transAxes.transform((side, 0.0))[0]) for side in (0, 1))
    pixels = [float(ax.transData.transform((when, middle))[0]) for when in rows.when]
    points = [(pixel - left) / (right - left) * canvas.panel[0] for pixel in pixels]
    texts = [look.words.number(float(f"{one:.4g}")) for one in rows[value]]
    for at, text, side in zip(rows.when, texts, _sides(points, texts, size, canvas.panel[0]), strict=True):
        if side:
            ax.annotate(
                _text.escaped(text), (at, border), xycoords=("data", "axes fraction"), va="top" if up else "bottom",
                xytext=((BIG + 1) * side, inward), textcoords="offset points", ha="left" if side > 0 else "right",
                zorder=4.2, **_text.font(size, look.colours.ink),
            )  # fmt: skip


def _sides(points: Sequence[float], texts: Sequence[str], size: float, width: float) -> list[int]:
    """On which side of its arrow each text has room: 1 right, -1 left, 0 on neither."""
    sides, free = list[int](), 0.0
    for at, after, text in zip(points, [*points[1:], np.inf], texts, strict=True):
        needed = _text.wide(text, size) + 2 * BIG
        fits = 1 if at + needed <= min(width, after - BIG) else -1 if at - needed >= free else 0
        sides.append(fits)
        free = at + (needed if fits > 0 else BIG)
    return sides


def key(reached: Iterable[Reach], look: Look) -> list[Entry]:
    """What the marks stand for; only what is there."""
    every, ink, words = list(reached), look.colours.ink, look.words
    entries = []
    if any(len(one.on) for one in every):
        entries.append(Entry(words("off key"), (_key.mark(ink, "o", hollow=True),)))
    if any(len(one.beyond) for one in every):
        there = {"^" if up else "v" for one in every for up in one.above}
        marks = tuple(_key.mark(ink, marker) for marker in "^v" if marker in there)
        entries.append(Entry(words("beyond key"), marks))
    return entries


def say(seen: Observed, look: Look, rows: DataFrame, value: str) -> None:
    """What is off the market: each case where there are few, else how many and whose."""
    if not len(rows):
        return
    if len(rows) > FEW:
        count = number(seen.counted[seen.counted.off])
        seen.note("off many", count=count, sites=listed(ranked(rows.place), seen.words, FEW))
        return
    told = [
        f"{coin} {place} {stamp(when, look.zone)[:10]}: {seen.words.number(one)}"
        for coin, place, when, one in zip(rows.coin, rows.place, rows.when, rows[value], strict=True)
    ]
    seen.note("off", cases="; ".join(told))
