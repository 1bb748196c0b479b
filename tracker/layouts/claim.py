"""Layout + text -> the blocks it claims, row by row. Pure.

The layout's patterns see the page's lines without bullets and empty lines, so that one layout serves saved HTML,
archives and text corpora. A stretch between two rows that fits no pattern is a refused row: nothing is passed over.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate

from ..coins.names import name_of
from ..coins.registry import Coins
from ..model import Quote, Refusal
from ..printed.figures import Figure, Mark, currency_of, narrow, read, vote
from ..printed.heads import sign_word
from ..printed.signs import Change, contradiction, impossible, settle
from .layout import Layout

_BEFORE, _AFTER = 2_000, 16_000  # characters around the needle that a block may take
_FIGURES = ("price", "change_pct", "change_abs")
_NEEDLES = 200  # places of the needle that are looked at
_GIVE_UP = 4  # lines in a row that fit nothing end a block without an `end`
_BULLETS = "•▪◦●■◆"
# A line without what only leads it, bullets elsewhere than there being letters and signs, and without blanks behind.
_LINE = re.compile(r"^[ \t\u00a0·※*]*+([^\n]*\S)", re.MULTILINE)


@dataclass(slots=True)
class Claim:
    """One block of one layout: span in the page's text, rows in order, refused stretches."""

    start: int
    end: int
    first: int
    quotes: list[Quote] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Lines:
    """Cleaned lines joined by line breaks, and where each began in the page."""

    text: str
    starts: tuple[int, ...]  # in the cleaned text
    origins: tuple[int, ...]  # in the page

    def origin(self, at: int) -> int:
        line = max(0, bisect_right(self.starts, at) - 1)
        return self.origins[line] + at - self.starts[line] if self.starts else 0


def claims(text: str, layout: Layout, coins: Coins) -> Iterator[Claim]:
    """The blocks of `text`, to which the layout applies, that it claims; a claim may hold refused rows and no
    quotes."""
    for start, end in _stretches(text, layout.needle):
        yield from _claims(_clean(text, start, end), layout, coins)


def _stretches(text: str, needle: str) -> Iterator[tuple[int, int]]:
    """The stretches of whole lines around the places of the needle; those that touch are one."""
    if not needle:
        yield 0, len(text)
        return
    at, found = text.find(needle), 0
    while at >= 0 and found < _NEEDLES:
        start, last = at, at
        while (after := text.find(needle, last + 1, last + _AFTER)) >= 0 and found < _NEEDLES:
            last, found = after, found + 1
        end = text.find("\n", last + _AFTER)
        end = end if end >= 0 else len(text)
        yield max(0, start - _BEFORE), end
        at, found = text.find(needle, end), found + 1


def _claims(lines: _Lines, layout: Layout, coins: Coins) -> Iterator[Claim]:
    at = 0
    while match := layout.begin.search(lines.text, at):
        reader = _Reader(layout, coins, lines, match)
        claim = reader.read()
        at = max(reader.at, match.end(), match.start() + 1)
        if claim.quotes or claim.refused:
            yield claim


def _clean(text: str, start: int, end: int) -> _Lines:
    at = text.rfind("\n", 0, start) + 1
    cleaned = narrow(text[at:end])
    for bullet in _BULLETS:
        cleaned = cleaned.replace(bullet, " ")
    found = list(_LINE.finditer(cleaned))
    lines = [match[1] for match in found]
    starts = tuple(accumulate((len(line) + 1 for line in lines), initial=0))[:-1]
    return _Lines("\n".join(lines), starts, tuple(at + match.start(1) for match in found))


@dataclass(frozen=True, slots=True)
class _Match:
    """One match of the row's pattern: its span, its text folded, what its holes caught."""

    start: int
    end: int
    text: str
    holes: dict[str, str | None]
    figures: dict[str, Figure]


def _matched(match: re.Match[str]) -> _Match:
    holes = match.groupdict()
    figures = {hole: figure for hole in _FIGURES if (text := holes.get(hole)) and (figure := read(text))}
    return _Match(match.start(), match.end(), " ".join(match.group().split()), holes, figures)


class _Reader:
    """Reads one block from its `begin` on."""

    def __init__(self, layout: Layout, coins: Coins, lines: _Lines, begin: re.Match[str]) -> None:
        self.layout, self.coins, self.lines, self.begin = layout, coins, lines, begin
        following = layout.begin.search(lines.text, begin.end()) if begin.end() > begin.start() else None
        limit = following.start() if following else len(lines.text)  # a heading in a menu is no block's
        ending = layout.end.search(lines.text, begin.end(), limit) if layout.end else None
        self.stop = ending.start() if ending else limit
        self.foot = ending.end() if ending else None
        self.at = begin.end()
        self.matches: list[_Match] = []
        self.lost: list[tuple[int, str]] = []  # how many rows stood before it, its text

    def read(self) -> Claim:
        pending: list[str] = []
        while (at := self._blank(self.at)) < self.stop and len(pending) < (
            _GIVE_UP if self.foot is None else 10**6
        ):
            found = self._fits(at)
            if found is None:
                pending.append(self._pass_over(at))
                continue
            row = _matched(found) if found.re is self.layout.row else None
            if row and pending and not self._known(row):
                pending.append(self._pass_over(at))
                continue
            self._lose(pending)
            pending = []
            self.at = found.end()
            if row:
                self.matches.append(row)
        cut = self.layout.end is not None and at >= self.stop and self._looks_like_a_row(pending)
        if self.foot is not None or cut:
            self._lose(pending)
        return self._claim()

    def _known(self, row: _Match) -> bool:
        """Whether a row names a known coin: behind lines that fit nothing no other name is trusted, nor a lost one."""
        names = (row.holes.get(hole) for hole in ("symbol", "name", "coin"))
        return any(name and _symbol(name, self.coins) for name in names)

    def _looks_like_a_row(self, lines: list[str]) -> bool:
        """Whether the last lines of a page that was cut off began a row."""
        return bool(lines) and (
            _symbol(lines[0], self.coins) is not None or bool(re.match(r"[\d+-]", lines[0]))
        )

    def _blank(self, at: int) -> int:
        while at < self.stop and self.lines.text[at].isspace():
            at += 1
        return at

    def _fits(self, at: int) -> re.Match[str] | None:
        for pattern in (self.layout.row, *self.layout.skip):
            match = pattern.match(self.lines.text, at, self.stop)
            if match and match.end() > at:
                return match
        return None

    def _pass_over(self, at: int) -> str:
        """One line that fits nothing; of a long line, one word."""
        end = self.lines.text.find("\n", at, self.stop)
        end = self.stop if end < 0 else end
        if end - at > 160:
            blank = re.compile(r"\s").search(self.lines.text, at + 1, end)
            end = blank.start() if blank else end
        self.at = end
        return self.lines.text[at:end]

    def _lose(self, pending: list[str]) -> None:
        """Lines between two rows are a broken row; before the first row only if they hold a figure."""
        text = " ".join(" ".join(pending).split())
        if re.search(r"\w" if self.matches else r"\d", text):
            self.lost.append((len(self.matches), text[:300]))

    def _claim(self) -> Claim:
        layout = self.layout
        last = self.matches[-1].end if self.matches else self.begin.end()
        first = self.matches[0].start if self.matches else self.begin.end()
        origin = self.lines.origin
        claim = Claim(origin(self.begin.start()), origin(self.foot or last), origin(first))
        printed = self._printed(max(first, self.begin.end()))
        mark = self._mark()
        for i, match in enumerate(self.matches):
            self._refuse_lost(claim, i)
            if self._neighbour(match):
                continue
            row = _row(
                match, layout, self.coins, mark, printed, rank=len(claim.quotes) + len(claim.refused) + 1
            )
            if isinstance(row, Quote):
                claim.quotes.append(row)
            else:
                claim.refused.append(row)
        self._refuse_lost(claim, len(self.matches))
        return claim

    def _printed(self, until: int) -> str | None:
        """The currency that the block's head prints."""
        pattern = self.layout.printed
        match = pattern.search(self.lines.text, self.begin.start(), until) if pattern else None
        return currency_of(match.group(1)) if match else None

    def _neighbour(self, match: _Match) -> bool:
        """Whether a row of a list of many things names something else than a coin."""
        coin = match.holes.get("coin")
        return coin is not None and _symbol(coin, self.coins) is None

    def _refuse_lost(self, claim: Claim, before: int) -> None:
        claim.refused.extend(
            Refusal(text, f"does not fit the row of layout {self.layout.id}")
            for n, text in self.lost
            if n == before
        )

    def _mark(self) -> Mark | None:
        if self.layout.decimal:
            return "," if self.layout.decimal == "," else "."
        figures = [figure for match in self.matches for figure in match.figures.values()]
        return vote(f.digits for f in figures if f.value(".") is not None or f.value(",") is not None)


def _row(
    match: _Match, layout: Layout, coins: Coins, mark: Mark | None, head: str | None, rank: int
) -> Quote | Refusal:
    """One matched row as a quote, or why it is none."""
    text, holes, price = match.text, match.holes, match.figures.get("price")
    value = price.value(mark) if price and mark else None
    if price is None or value is None:
        return Refusal(text, "the price is no number in this block's format")
    word = sign_word(holes.get("sign") or "")
    percent, amount = (
        _change(match.figures.get(hole), layout, mark, word) for hole in ("change_pct", "change_abs")
    )
    if value <= 0:
        return Refusal(text, "the price is not above zero")
    signed, moved, flags = settle(value, percent, amount)
    if reason := impossible(value, signed, moved):
        return Refusal(text, reason)
    if contradiction(value, percent, amount):
        flags.add("inconsistent")
    name, symbol = _named(holes.get("name") or holes.get("coin"), holes.get("symbol"), coins, flags)
    currency = _currency(price, holes, layout, head, coins, flags)
    return Quote(
        rank=rank, name=name, symbol=symbol, currency=currency, price=value, change_pct=signed, change_abs=moved,
        change_window=None if signed is None and moved is None else layout.window, row_text=text, flags=tuple(sorted(flags)),
    )  # fmt: skip


def _change(figure: Figure | None, layout: Layout, mark: Mark | None, word: int | None) -> Change | None:
    size = figure.value(mark) if figure and mark else None
    if figure is None or size is None:
        return None
    seen = (
        None if figure.doubt or (word and figure.sign and word != figure.sign) else figure.sign or word or 0
    )
    return Change(size, seen, layout.unsigned == "rise", layout.unsigned == "lost")


def _named(
    name: str | None, ticker: str | None, coins: Coins, flags: set[str]
) -> tuple[str | None, str | None]:
    """The printed name and the coin it is; a printed ticker has the last word if it is known."""
    name = " ".join(name.split()).strip(" :|-") if name else None
    if not name and not ticker:
        flags.add("name-missing")
        return None, None
    symbol = (coins.symbol(ticker) if ticker else None) or (_symbol(name, coins) if name else None)
    if symbol is None:
        flags.add("symbol-unknown")
    return name or ticker, symbol


def _symbol(name: str, coins: Coins) -> str | None:
    known = name_of(name, coins)
    return coins.symbol(name) or (known.symbol if known else None)


def _currency(
    price: Figure,
    holes: dict[str, str | None],
    layout: Layout,
    head: str | None,
    coins: Coins,
    flags: set[str],
) -> str | None:
    """Printed beside the price, in the head or in the pair; else asserted by the layout, which is flagged."""
    pair = name_of(holes.get("name") or holes.get("coin") or "", coins)
    printed = price.currency or head or (pair.currency if pair else None)
    if printed or not layout.currency:
        return printed
    flags.add("currency-assumed")
    return layout.currency
