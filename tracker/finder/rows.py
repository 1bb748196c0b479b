"""Parts -> candidate rows: a known coin in a row's place, and the figures that follow it. Pure.

What a row is comes before what its figures mean: here only names and order count. Sentences fall out here, because
words that belong to no table stand between their coin and their figures.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, takewhile

from ..coins.names import Name, last_name, name_of
from ..coins.registry import Coins
from ..printed.figures import CODES, Figure, currency_of
from ..printed.heads import Head, head, is_link, label_sign, run_of_heads, sign_word, window
from .cells import Part, is_conversion

_LINK = re.compile(r"\W*\[?([^\[\]]+)\]\(https?:[^\s()]*\)?$")  # a link as Markdown writes it
_PICTURE = re.compile(r"[a-z][a-z-]{2,}(?=[A-Z])")
_LOT = re.compile(r"1(?:0{2,9}|(?:,000){1,3})")
_FAR = 40  # parts behind a name in which its currency is looked for
_MOST = 16  # a row has at most so many figures
_LIST = 3  # coins of one line that are a list
_LEAD = 80  # characters of a line before a coin that is told of in a sentence


@dataclass(slots=True)
class Item:
    """One figure of a row, with the words that stood before it in the row."""

    at: int  # index of its part
    part: Part
    figure: Figure
    label: Head | None = None
    word_sign: int | None = None
    quantity: bool = False  # counted in the coin itself: a supply, a holding, a converter's 1.00


@dataclass(slots=True)
class Row:
    """A coin and its figures, in page order. first, last: indices of its parts."""

    name: Name
    first: int
    last: int
    cells: tuple[int, int]
    items: list[Item] = field(default_factory=list)
    currency: str | None = None  # printed as a word of its own: a cell `USD`
    prose: str = ""  # what makes it a sentence, or no row of prices
    listed: bool = False  # it is no sentence all the same
    held: bool = False  # what may be an amount of coins stands before what it is worth
    rank: int | None = None

    @property
    def unknown(self) -> bool:
        """Its name is no known coin's."""
        return not self.name.symbol

    def refuse(self, reason: str) -> None:
        """Take it for no row of prices, though it is no sentence."""
        self.prose, self.listed = self.prose or reason, self.listed or not self.prose

    def cut(self, size: int) -> None:
        """Keep the first `size` figures; the row ends with the last of them."""
        del self.items[size:]
        if self.items:
            end = self.items[-1]
            self.last, self.cells = end.at, (self.cells[0], end.part.cell)

    def drop_last(self) -> int:
        """Take the last figure, a plain integer, off the row."""
        number = int(self.items[-1].figure.digits)
        self.cut(len(self.items) - 1)
        return number

    @property
    def kinds(self) -> str:
        """One letter a figure: P a percent, Q a quantity, N another."""
        return "".join("Q" if i.quantity else "P" if i.figure.percent else "N" for i in self.items)


def rows(found: Sequence[Part], may: Container[str], coins: Coins) -> list[Row]:
    """Every candidate row, in page order; they never overlap. A name without figures is a row without items.

    may  the words that may name a coin: see `naming`
    """
    names = ((i, part) for i, part in enumerate(found) if not part.figure and part.text in may)
    named = {i: name for i, part in names if (name := _anchor(part.text, coins))}
    named = dict(sorted({**named, **_behind_heads(found, named, coins)}.items()))
    template = _template(found, named)
    leads = _leads(found, named)
    fronts = _fronts(found, named) - set(leads.values())
    money = _money_places(found, named)
    made, at = [], -1
    for i, name in named.items():
        if i > at:
            row = _Reader(found, named, template, leads, fronts, money, i, name).read()
            at = row.last
            made.append(row)
    _strip_ranks(made, found)
    _mark_lots(made, found)
    _mark_told(made, found)
    return made


def _mark_told(made: list[Row], found: Sequence[Part]) -> None:
    """A coin or two far behind the beginning of a line stand in a sentence: `… from 0.006 dollars for 1 XRP to 2.7 USD`."""
    cells = Counter(row.cells[0] for row in made)
    for row in made:
        if row.items and cells[row.cells[0]] < _LIST and _leading(found, row.first) > _LEAD:
            row.refuse("it stands in a sentence")


def _leading(found: Sequence[Part], at: int) -> int:
    """How many characters of its cell stand before a part."""
    cell = found[at].cell
    return sum(len(part.text) for part in takewhile(lambda part: part.cell == cell, reversed(found[:at])))


def _mark_lots(made: list[Row], found: Sequence[Part]) -> None:
    """`1000 SHIB $0.02412` is the price of a thousand; behind `3.2 ETH` stands what those are worth."""
    taken = -1  # the last figure of the row before
    for row in made:
        before = found[row.first - 1] if row.first - 1 > taken else None
        taken = row.last if row.items else taken
        if before is None or before.figure is None or before.cell != found[row.first].cell:
            continue
        figure = before.figure
        amount = not before.bare and not figure.money and not figure.percent and not figure.sign
        if amount or _LOT.fullmatch(figure.digits):
            row.refuse("an amount of the coin stands before its name")


def _fronts(found: Sequence[Part], named: dict[int, Name]) -> set[int]:
    """Figures that begin a cell with a name behind them: they are of that cell's row, never of the row before."""
    fronts: set[int] = set()
    for i in named:
        first = i
        while first and found[first - 1].figure and found[first - 1].cell == found[i].cell:
            first -= 1
        one = found[first].text == "1"  # `1 BTC =` is the row's own
        if first < i and not one and (first == 0 or found[first - 1].cell != found[i].cell):
            fronts.add(first)
    return fronts


def _behind_heads(found: Sequence[Part], named: dict[int, Name], coins: Coins) -> dict[int, Name]:
    """The first name of a table on one line, where the words before it are heads that nobody knows: two more
    names further on in its cell say that it is a table."""
    cells = Counter(found[i].cell for i in named)
    firsts = {found[i].cell: i for i in reversed(range(len(found))) if cells[found[i].cell] >= 2}
    return {
        i: name
        for i in firsts.values()
        if i not in named and not found[i].figure and (name := last_name(found[i].text, coins))
    }


def _leads(found: Sequence[Part], named: dict[int, Name]) -> dict[int, int]:
    """Names that stand behind figures in one cell, `$60,209.73 BTC +6.76%`, `+2.1% BTC $60,209` -> the part that
    their row begins with.

    Only where two rows do so: a lone figure before a name is the end of something else.
    """
    leads: dict[int, int] = {}
    for first in _fronts(found, named):
        i = next(i for i in range(first, len(found)) if i in named)
        lead = found[first].figure
        # Without a mark `0.00003411 BTC` is an amount of coins; behind a comma the name begins a row of its own.
        if lead and (lead.money or lead.percent) and not found[i].counted:
            leads[i] = first
    return leads if len(leads) >= 2 else {}


def _anchor(words: str, coins: Coins) -> Name | None:
    """The name that words are, or end with behind nothing but column heads (a table on one line); a link's words are
    those that it shows, and a picture's name may stand right before (`tetherTether(USDT)`)."""
    if not coins.may_name(words):
        return None
    if "](" in words and (link := _LINK.match(words)):
        words = link[1]
    if name := name_of(words, coins):
        return name
    picture = _PICTURE.match(words)
    if picture and (name := name_of(words[picture.end() :], coins)) and name.mentions >= 2:
        return name
    name = last_name(words, coins)
    return name if name and run_of_heads(words.removesuffix(name.printed)) else None


def _template(found: Sequence[Part], named: dict[int, Name]) -> frozenset[str]:
    """Words that stand between name and figures of several different coins: the page's own furniture (`Buy`)."""
    seen: dict[str, set[str]] = defaultdict(set)
    for i, name in named.items():
        for part in found[i + 1 : i + 4]:
            if part.figure:
                break
            seen[part.text].add(name.symbol)
    coins = len({name.symbol for name in named.values()})
    return frozenset(w for w, who in seen.items() if len(who) >= max(2, coins / 2))


def _money_places(found: Sequence[Part], named: dict[int, Name]) -> frozenset[str]:
    """Where a currency stands as a word of its own in more than half of the coins' rows: there it is each row's own.

    Elsewhere it may lead a row of exchange rates behind the coin. Before the first figure one coin alone may have it.
    """
    seen: dict[str, set[str]] = defaultdict(set)
    rows: set[str] = set()
    for i, name in named.items():
        end = next(
            (j for j in range(i + 1, min(i + _FAR, len(found))) if j in named), min(i + _FAR, len(found))
        )
        rows.update({name.symbol} if any(part.figure for part in found[i + 1 : end]) else ())
        for j in range(i + 1, end):
            if not found[j].figure and currency_of(found[j].text):
                seen[_place(found, i, j)].add(name.symbol)
    return frozenset(
        place
        for place, who in seen.items()
        if 2 * len(who) > len(rows) and (len(who) > 1 or "F" not in place)
    )


def _place(found: Sequence[Part], name: int, at: int) -> str:
    """The figures between a row's name and a word, and what follows the word: `F.F`, `F.`, `.F`."""
    before = "".join("F" if part.figure else "" for part in found[name + 1 : at])
    after = "F" if at + 1 < len(found) and found[at + 1].figure else ""
    return f"{before}.{after}"


class _Reader:
    """Reads one row from its name on, until words that do not belong to it."""

    def __init__(
        self, found: Sequence[Part], named: dict[int, Name], template: frozenset[str], leads: dict[int, int],
        fronts: set[int], money: frozenset[str], at: int, name: Name,
    ) -> None:  # fmt: skip
        self.name_at, self.money = at, money
        self.found, self.named, self.template, self.leads = found, named, template, leads
        self.starts = frozenset(leads.values()) | fronts
        cell = found[at].cell
        self.row = Row(name, at, at, (cell, cell), currency=name.currency)
        self.label: Head | None = None
        self.sign: int | None = None
        self.converted = False  # the coin was named again: a figure in this cell counts coins
        self.past = at  # the last figure of the row, or what it is in other money
        self._learn(name.label)

    def read(self) -> Row:
        row, name = self.row, self.row.first
        for at in range(self.leads.get(name, name), name):
            self._figure(self.found[at], at)
            row.first = min(row.first, at)
        for at in range(name + 1, len(self.found)):
            part = self.found[at]
            if at in self.starts or (name in self.leads and part.cell != self.found[name].cell):
                break
            if not (self._figure(part, at) if part.figure else self._words(part, at)):
                break
        if row.items:
            row.last, row.cells = self.past, (row.cells[0], self.found[self.past].cell)
        return row

    def _figure(self, part: Part, at: int) -> bool:
        row, figure = self.row, part.figure
        assert figure is not None
        if len(row.items) >= _MOST or (not row.items and part.cell - row.cells[0] > 6):
            return False
        if row.items and self.past == at - 1 and is_conversion(row.items[-1].part, part):
            if not row.items[-1].figure.money and not row.name.currency and not row.currency:
                row.held = True
            self.past = at
            return True
        again = figure.currency == row.name.symbol or (
            self.converted and not figure.percent and not figure.sign and not figure.money
        )
        if figure.percent and figure.currency:
            row.currency = row.currency or figure.currency  # `$88,412.10 CAD +1.2%`
        item = Item(at, part, figure, self.label, self.sign, again)
        if not row.items and figure.bracketed is False and part.text.startswith("(") and not figure.percent:
            row.prose = "the price stands in a bracket behind the name"
        row.items.append(item)
        self.past = at
        self.label = self.sign = None
        self.converted = False
        return True

    def _words(self, part: Part, at: int) -> bool:
        row, words = self.row, part.text
        if name := self.named.get(at):
            return self._named(name, part, at)
        if words == row.name.symbol:
            return True  # a ticker that is also a label: `OPEN`
        previous = self.found[at - 1]
        if not any(map(str.isalpha, words)):
            return True  # a clock, a date
        if (sign := sign_word(words)) is not None:
            if row.items and previous.figure and previous.cell == part.cell and not self._figure_follows(at):
                row.items[-1].word_sign = sign
            else:
                self.sign = sign
            return True
        if (code := currency_of(words)) and (len(words) <= 4 or row.items):
            if not self._is_own_money(part, at):
                return False  # it leads a row of its own: `USD 1,350.0`, `엔 912`
            row.currency = row.currency or (code if row.items or words in CODES else None)
            return True
        if self._own_row(part, at):
            return False
        meaning = head(words)
        if meaning and self._is_behind(meaning, previous, part, at):
            row.items[-1].label = meaning
            return True
        if meaning and meaning.role != "name":
            if meaning.role != "rank" or not re.search(r"\d", words):  # `#1 rank` is no label of what follows
                self._learn(words)
            return True
        if is_link(words) or (words in self.template and not row.items):
            return True
        # Behind the figures of a row on one line: a sentence, or another row (`Nasdaq 16,349 +1.2%`).
        trailing = row.items and previous.figure and previous.cell == part.cell == row.cells[0]
        if trailing and (len(words) > 25 or not self._figure_follows(at)):
            row.prose = f"words behind the figures: {words[:40]}"
        return False

    def _is_own_money(self, part: Part, at: int) -> bool:
        """Whether a currency word is the row's: it ends the cell of the row's last figure, or most rows print one there."""
        last = self.row.items[-1].part if self.row.items else None
        if last and last is self.found[at - 1] and last.cell == part.cell and not self._figure_follows(at):
            return True
        return _place(self.found, self.name_at, at) in self.money

    def _is_behind(self, meaning: Head, previous: Part, part: Part, at: int) -> bool:
        """The window of the percent before it, at the end of its cell: `+3.62% 24h`."""
        last = self.row.items[-1] if self.row.items else None
        return (
            last is not None and last.at == at - 1 and last.figure.percent and last.label is None
            and meaning.role == "change" and meaning.window is not None and previous.cell == part.cell
            and (not self._figure_follows(at) or self._is_window(at + 2, part.cell))
        )  # fmt: skip

    def _is_window(self, at: int, cell: int) -> bool:
        """Words of this cell that name a window: `+3.6% 24h, -5.0% 7d`."""
        part = self.found[at] if at < len(self.found) else None
        return part is not None and not part.figure and part.cell == cell and window(part.text) is not None

    def _own_row(self, part: Part, at: int) -> bool:
        """Words with figures in a cell of their own, where the rows take one cell each: `Market cap: $2.4T`."""
        row = self.row
        whole = bool(row.items) and row.cells[0] == row.items[-1].part.cell
        return whole and part.cell != row.cells[0] and self._figure_follows(at)

    def _named(self, name: Name, part: Part, at: int) -> bool:
        """Another coin ends the row; the same coin is named again."""
        row = self.row
        if name.symbol != row.name.symbol or (
            row.items and name.currency and name.currency != row.name.currency
        ):
            return False
        if not row.items:
            known = row.name
            row.name = Name(
                known.printed, known.symbol, known.currency or name.currency,
                known.mentions + name.mentions, known.weak and name.weak and known.printed == name.printed,
            )  # fmt: skip
            row.currency = row.currency or name.currency
        elif row.items[-1].part.cell == part.cell and row.items[-1].figure.digits == "1":
            row.items.pop()  # `1 BTC =`: what follows is the price
        elif (
            len(row.items) >= 2 and name.printed == row.name.printed and not name.label
            and part.cell != row.items[-1].part.cell
        ):  # fmt: skip
            return False  # the same list once more
        elif (
            row.items[-1].at == at - 1
            and row.items[-1].part.cell == part.cell
            and not self._figure_follows(at)
        ):
            row.items[-1].quantity = not row.items[-1].figure.money and not row.items[-1].figure.percent
        else:
            self.converted = True
        self._learn(name.label)
        return True

    def _learn(self, words: str) -> None:
        """What a label says of the next figure."""
        if not words:
            return
        self.label = head(words)
        self.sign = label_sign(words) if label_sign(words) is not None else self.sign

    def _figure_follows(self, at: int) -> bool:
        following = self.found[at + 1 : at + 2]
        return bool(following and following[0].figure and following[0].cell == self.found[at].cell)


def _strip_ranks(made: list[Row], found: Sequence[Part]) -> None:
    """A small integer right before the next row's name is that row's rank where such integers rise down the page.

    One that begins the name's own cell (`2 Ethereum 3,100`) is a rank without further proof.
    """
    for row, after in pairwise(made):
        if row.items and row.last == after.first - 1 and row.items[-1].part.bare:
            before = found[row.last - 1]
            if row.items[-1].part.cell == after.cells[0] and before.cell != after.cells[0]:
                after.rank = row.drop_last()
    trailing = [
        (row, after, int(row.items[-1].figure.digits))
        for row, after in pairwise(made)
        if row.items and row.items[-1].part.bare and row.last == after.first - 1 and len(row.items) > 1
    ]
    numbers = [rank for _, _, rank in trailing]
    opening = found[made[0].first - 1] if made and made[0].first else None
    if opening and opening.bare and opening.figure:
        numbers.insert(0, int(opening.figure.digits))
    steps = [b - a for a, b in pairwise(numbers)]
    by_one = sum(step == 1 for step in steps) >= max(1, 0.7 * len(steps))
    if trailing and (by_one or (len(steps) >= 3 and all(step > 0 for step in steps))):
        for row, after, _ in trailing:
            after.rank = row.drop_last()
