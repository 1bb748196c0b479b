"""The sheet a chart is drawn on: a title, a key, panels, and the small print that says where it all comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend_handler import HandlerTuple
from matplotlib.transforms import ScaledTranslation

from ..errors import TrackerError
from . import _frame, _text
from ._axis import YEAR, Span, use
from ._frame import Needs, Plan, Words
from ._style import Type, type_of

if TYPE_CHECKING:
    from ._key import Entry
    from ._look import Look

GIVEN = 0.4  # of the least size of a panel
NARROW = 60.0  # points of a panel's drawn part, once its numbers are known


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
    """A rectangle to draw in, a sheet of our own or the place of Axes that the user gave, and what stands in it.

    A kind asks `room` until its words fit, lays them out with `open`, draws on `axes`, and ends with `finish`. Nothing is
    drawn outside the rectangle: given Axes become smaller to make room for their own title and small print."""

    def __init__(self, look: Look, given: Axes | None) -> None:
        self.look, self.given = look, given
        if given is None:
            self.host: Any = Sheet(figsize=look.size, dpi=look.dpi, facecolor=look.colours.ground)
            self.width, self.height = (72 * side for side in look.size)
            self.corner = (0.0, 0.0)
            return
        self.host = given.figure
        scale = 72 / self.host.figure.dpi
        whole, box = self.host.bbox, given.get_position()
        self.width, self.height = box.width * whole.width * scale, box.height * whole.height * scale
        self.corner = (box.x0 * whole.width * scale, box.y0 * whole.height * scale)

    @property
    def type(self) -> Type:
        return type_of(self.width, self.height)

    def room(self, words: Words, needs: Needs) -> Plan | None:
        """The plan, where there is room for one. Axes that the user gave may be smaller than what we would choose."""
        if self.given is not None:
            needs = replace(needs, least=(GIVEN * needs.smallest[0], GIVEN * needs.smallest[1]))
        tried = (
            _frame.plan(self.width, self.height, self._titled(some), needs) for some in self._fewer(words)
        )
        return next((plan for plan in tried if plan), None)

    def _fewer(self, words: Words) -> Iterator[Words]:
        """The words; on small Axes of the user's own, where more would leave no room to draw, fewer: the source alone at
        the foot, then no key, then the title alone."""
        yield words
        if self.given is not None:
            yield replace(words, foot=words.foot[:1])
            yield replace(words, foot=words.foot[:1], key=())
            yield Words(words.title)

    def points(self, needs: Needs) -> float:
        """How wide the drawn part of a panel will be, about, in points."""
        found = _frame.plan(self.width, self.height, Words("-", "-", ("-",), ("-",)), needs)
        return max(40.0, (found.panel[0] if found else needs.left + needs.right) - needs.left - needs.right)

    def counts(self, there: int, limit: int, needs: Callable[[int], Needs], named: bool = False) -> range:
        """How many coins or sites to try to draw, the most first: of those that are there at most `limit`, none whose
        needs have no room however short the words around them are. All, and no fewer, where the user `named` them."""
        if named:
            return range(there, there - 1, -1)
        fitting = (
            count for count in range(min(there, limit), 1, -1) if self.room(Words("-", "-"), needs(count))
        )
        return range(next(fitting, 1), 0, -1)

    def _titled(self, words: Words) -> Words:
        if self.look.bare:
            return Words("")
        title = words.title if self.look.title is None else self.look.title
        return Words(_text.plain(title, 200), words.unit, words.key, words.foot)

    def open(self, words: Words, needs: Needs, key: Sequence[Entry] = ()) -> None:
        """Write the words and make the panels: `axes`. TrackerError where there is no room, with the size that has."""
        if self.given is not None and needs.panels > 1:
            raise TrackerError(
                "ax", f"cannot hold {needs.panels} panels", "leave it out, or choose one coin and currency"
            )
        found = self.room(words, needs)
        if found is None:
            raise self._refusal(words, needs)
        self.plan, self.needs = found, needs
        self.axes = [self.given] if self.given is not None else self._panels(needs.panels)
        for ax in self.axes:
            self._dress(ax)
        self._write(key)
        self._place(needs.left)

    def _refusal(self, words: Words, needs: Needs) -> TrackerError:
        least = "x".join(
            f"{side:g}" for side in _frame.smallest(self.width, self.height, self._titled(words), needs)
        )
        what = f"{needs.panels} panels" if needs.panels > 1 else "a panel"
        return TrackerError(
            f"size {self.width / 72:.3g}x{self.height / 72:.3g}", f"has no room for {what}, their names and key",
            f"choose a larger size, {least} or more, or fewer coins or sites",
        )  # fmt: skip

    def _panels(self, count: int) -> list[Axes]:
        ground = self.look.colours.ground
        return [
            self.host.add_axes((0.1, 0.1, 0.8, 0.8), facecolor=ground, label=str(n)) for n in range(count)
        ]

    def _dress(self, ax: Axes) -> None:
        """Bare axes: a hairline grid behind, no box, ticks in our font."""
        colours = self.look.colours
        ax.spines[["top", "right", "left"]].set_visible(False)
        ax.spines["bottom"].set_color(colours.muted)
        ax.grid(True, axis="y", color=colours.grid, linewidth=0.8)
        ax.set_axisbelow(True)
        ax.tick_params(colors=colours.muted, length=3, width=0.8)
        ax.tick_params(labelsize=self.type.body, labelfontfamily=list(_text.family()))
        ax.tick_params(axis="y", length=0)
        ax.tick_params(axis="x", pad=4)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Points from the rectangle's lower left corner -> fractions of the host figure."""
        scale = self.host.figure.dpi / 72
        return (
            (self.corner[0] + x) * scale / self.host.bbox.width,
            (self.corner[1] + y) * scale / self.host.bbox.height,
        )

    def _write(self, key: Sequence[Entry]) -> None:
        """Title, unit and key above, small print below."""
        size, colours, top = self.plan.type, self.look.colours, self.height - _frame.EDGE
        for lines, points, colour in (
            (self.plan.title, size.title, colours.ink), (self.plan.unit, size.body, colours.muted),
        ):  # fmt: skip
            for line in lines:
                self._text(line, _frame.EDGE, top, points, colour, "top")
                top -= points * _text.LEADING
        for row in self.plan.key:
            self._key_row([key[place] for place in row], top)
            top -= size.body * _frame.KEY_LEADING
        bottom = _frame.EDGE / 2
        for line in reversed(self.plan.foot):
            self._text(line, _frame.EDGE, bottom, size.small, colours.muted, "bottom")
            bottom += size.small * _text.LEADING

    def _text(self, text: str, x: float, y: float, size: float, colour: str, va: str) -> None:
        self.host.text(
            *self.at(x, y), _text.escaped(text), va=va, linespacing=1.0, **_text.font(size, colour)
        )

    def _key_row(self, entries: list[Entry], top: float) -> None:
        """One line of the key. The legend's own box is left out: it would push its neighbours."""
        size = self.plan.type.body
        row = self.host.legend(
            handles=[entry.marks if len(entry.marks) > 1 else entry.marks[0] for entry in entries],
            labels=[_text.escaped(entry.label) for entry in entries], handler_map={tuple: HandlerTuple(None, 0.3)},
            loc="upper left", bbox_to_anchor=self.at(_frame.EDGE, top), ncols=len(entries), frameon=False,
            borderaxespad=0, borderpad=0, handlelength=_frame.HANDLE, handletextpad=_frame.PAD,
            columnspacing=_frame.SPACE, prop={"family": list(_text.family()), "size": size},
            labelcolor=self.look.colours.ink,
        )  # fmt: skip
        row.set_in_layout(False)

    def _place(self, left: float) -> None:
        """Put the panels where they belong, with so many points beside each for its labels."""
        x, y, _, height = self.plan.room
        wide, high = self.plan.panel
        for n, ax in enumerate(self.axes):
            row, column = divmod(n, self.plan.columns)
            low = y + height - (row + 1) * (high + self.plan.heading)
            begin, floor = self.at(x + column * (wide + _frame.GAP) + left, low)
            end, roof = self.at(
                x + column * (wide + _frame.GAP) + wide - self.needs.right, low + high - self._air
            )
            ax.set_position((begin, floor, end - begin, roof - floor))

    @property
    def _air(self) -> float:
        """Points above each panel, so that the highest number keeps off what is above."""
        return self.plan.type.body / 2

    @property
    def panel(self) -> tuple[float, float]:
        """The drawn part of a panel, in points."""
        wide, high = self.plan.panel
        return wide - self.needs.left - self.needs.right, high - self._air

    def points_right(self, points: float) -> Any:
        """A transform to add to another: so many points to the right."""
        return ScaledTranslation(points / 72, 0, self.host.figure.dpi_scale_trans)

    def points_up(self, points: float) -> Any:
        """Likewise upwards."""
        return ScaledTranslation(0, points / 72, self.host.figure.dpi_scale_trans)

    def dates(self, place: int, shown: Span) -> None:
        """Give the n-th panel its time axis, with dates where it is the lowest of its column; a band across each fold,
        with its length, so that nobody takes it for a short while."""
        ax = self.axes[place]
        use(ax, shown, self.look.zone, self.look.words, self.type.body)
        for ((_, end), (start, _)), silence in zip(pairwise(shown.sections), shown.silences, strict=True):
            self._fold(ax, shown, (end, start), silence)
        ax.tick_params(labelbottom=place + self.plan.columns >= len(self.axes))

    def _fold(self, ax: Axes, shown: Span, ends: tuple[float, float], silence: float) -> None:
        """The band of a fold, and as much of its words as it has room for."""
        look, size = self.look, self.type.small
        ax.axvspan(*ends, facecolor=look.colours.empty, edgecolor="none", zorder=1)
        years = f"{silence / YEAR:.1f}"
        whole = shown.place(shown.sections[-1][1]) - shown.place(shown.sections[0][0])
        for words in (look.words("silence long", years=years), look.words("silence", years=years)):
            fits = _text.wide(words, size) < self.panel[1] - 4
            if fits and shown.fold / whole * self.panel[0] > size * 1.3:
                ax.text(
                    sum(ends) / 2, 0.5, words, rotation=90, ha="center", va="center",
                    transform=ax.get_xaxis_transform(), zorder=1.5, **_text.font(size, look.colours.muted),
                )  # fmt: skip
                return

    def name_panel(self, place: int, name: str, more: str = "") -> None:
        """Head the n-th panel: the name, and what else there is to call it."""
        text = f"{_text.plain(name, 24)}  {_text.plain(more, 40)}".strip()
        words = _text.font(self.type.head, self.look.colours.ink)
        self.axes[place].set_title(text, loc="left", pad=self._air + 2, **words)

    def finish(self) -> Axes | Figure:
        """Give the labels beside the panels the room they turned out to need, and hand over: the Axes, or the Figure
        of several."""
        labels = [label for ax in self.axes for label in ax.get_yticklabels()]
        size = labels[0].get_fontsize() if labels else 0.0
        left = (
            max(
                (_text.wide(label.get_text().replace(r"\$", "$"), float(size)) for label in labels),
                default=0.0,
            )
            + 5
        )
        least = min(NARROW, self.needs.smallest[0]) * (1.0 if self.given is None else GIVEN)
        if self.plan.panel[0] - left - self.needs.right < least:
            raise self._refusal(
                Words(" ".join(self.plan.title), "", (), tuple(self.plan.foot)),
                Needs(self.needs.panels, self.needs.named, 2, left, self.needs.right, self.needs.smallest),
            )
        self._place(left)
        for ax in self.axes:
            head, room = ax._left_title, self.plan.panel[0] - left - 2  # type: ignore[attr-defined]
            head.set_text(_text.escaped(_text.cut(head.get_text(), self.type.head, room)))
        return self.axes[0] if len(self.axes) == 1 else self.host
