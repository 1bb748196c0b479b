"""Text as it is drawn: one font for Hangul, what it can draw, how wide it is, where a line breaks."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Any

from matplotlib import font_manager
from matplotlib.ft2font import FT2Font
from pylopdf_fonts_ko import sans_path

LATIN = "DejaVu Sans"  # comes with matplotlib; steps in where the Korean font has no glyph
NO_GLYPH = "\ufffd"  # stands for a character that neither font can draw
LONGEST_TEXT = 48
LEADING = 1.4  # line height over font size
SLACK = 1.03  # a text may be drawn so much wider than its letters: hinting rounds them to pixels
UNITS = 1000  # of a letter's width


@cache
def family() -> tuple[str, ...]:
    """The font families for every text, the Korean one first; its file is made known to matplotlib once.

    Noto Sans KR (SIL Open Font License 1.1) has all 11,172 syllables, kana, the common Hanja and U+2212."""
    font_manager.fontManager.addfont(str(sans_path()))
    name = font_manager.FontProperties(fname=str(sans_path())).get_name()
    return (name, LATIN)


@cache
def _fonts() -> tuple[FT2Font, ...]:
    fonts = tuple(FT2Font(file) for file in (str(sans_path()), font_manager.findfont(LATIN)))
    for font in fonts:
        font.set_size(UNITS, 72)
    return fonts


@cache
def _glyphs() -> tuple[frozenset[int], ...]:
    """The code points that each of the two fonts can draw."""
    return tuple(frozenset(font.get_charmap()) for font in _fonts())


@cache
def _advance(letter: str) -> float:
    """The width of a letter, over the font size."""
    for font, known in zip(_fonts(), _glyphs(), strict=True):
        if ord(letter) in known:
            return float(font.load_char(ord(letter)).linearHoriAdvance) / 65536 / UNITS
    return 1.0


def wide(text: str, size: float) -> float:
    """How wide a text of one or more lines is drawn at most, in points."""
    return max(sum(map(_advance, line)) for line in text.split("\n")) * size * SLACK


def plain(text: object, longest: int = LONGEST_TEXT) -> str:
    """Any text on one line, without control characters; a character without a glyph becomes U+FFFD, and a text longer
    than `longest` ends in an ellipsis."""
    line = " ".join(str(text).split())
    line = "".join(c for c in line if unicodedata.category(c) not in {"Cc", "Cf", "Cs"})
    line = "".join(c if any(ord(c) in known for known in _glyphs()) else NO_GLYPH for c in line)
    return line if len(line) <= longest else line[: longest - 1] + "…"


def escaped(text: str) -> str:
    """`plain` text ready for matplotlib: `$` escaped, as what stands between two would be read as mathematics.
    Apply it once, where the text is handed over."""
    return text.replace("$", r"\$")


def drawable(text: object, longest: int = LONGEST_TEXT) -> str:
    """`plain` and `escaped`."""
    return escaped(plain(text, longest))


def cut(text: str, size: float, width: float) -> str:
    """The text, or its beginning and an ellipsis, at most so many points wide."""
    if wide(text, size) <= width:
        return text
    kept = len(text)
    while kept and wide(text[:kept].rstrip() + "…", size) > width:
        kept -= 1
    return text[:kept].rstrip() + "…"


def wrapped(text: str, size: float, width: float) -> list[str]:
    """The text in lines at most so many points wide; a longer word has a line to itself, cut short."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and wide(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(cut(word, size, width))
    return lines


def shortened(lines: Sequence[str], most: int, size: float, width: float) -> list[str]:
    """The first `most` lines; the last of them says by an ellipsis that there were more."""
    if len(lines) <= most:
        return list(lines)
    kept = list(lines[:most])
    if kept:
        last = kept[-1]
        kept[-1] = last + " …" if wide(last + " …", size) <= width else cut(last + last, size, width)
    return kept


def font(size: float, colour: str) -> dict[str, Any]:
    """The keywords of a text: family, size in points, colour."""
    return {"fontfamily": list(family()), "fontsize": size, "color": colour}
