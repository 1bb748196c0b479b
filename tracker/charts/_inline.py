"""A chart as a piece of a web page: small SVG whose colours and font are the page's, by CSS variables."""

from __future__ import annotations

import re
from base64 import b64encode
from functools import lru_cache
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING, Any

from pylopdf_fonts_ko import sans_path

from ..language import DEFAULT, language
from . import _style
from ._save import rendered

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame

    from ..store.large import Large

MARKS = {"o": "●", "s": "■", "^": "▲", "D": "◆", "v": "▼", "P": "✚", "X": "✖", "p": "⬟"}  # markers as letters
CARD_DPI = 60  # a small picture needs no more points than that
PLACES = 1  # of coordinates, in points: a tenth of a pixel or so


def variables(name: str, lang: str = DEFAULT) -> dict[str, str]:
    """The CSS variables of a theme, rise and fall in the colours of the language: `--ink` and so on, `--series-0` …"""
    found: dict[str, str] = {}
    hues = language(lang).colours
    for field, value in _style.theme(name, hues["rise"], hues["fall"])._asdict().items():
        if isinstance(value, str):
            found[f"--{field}"] = value
        else:
            found |= {f"--{field}-{n}": colour for n, colour in enumerate(value)}
    return found


@lru_cache(maxsize=8)
def font(text: str) -> str:
    """A font for a page with cards, base64 of WOFF: the one they were laid out with, cut down to ASCII and the
    characters of `text` (some 90 bytes a syllable). Its licence, the SIL Open Font License 1.1, allows embedding."""
    from fontTools import subset  # type: ignore[import-untyped]
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    options = subset.Options(hinting=False, name_IDs=[0, 1, 2, 13, 14], notdef_outline=True)
    options.drop_tables += [
        "GSUB",
        "GPOS",
        "GDEF",
        "BASE",
        "VORG",
        "vhea",
        "vmtx",
    ]  # pictures are laid out without
    buffer = BytesIO()
    with TTFont(str(sans_path()), recalcTimestamp=False) as whole:
        cut = subset.Subsetter(options)
        cut.populate(text=text + "".join(map(chr, range(0x20, 0x7F))))
        cut.subset(whole)
        whole.flavor = "woff"
        whole.save(buffer)
    return b64encode(buffer.getvalue()).decode("ascii")


def mark(place: int) -> tuple[str, str]:
    """How the n-th site is marked in all pictures of a page: the CSS variable of its colour, a letter like its marker."""
    theme = _style.theme("light")
    style = _style.series(theme, place)
    return f"--series-{theme.series.index(style.colour)}", MARKS[style.marker]


def card(
    quotes: DataFrame | Large, kind: str, name: str, label: str, size: tuple[float, float], **options: Any
) -> str:
    """A chart without words around it, as an `<svg>` element: the page says what it shows and where it is from.

    name, label  as `inline`
    size         width and height in inches; 4.5 inches are 324 of the SVG's units
    options      as `plot`; a kind that needs several panels is refused
    """
    from . import plot

    drawn = plot(quotes, kind, size=size, dpi=CARD_DPI, bare=True, **options)
    return inline(drawn, label, name, options.get("lang", DEFAULT))


def inline(drawn: Axes | Figure, label: str, name: str, lang: str = DEFAULT) -> str:
    """The figure, drawn in the light theme, as an `<svg>` element.

    label  what a screen reader says of it
    name   a word that no other picture of the page bears: ids inside are made from it

    Text stays text, in the font of the variable `--font`; every text in it was escaped when it was drawn.
    """
    svg = rendered(drawn, ".svg", svg_hashsalt=name).decode("utf-8")
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<style[^>]*>.*?</style>|<!--.*?-->", "", svg, flags=re.S)
    svg = _without_idle_ids(svg)
    svg = re.sub(r' (d|x|y|points)="[^"]*"', lambda m: re.sub(rf"(\.\d{{{PLACES}}})\d+", r"\1", m[0]), svg)
    svg = re.sub(r"'Noto Sans KR'(, '[^']*'|, sans-serif)*", "var(--font)", svg)
    for variable, colour in variables("light", lang).items():
        svg = re.sub(rf"{colour}\b", f"var({variable})", svg)
    svg = re.sub(r">\s+<", "><", svg)
    head = re.search(r'viewBox="[^"]*"', svg)
    assert head is not None
    inside = svg[svg.index(">") + 1 :]
    return f'<svg role="img" aria-label="{escape(label)}" {head[0]}>{inside}'.strip()


def _without_idle_ids(svg: str) -> str:
    """Without the ids that nothing refers to: several pictures on a page would bear the same ones."""
    used = set(re.findall(r'(?:url\(#|href="#)([^")]+)', svg))
    return re.sub(r' id="([^"]*)"', lambda m: m[0] if m[1] in used else "", svg)
