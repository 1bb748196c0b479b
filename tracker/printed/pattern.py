"""The pattern language of layouts: Python's regular expressions with holes, and bounded so that no page can make
them run away. Pure.

    {rank}        a whole number                         {price}        a price: a figure without sign and percent
    {name}        a printed name                         {change_abs}   an absolute change, signed or not
    {name?}       the same, or nothing: the page lost it {change_pct}   a percent, signed or not, bracketed or not
    {coin}        a name; rows of what is no coin are    {%change_pct}  the same with its mark in front: %-1,23
                  neighbours                             {sign}         a word that is a sign: gain, drop, 상승
    {symbol}      a ticker: capitals and digits          {number}       any figure

A blank stands for any white space, line breaks among it, or for none.
"""

from __future__ import annotations

import re
import warnings
from math import prod

from .figures import CHANGE_HOLE, LEADING_PERCENT_HOLE, NUMBER_HOLE, PERCENT_HOLE, PRICE_HOLE
from .heads import SIGN_WORDS

_NAME = r"(?=[^\n|]{0,59}[^\W\d_])[^\n|]{1,60}?"
HOLES = {
    "rank": r"(?P<rank>\d{1,4})",
    "name": rf"(?P<name>{_NAME})",
    "name?": rf"(?:(?P<name>{_NAME})\s{{0,9}})??",
    "coin": rf"(?P<coin>{_NAME})",
    "symbol": r"(?P<symbol>[A-Z0-9]{2,12})",
    "price": rf"(?P<price>{PRICE_HOLE})",
    "change_abs": rf"(?P<change_abs>{CHANGE_HOLE})",
    "change_pct": rf"(?P<change_pct>{PERCENT_HOLE})",
    "%change_pct": rf"(?P<change_pct>{LEADING_PERCENT_HOLE})",
    "sign": rf"(?P<sign>{SIGN_WORDS})",
    "number": NUMBER_HOLE,
}
_HOLE = re.compile(r"(\{%?[a-z_]+\??\})")
_ATOM = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{\d*,?\d*\}|.", re.DOTALL)
_REPEAT = re.compile(r"\{(\d*)(,?)(\d*)\}")
_MOST = 60  # what an unbounded repeat matches at most
_WAYS = 3_000_000  # in how many ways the repeats of one pattern may be laid
_REPEATS = 12  # how many repeats one pattern may have


class PatternError(ValueError):
    """A pattern that is none: (what is wrong, what to do)."""


def fill(text: str) -> re.Pattern[str]:
    """A layout's pattern as a regular expression over lines. Raises PatternError."""
    pieces = _HOLE.split(text)
    if sum(bool(_repeat(atom)) for piece in pieces[::2] for atom in _ATOM.findall(piece)) > _REPEATS:
        raise PatternError(f"more than {_REPEATS} repeats", "say it with fewer")
    for piece in pieces[2::2]:
        if (first := _ATOM.match(piece)) and _repeat(first.group()):
            raise PatternError(f"`{first.group()}` repeats a hole", "repeat single characters only")
    ways = prod(
        high - low + 1
        for piece in pieces[::2]
        for low, high in filter(None, map(_repeat, _ATOM.findall(piece)))
    )
    if ways > _WAYS:
        raise PatternError("its repeats can be laid in too many ways", "give them bounds: `{1,20}`")
    filled = (_hole(piece, n) if n % 2 else _bounded(piece) for n, piece in enumerate(pieces))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", FutureWarning)
            return re.compile("".join(filled), re.MULTILINE)
    except (re.error, FutureWarning, RecursionError, OverflowError) as error:
        raise PatternError(f"no pattern: {error}", "see Python's re for the syntax") from error


def _hole(piece: str, number: int) -> str:
    if piece[1:-1] not in HOLES:
        raise PatternError(f"no hole {piece}", f"holes are {', '.join(HOLES)}")
    return HOLES[piece[1:-1]].replace("@", str(number))


def _bounded(text: str) -> str:
    """`*`, `+` and `{n,}` with an upper bound; a repeated group is refused, for repeats inside repeats are what
    backtracks without end."""
    out: list[str] = []
    for atom in _ATOM.findall(text):
        bounds = _repeat(atom)
        if bounds and out and out[-1] == ")":
            raise PatternError(f"`{atom}` repeats a group", "repeat single characters only")
        if bounds and bounds[1] > 400:
            raise PatternError(f"`{atom}` repeats too often", "400 times at most")
        if atom == " ":
            atom = "" if out and out[-1] == r"\s{0,9}" else r"\s{0,9}"
        out.append(f"{{{bounds[0]},{bounds[1]}}}" if bounds else atom)
    return "".join(out)


def _repeat(atom: str) -> tuple[int, int] | None:
    """The bounds of a repeat; None for any other atom (`?` is none)."""
    if atom in ("*", "+"):
        return int(atom == "+"), _MOST
    match = _REPEAT.fullmatch(atom)
    if not match or not (match[1] or match[3]):
        return None
    low = int(match[1] or 0)
    return low, int(match[3]) if match[3] else low if not match[2] else max(low, _MOST)
