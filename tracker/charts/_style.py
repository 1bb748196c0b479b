"""How every chart looks: two themes, one palette, one font for Hangul, and text that can always be drawn."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from matplotlib import font_manager
from matplotlib.ft2font import FT2Font
from pylopdf_fonts_ko import sans_path

from ..errors import TrackerError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARKERS = ("o", "s", "^", "D", "v", "P", "X", "p")
DASHES: tuple[Any, ...] = ("-", (0, (6, 2)), (0, (2, 1)), (0, (6, 2, 1, 2)))  # points on, off
TITLE, HEAD, BODY, SMALL = 15.0, 11.0, 9.5, 8.0  # font sizes in points: readable at 1,200 x 700
LATIN = "DejaVu Sans"  # comes with matplotlib; steps in where the Korean font has no glyph
NO_GLYPH = "\ufffd"  # stands for a character that neither font can draw
LONGEST_TEXT = 48


class Theme(NamedTuple):
    """Colours as `#rrggbb`. series: told apart by luminance too, so that a grey print still reads;
    no two of them fall together for the colour-blind. rise and fall: the Korean habit, red up and blue down.
    scale: falls, no change, rises; its lightness only ever grows, so it reads in grey. evidence: for time bases, the
    strongest first; one hue, so that the order is seen."""

    ground: str
    ink: str
    muted: str
    grid: str
    empty: str
    rise: str
    fall: str
    series: tuple[str, ...]
    scale: tuple[str, ...]
    evidence: tuple[str, ...]


THEMES = {
    "light": Theme(
        "#ffffff", "#1c2026", "#59606b", "#e3e6ea", "#f1f2f4", "#c2410c", "#1f5fa8",
        ("#004488", "#d1553a", "#1f97bd", "#4f2438", "#9545e6", "#b36276"),
        ("#0b2a5b", "#4a6590", "#a3a5a8", "#e7b56a", "#ffe9a8"),
        ("#08264d", "#1d5a9e", "#6fa5d8", "#c3d9ee"),
    ),
    "dark": Theme(
        "#15181d", "#eceff3", "#a3abb7", "#2d323a", "#22262d", "#f2895b", "#74aef0",
        ("#6cb0ff", "#ee7f5c", "#f3e37a", "#62e8c8", "#c9980a", "#8f8f96"),
        ("#17407f", "#4f72a8", "#8d9095", "#dba458", "#ffe594"),
        ("#eaf3fd", "#9cc5ee", "#4f8ac7", "#2c4f78"),
    ),
}  # fmt: skip


def theme(name: str) -> Theme:
    """The theme of that name; TrackerError names the known ones."""
    if name not in THEMES:
        raise TrackerError(f"theme {name}", "is not known", f"use {' or '.join(THEMES)}")
    return THEMES[name]


@cache
def family() -> tuple[str, ...]:
    """The font families for every text, the Korean one first; its file is made known to matplotlib once.

    Noto Sans KR (SIL Open Font License 1.1) has all 11,172 syllables, kana, the common Hanja and U+2212."""
    font_manager.fontManager.addfont(str(sans_path()))
    name = font_manager.FontProperties(fname=str(sans_path())).get_name()
    return (name, LATIN)


@cache
def _glyphs() -> frozenset[int]:
    """Every code point that one of the two fonts can draw."""
    files = (str(sans_path()), font_manager.findfont(LATIN))
    return frozenset().union(*(FT2Font(file).get_charmap() for file in files))


def plain(text: object, longest: int = LONGEST_TEXT) -> str:
    """Any text on one line, without control characters; a character without a glyph becomes U+FFFD, and a text longer
    than `longest` ends in an ellipsis."""
    line = " ".join(str(text).split())
    line = "".join(c for c in line if unicodedata.category(c) not in {"Cc", "Cf", "Cs"})
    line = "".join(c if ord(c) in _glyphs() else NO_GLYPH for c in line)
    return line if len(line) <= longest else line[: longest - 1] + "…"


def drawable(text: object, longest: int = LONGEST_TEXT) -> str:
    """`plain`, ready for a matplotlib text: `$` escaped, as what stands between two would be read as mathematics.
    Apply it once, where the text is handed over."""
    return plain(text, longest).replace("$", r"\$")


def whole(drawn: Any) -> Any:
    """The figure at the root of an Axes, a subfigure or a figure; None for an Axes without one."""
    figure = drawn.figure
    return figure if figure is None else figure.figure


def points_wide(ax: Axes) -> float:
    """How wide the axes are now, in points."""
    figure = whole(ax)
    return float(ax.get_window_extent().width * 72 / (72 if figure is None else figure.dpi))


def font(size: float, colour: str) -> dict[str, Any]:
    """The keywords of a text: family, size in points, colour."""
    return {"fontfamily": list(family()), "fontsize": size, "color": colour}


class Style(NamedTuple):
    """How one series is drawn. marked: a long line bears its marker here and there, to be told from others."""

    colour: str
    marker: str
    dash: Any = "-"
    marked: bool = False


def series(look: Theme, place: int, marked: bool = False) -> Style:
    """The style of the n-th series, from 0. Colours come round again with other markers and dashes."""
    lap = place // len(look.series)
    colour, marker = look.series[place % len(look.series)], MARKERS[(place + lap) % len(MARKERS)]
    return Style(colour, marker, DASHES[lap % len(DASHES)], marked)


def number(value: float) -> str:
    """A tick on a price axis: `100M`, `2.5M`, `8,692`, `63.7`, `0.00012`; never an exponent, minus as U+2212."""
    size = abs(value)
    for unit, letter in ((1e12, "T"), (1e9, "B"), (1e6, "M")):
        if size >= unit:
            return _signed(f"{value / unit:,.3f}".rstrip("0").rstrip(".") + letter)
    if size >= 1000 or float(value).is_integer():
        return _signed(f"{value:,.0f}")
    return _signed(f"{value:.12f}".rstrip("0").rstrip("."))


def price(value: float) -> str:
    """A price in words, as printed: `8,692,000`, `63.7`; ten digits at most."""
    return f"{Decimal(f'{value:.10g}'):,f}"


def percent(value: float) -> str:
    """A signed change: `+1.14 %`, `−2.13 %`, `0 %`."""
    text = f"{value:+.2f}".rstrip("0").rstrip(".")
    return _signed(text if value else "0") + " %"


def counted(count: int, noun: str) -> str:
    """`1 snapshot`, `2,903 snapshots`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _signed(text: str) -> str:
    return text.replace("-", "\u2212")
