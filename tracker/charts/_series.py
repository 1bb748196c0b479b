"""Which sites have lines, and what is said of the lines: how far they join, what their marks stand for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ..market.implied import IMPLIED
from . import _key
from ._band import Across
from ._key import Entry
from ._look import Look
from ._names import listed, ranked
from ._observed import Observed
from ._pen import BACK, DAY_BAR, FEW, LINE, MOST_SITES, Pen
from ._time import spelled
from ._working import DAYS, PUBLISHED, Series, lined, weights

if TYPE_CHECKING:
    from pandas import DataFrame


def of_sites(seen: Observed, look: Look) -> Observed:
    """With `by` site: the six sites that are drawn, those the user named first; how many are not is said."""
    there = ranked(seen.counted.place, weights(seen.counted))
    if look.by != "site" or len(there) <= MOST_SITES:
        return seen
    kept = list(dict.fromkeys([*(site for site in look.sites if site in set(there)), *there]))[:MOST_SITES]
    seen.only(lambda rows: rows.place.isin(kept))
    seen.note("more than six", n=len(there) - len(kept), most=MOST_SITES)
    return seen


def without_bounds(seen: Observed, pen: Pen) -> Observed:
    """Under a median, without what changes lead to, and without times that are lower bounds only, where there are others;
    they are counted."""
    if pen.step is None:
        return seen
    seen.printed()
    return seen if (seen.counted.basis == PUBLISHED).all() else seen.without_bounds()


def still(seen: Observed, chosen: Sequence[Series]) -> list[Series]:
    """The coins that have a time without lower bounds; the others are said to be left out."""
    there = set(zip(seen.counted.coin, seen.counted.money, strict=True))
    if without := [coin for coin, money in chosen if (coin, money) not in there]:
        seen.note("bounds alone", coins=listed(without, seen.words))
    return [series for series in chosen if series in there]


def say_joins(seen: Observed, pen: Pen, found: Iterable[Across] = ()) -> None:
    """How far apart points are joined; where that differs from line to line, the shortest and the longest."""
    words = seen.words
    if pen.step:
        gaps = sorted({pen.gap(one.times) for one in found if one.times.size > 1})
    else:
        lines = [part for _, part in lined(seen.rows).groupby(LINE, sort=False)]
        gaps = sorted({pen.gap(part.when.to_numpy(), part, "reaches") for part in lines if len(part) > 1})
    if not gaps:
        return
    shortest, longest = spelled(gaps[0], words), spelled(gaps[-1], words)
    if shortest == longest:
        seen.note("joined", span=longest)
    else:
        seen.note("joined variously", span=shortest, longest=longest)


def key(rows: DataFrame, pen: Pen, far: bool = False) -> list[Entry]:
    """What each colour and mark stands for, as they are drawn; only what is there."""
    words, plain = pen.look.words, pen.look.colours.muted
    if pen.step:
        return _key_of_median(pen, plain, far)
    entries: list[Entry] = []
    if rows.place.nunique() > 1:
        sure = set(rows.place[rows.basis != PUBLISHED])
        for site in (site for site in pen.styles if site in set(rows.place)):
            style, unsure = pen.style(site, plain if pen.shared else None), site not in sure
            marker = style.marker if pen.dots or unsure else ""
            entries.append(
                _key.line(listed([site], words), style.colour, marker, ":" if unsure else style.dash, unsure)
            )
    if rows.basis.isin(DAYS).any():
        bar = _key.mark(plain, "", "-", width=DAY_BAR)
        bar.set(alpha=0.5, solid_capstyle="butt")
        entries.append(Entry(words("day key"), (bar,)))
    if (rows.basis == PUBLISHED).any():
        unsure_ = rows[rows.basis == PUBLISHED]
        markers = dict.fromkeys(pen.styles[site].marker for site in ranked(unsure_.place, weights(unsure_)))
        marks = tuple(_key.mark(plain, marker, hollow=True) for marker in list(markers)[:FEW])
        entries.append(Entry(words("published key"), marks))
    if (rows.basis == IMPLIED).any():
        entries.append(Entry(words("implied key"), (_key.mark(plain, BACK, hollow=True),)))
    entries += _key_of_range(rows, pen, plain)
    return entries


def _key_of_median(pen: Pen, plain: str, far: bool) -> list[Entry]:
    words, colour = pen.look.words, pen.look.colours.series[0]
    if pen.shared:
        return []
    entries = [
        _key.line(words("median key"), colour),
        _key.box(words("half key"), color=colour, alpha=0.4, linewidth=0),
        _key.box(words("nine key"), color=colour, alpha=0.15, linewidth=0),
    ]
    cross = Entry(words("far key"), (_key.mark(pen.look.colours.ink, "x"),))
    return [*entries, cross] if far else entries


def _key_of_range(rows: DataFrame, pen: Pen, plain: str) -> list[Entry]:
    groups = lined(rows[rows.basis != PUBLISHED]).groupby(LINE, sort=False)
    if not any(pen.crowded(part) for _, part in groups):
        return []
    return [_key.box(pen.look.words("range key"), color=plain, alpha=0.35, linewidth=0)]
