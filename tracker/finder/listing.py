"""A page's lines -> runs of records: a coin's name, then its figures, again and again in one shape. Pure.

The markup's records know their boxes; those of plain text know but their order. So a record is of a run only if its
figures are of the same kinds in the same order as the others', and what does not fit is no guess but a refusal.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice, zip_longest

from ..coins.names import Name, name_of
from ..coins.registry import Coins
from ..printed.figures import COIN_CURRENCIES, currency_of
from ..printed.heads import Head, head, is_link, run_of_heads, sign_word
from .cells import Part, is_conversion, page_parts
from .comparing import compared, with_tickers
from .grid import line_at
from .naming import bare, naming
from .record import Field, Record, Run

_FIGURES, _CELLS = 14, 24  # a record has no more figures, and spans no more cells
_WORDS = 40  # longer words are a sentence's
_FAR = 60  # parts between two records of one list
_ABOVE = 24
_DRAWN = 3  # marks in a line that make it a table's
_OFTEN = 3  # words that a page has so often are its furniture
_NEAR = 12  # parts of a cell on either side of a name that may make it a sentence
_YEAR = re.compile(r"(?:19|20)\d\d")
_DIGITS = re.compile(r"\d{3}|\d[.,]\d")


@dataclass(frozen=True, slots=True)
class _Draft:
    """A candidate: its name (None: words that no registry knows), the parts it spans, its figures' parts, and whether
    its words are a sentence's."""

    name: Name | None
    printed: str
    first: int
    last: int
    figures: tuple[int, ...]
    prose: bool = False


def runs(text: str, coins: Coins) -> Iterator[Run]:
    """Every run of a page, and each candidate that has no like beside it as a run of one."""
    found = _once(text, page_parts(text))
    named = [*_named(found, naming(text, coins), coins)]
    for stretch in _stretches([d for d in _drafts(text, found, named) if d.figures]):
        yield from _runs(text, found, stretch, coins)


def _once(text: str, found: Sequence[Part]) -> list[Part]:
    """Without figures that say another one again beside it: in short (`$511.98B$511,982,705,805`), or in other money."""
    kept: list[Part] = []
    for part, after in zip_longest(found, found[1:]):
        if not (after and _shortens(part, after)) and not (kept and _converts(text, kept[-1], part)):
            kept.append(part)
    return kept


def _shortens(part: Part, after: Part) -> bool:
    one, two = part.figure, after.figure
    if not (one and two and one.unit > 1 and two.unit == 1 and part.cell == after.cell):
        return False
    short, full = one.value("."), two.value(".")
    return bool(short and full and abs(short / full - 1) < Decimal("0.01"))


def _converts(text: str, before: Part, part: Part) -> bool:
    """`$13.98/￥90.87`, `$13.98 (￥90.87)`: the second is the first in other money."""
    one, two = before.figure, part.figure
    if is_conversion(before, part):
        return True
    between = text[before.end : part.start]
    touch = between == "/" or between.strip() in ("≈", "≒", "≃")
    return bool(touch and one and two and one.money and two.money and one.currency != two.currency)


def symbols(text: str, coins: Coins) -> dict[str, int]:
    """The coins that parts of a page's text name from end to end, with a figure not far from them, and where first."""
    found = page_parts(text)
    figures = [i for i, part in enumerate(found) if part.figure]
    named: dict[str, int] = {}
    for i, name in _named(found, naming(text, coins), coins):
        at = bisect_left(figures, i - _NEAR)
        if at < len(figures) and figures[at] <= i + 2 * _NEAR:
            named.setdefault(name.symbol, found[i].start)
    return named


def _named(found: Sequence[Part], may: Container[str], coins: Coins) -> Iterator[tuple[int, Name]]:
    """The parts that name a coin from end to end, of those that may."""
    for i, part in enumerate(found):
        asked = part.figure is None and part.text in may and len(part.text) <= 120
        if asked and (name := name_of(bare(part.text), coins)):
            yield i, name


def _drafts(text: str, found: Sequence[Part], named: Sequence[tuple[int, Name]]) -> list[_Draft]:
    """Every name with the figures behind it, up to the next name; names of no coin between them among them."""
    often = Counter(part.text for part in found if part.figure is None)
    often.update({found[i].text: _OFTEN for i, _ in named})
    made: list[_Draft] = []
    at = 0
    while at < len(named):
        (i, name), end = named[at], at + 1
        while end < len(named) and _again(found, i, *named[end], name):
            end += 1
        stop = named[end][0] if end < len(named) else len(found)
        made += _cut(text, found, i, stop, _merged(name, [other for _, other in named[at + 1 : end]]), often)
        at = end
    return made


def _again(found: Sequence[Part], at: int, to: int, other: Name, name: Name) -> bool:
    """Whether a name behind another is the same coin's once more (its ticker, the unit of a supply), or a unit."""
    if other.symbol != name.symbol or to - at > _FAR:
        return False
    return found[to - 1].cell == found[to].cell or not any(p.figure for p in found[at + 1 : to])


def _merged(name: Name, again: Sequence[Name]) -> Name:
    spoken = next((n.printed for n in (name, *again) if n.printed != n.symbol), name.printed)
    money = next((n.currency for n in (name, *again) if n.currency and n.currency != name.symbol), None)
    other = any(n.printed != name.printed for n in again)
    return replace(
        name, printed=spoken, weak=name.weak and not other, mentions=1 + len(again), currency=money
    )


def _cut(
    text: str, found: Sequence[Part], at: int, stop: int, name: Name, often: Counter[str]
) -> list[_Draft]:
    """The candidate that a name begins, and those of other names behind it, each in words of their own. In a table drawn
    with marks a row ends with its line, and no other begins within it."""
    segments: list[tuple[int, list[int]]] = [(at, [])]
    end = _line_end(text, found[at])
    for i in range(at + 1, min(stop, len(found))):
        part = found[i]
        if part.cell - found[segments[-1][0]].cell > _CELLS or len(bare(part.text)) > _WORDS:
            break
        if part.figure is None:
            if _begins(found, i, segments[-1][1], often) and not (end and part.start < end):
                segments.append((i, []))
                end = _line_end(text, part)
        elif len(segments[-1][1]) < _FIGURES and not (end and part.start >= end):
            segments[-1][1].append(i)
    for _, own in segments:
        if len(own) > 1 and found[own[-1]].bare and own[-1] + 1 in (stop, *(i for i, _ in segments)):
            own.pop()  # the next row's rank
    return _drafted(found, name, segments, often)


def _begins(found: Sequence[Part], at: int, figures: Sequence[int], often: Counter[str]) -> bool:
    """Whether words behind a row's figures begin another row: in a cell of their own, and no words of rows."""
    words = found[at].text
    return bool(
        figures and found[at].cell != found[at - 1].cell and not (_furniture(words) or often[words] >= _OFTEN)
    )


def _line_end(text: str, part: Part) -> int:
    """Where the line of a table drawn with marks ends; 0 for a part that stands in none."""
    begin, line = line_at(text, part.end - 1)
    return begin + len(line) if max(line.count("|"), line.count("\t")) >= _DRAWN else 0


def _drafted(
    found: Sequence[Part], name: Name, segments: Sequence[tuple[int, list[int]]], often: Counter[str]
) -> list[_Draft]:
    at, figures = segments[0]
    first = _Draft(
        name, name.printed, at, figures[-1] if figures else at, tuple(figures), _is_prose(found, at, often)
    )
    others = [
        _Draft(None, bare(found[i].text) or found[i].text, i, own[-1], tuple(own))
        for i, own in segments[1:]
        if own
    ]
    return [first, *others]


def _furniture(words: str) -> bool:
    """Words that stand in a row and begin none: heads, signs, links, units."""
    return bool(head(words) or is_link(words) or currency_of(words)) or sign_word(words) is not None


def _is_prose(found: Sequence[Part], at: int, often: Counter[str]) -> bool:
    """Whether the name's cell is a sentence: words in it that are no coin's name, head, sign or unit."""
    cell = [(i, p) for i, p in _cell(found, at) if p.figure is None and i != at]
    strange = [(i, p) for i, p in cell if not (_furniture(p.text) or often[p.text] >= _OFTEN)]
    behind = sum(len(p.text) for i, p in strange if i > at)
    counted = any(p.counted for _, p in cell) and bool(
        strange
    )  # `BTC $67,123, ETH $3,512` is no sentence yet
    return behind > 10 or sum(len(p.text) for _, p in strange) > 30 or counted


def _cell(found: Sequence[Part], at: int) -> Iterator[tuple[int, Part]]:
    """The parts of a name's cell near to it."""
    for i in range(max(0, at - _NEAR), min(len(found), at + _NEAR)):
        if found[i].cell == found[at].cell:
            yield i, found[i]


def _stretches(drafts: Sequence[_Draft]) -> Iterator[list[_Draft]]:
    """Candidates that follow one another closely. A sentence's is one only beside another that is none's."""
    stretch: list[_Draft] = []
    for draft in (*drafts, None):
        if stretch and (draft is None or draft.first - stretch[-1].last > _FAR):
            if any(d.name and not d.prose for d in stretch):
                yield stretch
            stretch = []
        if draft is not None:
            stretch.append(draft)


def _kinds(found: Sequence[Part], draft: _Draft) -> str:
    """A letter a figure: P a percent, M money, N another number."""
    letters = []
    for i in draft.figures:
        figure = found[i].figure
        assert figure is not None
        letters.append(
            "P" if figure.percent else "M" if figure.money and figure.currency not in COIN_CURRENCIES else "N"
        )
    return "".join(letters)


def _runs(text: str, found: Sequence[Part], stretch: Sequence[_Draft], coins: Coins) -> Iterator[Run]:
    """The shapes of a stretch, each a run; of a shape that others go on with, the longer ones are cut to it."""
    shapes = {draft.first: _kinds(found, draft) for draft in stretch if not draft.prose}
    named = Counter(shapes[d.first] for d in stretch if d.name and not d.prose)
    shares = {kinds: _share(kinds, named) for kinds in named}
    most = max(shares.values())
    usual = max(named, key=lambda kinds: (5 * shares[kinds] >= 4 * most, len(kinds), named[kinds]))
    groups: dict[str, list[_Draft]] = defaultdict(list)
    for draft in stretch:
        kinds = _kinds(found, draft)
        sentence = draft.prose and kinds.startswith(usual)
        if sentence:
            yield Run((_record(text, found, draft, len(usual)),), {}, (), prose=True)
        elif not draft.prose:
            groups[usual if kinds.startswith(usual) else kinds].append(draft)
    for kinds, drafts in groups.items():
        drawn = len({line_at(text, found[d.first].start)[0] for d in drafts}) == len(drafts)
        heads = _drawn_heads(text, found[drafts[0].first].start) if drawn else {}
        drawn = drawn and (bool(heads) or not _commas(text, found[drafts[0].first].start))
        records = tuple(
            compared(with_tickers([_record(text, found, d, len(kinds), drawn) for d in drafts], coins))
        )
        heads = heads or _heads(found, drafts[0], kinds)
        yield Run(records, heads, tuple(_above(found, drafts[0].first)))


def _share(kinds: str, shapes: Counter[str]) -> int:
    """How many candidates have this shape, or begin with it: at least a figure and what stands beside it."""
    return sum(n for other, n in shapes.items() if other.startswith(kinds)) if len(kinds) > 1 else 0


def _record(text: str, found: Sequence[Part], draft: _Draft, size: int, drawn: bool = False) -> Record:
    kept = draft.figures[:size]
    ways = (_columns(text, found, draft, kept) if drawn else []) or [
        f"#{place}" for place in range(len(kept))
    ]
    counts: Counter[str] = Counter()
    fields = []
    for way, i in zip(ways, kept, strict=True):
        part = found[i]
        assert part.figure is not None
        label, sign = _said(found, draft, i)
        fields.append(Field((way, counts[way]), part.text, part.figure, label, frozenset(), sign, 0))
        counts[way] += 1
    place = found[draft.first].start, found[kept[-1]].end
    words = " ".join(text[slice(*place)].split())
    first = (part.text for part in found[draft.first : kept[0]] if part.figure is None)
    said = tuple((str(n), bare(one)) for n, one in enumerate(islice(first, 4)))
    return Record(draft.name, draft.printed, tuple(fields), words, place, said)


def _said(found: Sequence[Part], draft: _Draft, at: int) -> tuple[Head | None, int]:
    """What the words beside a figure in its cell announce, and the sign they are."""
    part, before = found[at], found[at - 1]
    words = before.text if at - 1 > draft.first and before.figure is None else ""
    behind = found[at + 1] if at + 1 < len(found) and found[at + 1].cell == part.cell else None
    if before.cell != part.cell:
        return head(words), 0
    sign = sign_word(words) or (sign_word(behind.text) if behind and behind.figure is None else None) or 0
    strange = bool(words) and not _furniture(words) and any(map(str.isalpha, words))
    return Head("unknown") if strange else head(words), sign


def _columns(text: str, found: Sequence[Part], draft: _Draft, figures: Sequence[int]) -> list[str]:
    """The columns of a record's figures in a table drawn with marks; none where it is no row of one."""
    begin, line = line_at(text, found[draft.first].start)
    mark = _mark(line)
    inside = all(begin <= found[i].start < begin + len(line) for i in figures)
    return [f"#{text.count(mark, begin, found[i].start)}" for i in figures] if mark and inside else []


def _mark(line: str) -> str:
    """What sets a line's cells apart; commas do where no blank stands behind them, and then only under heads."""
    return next(
        (m for m in "|\t;" if line.count(m) >= 2), "," if line.count(",") >= 2 and ", " not in line else ""
    )


def _commas(text: str, at: int) -> bool:
    return _mark(line_at(text, at)[1]) == ","


def _drawn_heads(text: str, at: int) -> dict[str, str]:
    """The heads of a table drawn with marks, by column: the nearest row above with as many marks and no figure."""
    begin, line = line_at(text, at)
    mark = _mark(line)
    for _ in range(4 if mark else 0):
        if not begin:
            break
        begin, above = line_at(text, begin - 1)
        cells = above.split(mark)
        if above.strip(" |:-+\t") and len(cells) == len(line.split(mark)):
            return (
                {}
                if _DIGITS.search(_YEAR.sub("", above))
                else {f"#{n}": c.strip() for n, c in enumerate(cells) if c.strip()}
            )
    return {}


def _heads(found: Sequence[Part], first: _Draft, kinds: str) -> dict[str, str]:
    """The heads above a list, one a figure; empty if they are not as many, or do not fit the kinds."""
    years = [p.text for p in found[max(0, first.first - len(kinds)) : first.first] if _YEAR.fullmatch(p.text)]
    if len(years) == len(kinds) > 1:
        return {f"#{place}": year for place, year in enumerate(years)}
    words: list[str] = []
    begun = False
    for part in reversed(found[max(0, first.first - _ABOVE) : first.first]):
        if part.figure is not None and not part.bare:
            break
        if part.figure is not None:
            continue
        meanings = [part.text] if head(part.text) else part.text.split() if run_of_heads(part.text) else []
        roles = {m.role for w in meanings if (m := head(w))}
        if not meanings or (begun and not roles & {"name", "rank"}):
            break  # the heads begin with the name's: what stands above them is another row of heads
        begun = bool(roles & {"name", "rank"})
        words[:0] = meanings
    columns = [
        (w, m)
        for w in words
        if (m := head(w)) and m.role not in ("name", "rank", "time") and m.hint != "drawn"
    ]
    if len(columns) != len(kinds) or not all(_fits(m, k) for (_, m), k in zip(columns, kinds, strict=True)):
        return {}
    return {f"#{place}": w for place, (w, _) in enumerate(columns)}


def _fits(meaning: Head, kind: str) -> bool:
    return meaning.role == "other" or (
        meaning.role != "change" if kind == "M" else (meaning.role == "change") or kind != "P"
    )


def _above(found: Sequence[Part], first: int) -> list[str]:
    """The nearest short lines above, the nearest last."""
    near = [
        p.text
        for p in found[max(0, first - 12) : first]
        if p.figure is None and len(p.text) <= 60 and not head(p.text)
    ]
    return near[-4:]
