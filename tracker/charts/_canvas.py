"""The sheet a chart is drawn on: a title, a key, panels, and the small print that says where it all comes from."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from io import BytesIO
from itertools import pairwise
from math import ceil, log
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D

from ..errors import TrackerError
from . import _style
from ._axis import YEAR, Span, use

if TYPE_CHECKING:
    from matplotlib.artist import Artist

    from ._observed import Look, Observed

EDGE = 14.0  # points between the sheet's edge and what is on it
LEADING = 1.4  # line height over font size
LETTER = 0.46  # mean width of a Latin letter over font size; a Hangul syllable is twice as wide
PANEL_SHARE = 0.68  # about what of the height of a sheet with one panel is that panel
LEAST_PANEL = 110.0, 70.0  # points, with its labels
LIKED_SHAPE = 2.2  # width over height of a panel


class Sheet(Figure):
    """A figure that belongs to no window; a notebook shows it as a picture. Of one panel, it can be used as its Axes."""

    def _repr_png_(self) -> bytes:
        buffer = BytesIO()
        self.savefig(buffer, format="png", facecolor=self.get_facecolor())
        return buffer.getvalue()

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            """What the only panel answers to and a Figure does not."""
            every = self.__dict__["_axstack"].as_list() if "_axstack" in self.__dict__ else []
            panels = [ax for ax in every if ax.get_label() != "<colorbar>"]
            if name.startswith("_") or len(panels) != 1:
                why = f"; it has {len(panels)} panels, see .axes" if len(panels) > 1 else ""
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}{why}")
            return getattr(panels[0], name)


class Canvas:
    """Axes to draw on, either a sheet's panels or the one that the user gave, and what is written around them."""

    def __init__(self, look: Look, given: Axes | None, panels: int = 1) -> None:
        """TrackerError where one given Axes would have to hold several panels."""
        if given is not None and panels > 1:
            raise TrackerError(
                "ax", f"cannot hold {panels} panels", "leave it out, or choose one coin and currency"
            )
        self.look, self.given = look, given
        self.columns = _columns(look.size, panels)
        self.rows = ceil(panels / self.columns)
        self.axes = [given] if given is not None else self._panels(panels)
        for ax in self.axes:
            self._dress(ax)

    def _panels(self, count: int) -> list[Axes]:
        ground = self.look.colours.ground
        self.figure = Sheet(figsize=self.look.size, dpi=self.look.dpi, facecolor=ground, layout="constrained")
        places = range(1, count + 1)
        return [self.figure.add_subplot(self.rows, self.columns, n, facecolor=ground) for n in places]

    def _dress(self, ax: Axes) -> None:
        """Bare axes: a hairline grid behind, no box, ticks in our font."""
        colours = self.look.colours
        ax.spines[["top", "right", "left"]].set_visible(False)
        ax.spines["bottom"].set_color(colours.muted)
        ax.grid(True, axis="y", color=colours.grid, linewidth=0.8)
        ax.set_axisbelow(True)
        ax.tick_params(colors=colours.muted, length=3, width=0.8)
        ax.tick_params(labelsize=_style.BODY, labelfontfamily=list(_style.family()))
        ax.tick_params(axis="y", length=0)

    def dates(self, place: int, shown: Span) -> None:
        """Give the n-th panel its time axis: dates and zone where it is the lowest, or on two rows of panels on
        all of them; a band across each fold, with its length, so that nobody takes it for a short while."""
        ax, zone = self.axes[place], self.look.zone
        use(ax, shown, zone)
        for ((_, end), (start, _)), silence in zip(pairwise(shown.sections), shown.silences, strict=True):
            self._fold(ax, end, start, silence)
        lowest = place + self.columns >= len(self.axes)
        ax.tick_params(labelbottom=lowest or self.rows <= 2)
        if lowest:
            self.label(ax, x=str(zone))

    def _fold(self, ax: Axes, start: float, end: float, silence: float) -> None:
        words = f"{silence / YEAR:.1f} years"
        if self.look.size[1] / self.rows >= 2.5:  # inches: the longer words need them
            words += " without observations"
        ax.axvspan(start, end, facecolor=self.look.colours.empty, edgecolor="none", zorder=1)
        ax.text(
            (start + end) / 2, 0.5, words, rotation=90,
            ha="center", va="center", transform=ax.get_xaxis_transform(), zorder=1.5,
            **_style.font(_style.SMALL, self.look.colours.muted),
        )  # fmt: skip

    def name_panel(self, place: int, name: str, more: str | None = None) -> None:
        """Head the n-th panel: the name, and what else there is to call it."""
        text = _style.drawable(name, 24) + (f"  {_style.drawable(more, 24)}" if more else "")
        self.axes[place].set_title(text, loc="left", pad=6, **_style.font(_style.HEAD, self.look.colours.ink))

    def line_size(self, lines: int) -> float:
        """The font size, at most the body's, at which so many lines stand one above the other in a single panel."""
        return float(np.clip(self.look.size[1] * 72 * PANEL_SHARE / lines / 1.25, 4.0, _style.BODY))

    def label(self, ax: Axes, x: str | None = None, y: str | None = None) -> None:
        """Label the axes: what is measured, and in what unit or zone."""
        words = _style.font(_style.BODY, self.look.colours.muted)
        if x is not None:
            ax.set_xlabel(_style.drawable(x, 120), **words)
        if y is not None:
            ax.set_ylabel(_style.drawable(y, 60), **words)

    def finish(self, title: str, key: Sequence[Artist], seen: Observed) -> Axes | Figure:
        """Write title, key and small print, and hand over: the Axes, or the Figure of several."""
        title = _style.drawable(self.look.title if self.look.title is not None else title, 200)
        small = seen.small_print(self.look.zone)
        if self.given is not None:
            self._around_given(self.given, title, key, small)
            return self.given
        self._around_panels(title, key, small)
        return self.axes[0] if len(self.axes) == 1 else self.figure

    def _around_given(self, ax: Axes, title: str, key: Sequence[Artist], small: list[str]) -> None:
        """On the user's own figure: title, key and notes stay with the axes."""
        colours = self.look.colours
        ax.set_title(title, loc="left", **_style.font(_style.HEAD, colours.ink))
        width = _style.points_wide(ax)
        notes = [_wrapped(line, _style.SMALL, width) for line in small]
        ax.set_xlabel(
            "\n".join([ax.get_xlabel(), *notes]).strip(), **_style.font(_style.SMALL, colours.muted)
        )
        if key:
            ground = {"facecolor": colours.ground, "framealpha": 0.85, "edgecolor": "none"}
            ax.legend(handles=list(key), loc="upper left", **(self._key_style() | ground | {"frameon": True}))

    def _around_panels(self, title: str, key: Sequence[Artist], small: list[str]) -> None:
        """On our sheet: title and key above, small print below, the panels in what is left."""
        width, height = (72 * side for side in self.look.size)
        colours, room = self.look.colours, width - 2 * EDGE
        head = _wrapped(title, _style.TITLE, room)
        foot = "\n".join(_wrapped(line, _style.SMALL, room) for line in small)
        left = EDGE / width
        self.figure.text(left, 1 - EDGE / height, head, va="top", **_style.font(_style.TITLE, colours.ink))
        self.figure.text(
            left, EDGE / 2 / height, foot, va="bottom", **_style.font(_style.SMALL, colours.muted)
        )
        top = EDGE + (1 + head.count("\n")) * _style.TITLE * LEADING
        top += self._key(key, top) if key else 0
        bottom = EDGE / 2 + (1 + foot.count("\n")) * _style.SMALL * LEADING + 4
        self._check_room(height - top - bottom)
        inside = (0.004, bottom / height, 0.992, 1 - (bottom + top + 6) / height)
        engine = ConstrainedLayoutEngine(rect=inside, w_pad=6 / 72, h_pad=5 / 72, wspace=0.02, hspace=0.02)
        self.figure.set_layout_engine(engine)

    def _check_room(self, height: float) -> None:
        """Refuse what matplotlib would draw as a heap of labels, warning about it."""
        wide, high = 72 * self.look.size[0] / self.columns, height / self.rows
        if wide < LEAST_PANEL[0] or high < LEAST_PANEL[1]:
            size = f"size {self.look.size[0]:g}x{self.look.size[1]:g}"
            remedy = "choose a larger size, or fewer coins or sites"
            raise TrackerError(
                size, f"has no room for {_style.counted(len(self.axes), 'panel')} and their key", remedy
            )

    def _key(self, key: Sequence[Artist], top: float) -> float:
        """The key, `top` points below the sheet's edge; returns its height in points."""
        width, height = (72 * side for side in self.look.size)
        columns = _key_columns([str(artist.get_label()) for artist in key], width - 2 * EDGE)
        self.figure.legend(
            handles=list(key), loc="upper left", bbox_to_anchor=(EDGE / width, 1 - top / height),
            ncols=columns, **self._key_style(),
        )  # fmt: skip
        return ceil(len(key) / columns) * _style.BODY * 1.7 + 6

    def _key_style(self) -> dict[str, Any]:
        words = {"family": list(_style.family()), "size": _style.BODY}
        return {
            "frameon": False, "borderaxespad": 0, "borderpad": 0, "handletextpad": 0.6, "columnspacing": 1.6,
            "prop": words, "labelcolor": self.look.colours.ink,
        }  # fmt: skip


def sample(label: str, colour: str, marker: str, line: Any = "none", hollow: bool = False) -> Line2D:
    """One entry of a key: a marker, a line or both."""
    return Line2D(
        [], [], color=colour, marker=marker, linestyle=line, markeredgecolor=colour,
        markerfacecolor="none" if hollow else colour, markersize=6, linewidth=1.6, label=_style.drawable(label),
    )  # fmt: skip


def _key_columns(labels: list[str], width: float) -> int:
    """The most columns in which the entries of a key fit side by side, filled as matplotlib fills them."""
    for columns in range(len(labels), 1, -1):
        longest = (max(map(len, column)) for column in np.array_split(np.array(labels, object), columns))
        if sum(38 + _style.BODY * 0.55 * letters for letters in longest) <= width:
            return columns
    return 1


def _wrapped(text: str, size: float, width: float) -> str:
    """Broken into lines of at most `width` points."""
    wide = sum(ord(letter) > 0x1100 for letter in text) / max(1, len(text))
    return "\n".join(textwrap.wrap(text, max(20, int(width / (size * LETTER * (1 + wide))))))


def _columns(size: tuple[float, float], panels: int) -> int:
    """How many panels side by side, so that their shape is nearest to the one we like."""
    width, height = size

    def off(columns: int) -> float:
        shape = (width / columns) / (0.75 * height / ceil(panels / columns))  # a quarter is head and foot
        return abs(log(shape / LIKED_SHAPE))

    return min(range(1, panels + 1), key=off)
