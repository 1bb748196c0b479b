"""How every chart looks: two themes, one palette, the sizes of type."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from matplotlib.colors import to_hex, to_rgb

from ..errors import TrackerError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARKERS = ("o", "s", "^", "D", "v", "P", "X", "p")
DASHES: tuple[Any, ...] = (
    "-",
    (0, (6, 2)),
    (0, (2, 1)),
    (0, (6, 2, 1, 2)),
    (0, (1, 2)),
    (0, (9, 3)),
)  # points on, off
COLOURED = 8  # series that have a colour of their own


class Theme(NamedTuple):
    """Colours as `#rrggbb`. series: told apart by luminance too, so that a grey print still reads;
    no two of them fall together for the colour-blind. grey: a line among others, named but not told apart. rise and
    fall: what the reader's language expects of red, green and blue. middle: no change, on a scale from fall to rise.
    evidence: for time bases, the strongest first; one hue, so that the order is seen."""

    ground: str
    ink: str
    muted: str
    grid: str
    empty: str
    grey: str
    middle: str
    red: str
    green: str
    blue: str
    rise: str
    fall: str
    series: tuple[str, ...]
    evidence: tuple[str, ...]

    @property
    def scale(self) -> tuple[str, ...]:
        """Falls, no change, rises: from the colours of the bars through a light middle (a dark one on dark)."""
        parts = (
            (self.fall, 0.0), (self.fall, 0.5), (self.middle, 0.0), (self.rise, 0.5), (self.rise, 0.0),
        )  # fmt: skip
        return tuple(mixed(colour, self.middle, share) for colour, share in parts)


THEMES = {
    "light": Theme(
        "#ffffff", "#1c2026", "#59606b", "#e3e6ea", "#f1f2f4", "#9aa1ab", "#efece6", "#c9302c", "#0b7a66", "#1f5fa8",
        "#0b7a66", "#c9302c",
        ("#004488", "#d1553a", "#1f97bd", "#4f2438", "#9545e6", "#b36276", "#830f15", "#530ba6"),
        ("#08264d", "#1d5a9e", "#6fa5d8", "#c3d9ee"),
    ),
    "dark": Theme(
        "#15181d", "#eceff3", "#a3abb7", "#2d323a", "#22262d", "#757d89", "#343a43", "#f4796b", "#4cc7a9", "#74aef0",
        "#4cc7a9", "#f4796b",
        ("#6cb0ff", "#ee7f5c", "#f3e37a", "#62e8c8", "#c9980a", "#8f8f96", "#a40bf6", "#316f9e"),
        ("#eaf3fd", "#9cc5ee", "#4f8ac7", "#2c4f78"),
    ),
}  # fmt: skip


def theme(name: str, rise: str = "green", fall: str = "red") -> Theme:
    """The theme of that name, with those hues for rise and fall; TrackerError names the known ones."""
    if name not in THEMES:
        raise TrackerError(f"theme {name}", "is not known", f"use {' or '.join(THEMES)}")
    found = THEMES[name]
    return found._replace(rise=getattr(found, rise), fall=getattr(found, fall))


def mixed(one: str, other: str, share: float) -> str:
    """So much of the other colour in the one."""
    red, green, blue = (a + (b - a) * share for a, b in zip(to_rgb(one), to_rgb(other), strict=True))
    return to_hex((red, green, blue))


class Type(NamedTuple):
    """Font sizes in points."""

    title: float
    head: float
    body: float
    small: float


LARGE, LITTLE = (
    Type(15.0, 11.0, 9.5, 8.0),
    Type(10.5, 8.5, 7.5, 6.5),
)  # at 12 x 7 inches and more, at 4 x 3 and less


def type_of(width: float, height: float) -> Type:
    """The sizes of type for a sheet of so many points."""
    share = min(1.0, max(0.0, (min(width / 864, height / 504) - 0.4) / 0.6))
    return Type(*(low + (high - low) * share for low, high in zip(LITTLE, LARGE, strict=True)))


def whole(drawn: Any) -> Any:
    """The figure at the root of an Axes, a subfigure or a figure; None for an Axes without one."""
    figure = drawn.figure
    return figure if figure is None else figure.figure


def points_wide(ax: Axes) -> float:
    """How wide the axes are now, in points."""
    figure = whole(ax)
    return float(ax.get_window_extent().width * 72 / (72 if figure is None else figure.dpi))


class Style(NamedTuple):
    """How one series is drawn."""

    colour: str
    marker: str
    dash: Any = "-"


def series(look: Theme, place: int) -> Style:
    """The style of the n-th series, from 0. Colours come round again with other markers and dashes."""
    lap = place // len(look.series)
    colour, marker = look.series[place % len(look.series)], MARKERS[(place + lap) % len(MARKERS)]
    return Style(colour, marker, DASHES[lap % len(DASHES)])


def places(names: Iterable[str], order: Iterable[str]) -> dict[str, int]:
    """Which style each of `names` has: its place in `order`, the others after; no two share a colour while there is
    one left, so that of a store of many sites the few in one chart are told apart."""
    names, taken, found = list(names), set[int](), dict[str, int]()
    known = list(dict.fromkeys([*order, *names]))
    for name in sorted(names, key=known.index):
        want = known.index(name)
        free = [n % COLOURED for n in range(want, want + COLOURED) if n % COLOURED not in taken]
        found[name] = want if not free or free[0] == want % COLOURED else free[0]
        taken.add(found[name] % COLOURED)
    return found
