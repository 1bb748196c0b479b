"""`tracker.plot`: what it takes is typed by kind, so that an editor completes it and mypy checks it; one type comes back.

The options are those of `_look.Look` and of each kind's `draw`; a test holds the two lists together.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack, overload

from . import plot as draw

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame


class Options(TypedDict, total=False):
    """What every chart takes; what each means stands at `_look.Look`."""

    tz: tzinfo | str
    theme: Literal["light", "dark"]
    title: str | None
    size: tuple[float, float]
    dpi: float
    gap: str | timedelta | float | None
    fold: bool
    coins: Sequence[str] | None
    currency: str | None
    sites: Sequence[str]
    by: Literal["site", "median"] | None
    bare: bool
    lang: str


class History(Options, total=False):
    """What `history` takes besides: see history.draw."""

    panels: Literal["auto", "each", "one"]
    log: bool
    implied: bool


class Indexed(Options, total=False):
    """What `indexed` takes besides: see indexed.draw."""

    base: str | datetime | None
    log: bool


class Change(Options, total=False):
    """What `change` takes besides: see change.draw."""

    window: str | None
    near: str | timedelta | float


class Heatmap(Options, total=False):
    """What `heatmap` takes besides: see heatmap.draw."""

    step: Literal["hour", "day", "week", "month", "year"] | None


class Movers(Options, total=False):
    """What `movers` takes besides: see movers.draw."""

    snapshot: str | None
    at: str | datetime | None


class Coverage(Options, total=False):
    """What `coverage` takes: see coverage.draw."""


KINDS: dict[str, type] = {
    "history": History, "indexed": Indexed, "change": Change, "heatmap": Heatmap, "movers": Movers,
    "coverage": Coverage,
}  # fmt: skip


@overload
def plot(
    quotes: DataFrame, kind: Literal["history"] = ..., ax: Axes | None = ..., **options: Unpack[History]
) -> Figure: ...
@overload
def plot(
    quotes: DataFrame, kind: Literal["indexed"], ax: Axes | None = ..., **options: Unpack[Indexed]
) -> Figure: ...
@overload
def plot(
    quotes: DataFrame, kind: Literal["change"], ax: Axes | None = ..., **options: Unpack[Change]
) -> Figure: ...
@overload
def plot(
    quotes: DataFrame, kind: Literal["heatmap"], ax: Axes | None = ..., **options: Unpack[Heatmap]
) -> Figure: ...
@overload
def plot(
    quotes: DataFrame, kind: Literal["movers"], ax: Axes | None = ..., **options: Unpack[Movers]
) -> Figure: ...
@overload
def plot(
    quotes: DataFrame, kind: Literal["coverage"], ax: Axes | None = ..., **options: Unpack[Coverage]
) -> Figure: ...
def plot(quotes: DataFrame, kind: str = "history", ax: Axes | None = None, **options: Any) -> Figure:
    """Draw quotes as a matplotlib Figure, which a notebook shows; nothing is saved, no window opens.

    quotes   a table with the columns of the tidy table, as `read` and `Store.quotes` give it
    kind     history, indexed, change, heatmap, movers or coverage
    ax       draw on these Axes instead of a new Figure; then the chart must fit one panel
    options  those of every chart: tz, theme, title, size, dpi, gap, fold, coins, currency, sites, by, bare, lang; and
             of the kind:
             history panels, log, implied; indexed base, log; change window, near; heatmap step; movers snapshot, at

    Always a Figure: the new one, or that of `ax`. Its panels are `figure.axes`; a new Figure with one panel also answers
    to whatever those Axes answer to and a Figure does not (`figure.set_ylim(0)`), so it can be used as them.
    TrackerError: unknown kind or option, a value that is none, a column that is missing, nothing to draw.
    """
    drawn = draw(quotes, kind, ax=ax, **options)
    figure = drawn.get_figure(root=True)
    assert figure is not None
    return figure
