"""Parts -> candidate rows: a known coin in a row's place, and the figures that follow it. Pure.

What a row is comes before what its figures mean: here only names and order count. Sentences fall out here, because
words that belong to no table stand between their coin and their figures.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from .cells import Part
from .coins import Coins
from .heads import Head, head, is_link, label_sign, run_of_heads, sign_word
from .values import CODES, Figure, currency_of

_FIGURES, _WORDS = 16, 60  # a row has at most so many figures; a name is at most so long
_SEPARATOR = re.compile(r"(?:[\s\-–/()\[\]:,·_.|]|\b(?:to|vs|in)\b|\bcrypto:)+", re.IGNORECASE)
_CODE = re.compile(r"[A-Za-z]{3,4}(?![A-Za-z])|[가-힣]{1,2}|円|元")
_MARKETS = ("KRW", "USDT", "USDC", "BTC", "ETH")  # what a share or a metal is not traded against
_GLUED_PAIR = re.compile(r"([A-Z]{3,5})(USDT|USDC|USD|KRW|EUR|GBP|JPY|AUD|CAD|INR|BRL|TRY)(?![A-Za-z0-9])")
_RANK = re.compile(r"(?:[#№]\s?\d{1,4}|\d{1,4}[.)])\s+")


@dataclass(frozen=True, slots=True)
class Name:
    """A printed name that is a coin's from end to end.

    printed   as printed
    symbol    the coin; currency: of a pair such as `BTC/KRW`, `Bitcoin GBP`; None if none is named
    mentions  how often the coin is named: `Bitcoin (BTC)` twice
    weak      the one spelling used is also a word or a share; `Dash (DASH)`, `LINK/USDT` are not weak
    label     the label or sign word that stands behind the name: `Bitcoin price:`, `Bitcoin up`
    """

    printed: str
    symbol: str
    currency: str | None
    mentions: int
    weak: bool
    label: str = ""


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
    prose: str = ""  # what makes it a sentence
    rank: int | None = None

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

    @classmethod
    def nameless(cls, items: list[Item]) -> Row:
        """A row whose name the page lost."""
        first, last = items[0], items[-1]
        return cls(Name("", "", None, 0, False), first.at, last.at, (first.part.cell, last.part.cell), items)

    @property
    def kinds(self) -> str:
        """One letter a figure: P a percent, Q a quantity, N another."""
        return "".join("Q" if i.quantity else "P" if i.figure.percent else "N" for i in self.items)


def rows(found: Sequence[Part], coins: Coins) -> list[Row]:
    """Every candidate row, in page order; they never overlap."""
    named = {
        i: name for i, part in enumerate(found) if not part.figure and (name := _anchor(part.text, coins))
    }
    named = dict(sorted({**named, **_behind_heads(found, named, coins)}.items()))
    template = _template(found, named)
    leads = _leads(found, named)
    made, at = [], -1
    for i, name in named.items():
        if i > at:
            row = _Reader(found, named, template, leads, i, name).read()
            at = row.last
            made.append(row)
    _strip_ranks(made, found)
    return [row for row in made if row.items]


def _behind_heads(found: Sequence[Part], named: dict[int, Name], coins: Coins) -> dict[int, Name]:
    """The first name of a table on one line, where the words before it are heads that nobody knows: two more
    names further on in its cell say that it is a table."""
    cells = Counter(found[i].cell for i in named)
    firsts = {found[i].cell: i for i in reversed(range(len(found))) if cells[found[i].cell] >= 2}
    return {
        i: name
        for i in firsts.values()
        if i not in named and not found[i].figure and (name := _last_name(found[i].text, coins))
    }


def _last_name(words: str, coins: Coins) -> Name | None:
    """The longest coin's name that words end with."""
    split = words.split()
    names = (name_of(" ".join(split[i:]), coins) for i in range(max(1, len(split) - 5), len(split)))
    return next((name for name in names if name and not name.label), None)


def _leads(found: Sequence[Part], named: dict[int, Name]) -> dict[int, int]:
    """Names that stand behind a price in one cell, `$60,209.73 BTC +6.76%` -> the part that their row begins with.

    Only where two rows do so: a lone figure before a name is the end of something else.
    """
    leads: dict[int, int] = {}
    for i in named:
        first = i
        while first and found[first - 1].figure and found[first - 1].cell == found[i].cell:
            first -= 1
        opens = first == 0 or found[first - 1].cell != found[i].cell
        lead = found[first].figure
        if (
            first < i and opens and lead and lead.money
        ):  # without a mark, `0.00003411 BTC` is an amount of coins
            leads[i] = first
    return leads if len(leads) >= 2 else {}


def _anchor(words: str, coins: Coins) -> Name | None:
    """The name that words are, or end with behind nothing but column heads (a table on one line)."""
    if name := name_of(words, coins):
        return name
    name = _last_name(words, coins)
    return name if name and run_of_heads(words.removesuffix(name.printed)) else None


@lru_cache(maxsize=4096)
def name_of(words: str, coins: Coins) -> Name | None:
    """Read words as a coin's name from end to end: names and tickers of one coin, a pair's currency, a label.

    None if any other word stands there: `Bitcoin ETF`, `비트코인은`, `CMC Crypto 200` name no coin.
    """
    if len(words) > _WORDS:
        return None
    at = match.end() if (match := _RANK.match(words)) else 0
    symbols: list[str] = []
    spelled: set[str] = set()
    currency, weak, rest = None, True, ""
    while at < len(words):
        if gap := _SEPARATOR.match(words, at):
            at = gap.end()
            continue
        hit = coins.longest(words, at)
        if hit and (not symbols or hit[1].symbol == symbols[0] or _paired(words, at)):
            if symbols and hit[1].symbol != symbols[0]:
                currency = hit[1].symbol
            else:
                symbols.append(hit[1].symbol)
                spelled.add(words[at : hit[0]])
                weak = weak and hit[1].weak
            at = hit[0]
        elif symbols and (code := _code(words, at)):
            currency, at = code
        elif not symbols and at == 0 and words[3:4] == "-" and (code := _code(words, at)):
            currency, at = code  # `KRW-BTC`: an exchange's market code
        elif not symbols and (pair := _pair(words, at, coins)):
            symbols.append(pair[0])
            currency, at, weak = pair[1], pair[2], False
        else:
            rest = words[at:]
            break
    if not symbols:
        return _glued(words, coins) or _small(words, coins)
    if rest and not _is_label(rest):
        return None
    weak = weak and len(spelled) < 2 and currency not in _MARKETS
    return Name(words[: len(words) - len(rest)].strip(" :(-"), symbols[0], currency, len(symbols), weak, rest)


def _paired(words: str, at: int) -> bool:
    """Whether a second coin is what the first is priced in: `ETH/BTC`, `ETH-BTC`."""
    return at > 0 and words[at - 1] in "/-_"


def _code(words: str, at: int) -> tuple[str, int] | None:
    match = _CODE.match(words, at)
    found = currency_of(match.group()) or currency_of(match.group().upper()) if match else None
    return (found, match.end()) if match and found else None


def _pair(words: str, at: int, coins: Coins) -> tuple[str, str, int] | None:
    """`BTCUSD`, `ETHKRW`: a ticker and a currency with nothing between."""
    match = _GLUED_PAIR.match(words, at)
    coin = coins.get(match[1]) if match else None
    currency = currency_of(match[2]) if match else None
    return (coin.symbol, currency, match.end()) if match and coin and currency else None


def _is_label(rest: str) -> bool:
    meaning = head(rest)
    return (meaning is not None and meaning.role in ("price", "change")) or sign_word(rest) is not None


def _glued(words: str, coins: Coins) -> Name | None:
    """`BitcoinBTC`: a name and its ticker with nothing between."""
    for size in range(2, 7):
        name, ticker = coins.get(words[:-size]), coins.get(words[-size:])
        if name and ticker and name.symbol == ticker.symbol and words[-size:].isupper():
            return Name(words, name.symbol, None, 2, name.weak and ticker.weak)
    return None


def _small(words: str, coins: Coins) -> Name | None:
    """`btc`: a ticker in small letters; never strong by itself."""
    coin = coins.get(words.upper()) if words.isalpha() and words.islower() and 3 <= len(words) <= 5 else None
    return Name(words, coin.symbol, None, 1, True) if coin else None


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


class _Reader:
    """Reads one row from its name on, until words that do not belong to it."""

    def __init__(
        self, found: Sequence[Part], named: dict[int, Name], template: frozenset[str], leads: dict[int, int],
        at: int, name: Name,
    ) -> None:  # fmt: skip
        self.found, self.named, self.template, self.leads = found, named, template, leads
        self.starts = frozenset(leads.values())
        cell = found[at].cell
        self.row = Row(name, at, at, (cell, cell), currency=name.currency)
        self.label: Head | None = None
        self.sign: int | None = None
        self.converted = False  # the coin was named again: a figure in this cell counts coins
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
            row.last, row.cells = row.items[-1].at, (row.cells[0], row.items[-1].part.cell)
        return row

    def _figure(self, part: Part, at: int) -> bool:
        row, figure = self.row, part.figure
        assert figure is not None
        if len(row.items) >= _FIGURES or (not row.items and part.cell - row.cells[0] > 6):
            return False
        again = figure.currency == row.name.symbol or (
            self.converted and not figure.percent and not figure.sign and not figure.money
        )
        item = Item(at, part, figure, self.label, self.sign, again)
        if not row.items and figure.bracketed is False and part.text.startswith("(") and not figure.percent:
            row.prose = "the price stands in a bracket behind the name"
        row.items.append(item)
        self.label = self.sign = None
        self.converted = False
        return True

    def _words(self, part: Part, at: int) -> bool:
        row, words = self.row, part.text
        if name := self.named.get(at):
            return self._named(name, part, at)
        previous = self.found[at - 1]
        if (sign := sign_word(words)) is not None:
            if row.items and previous.figure and previous.cell == part.cell and not self._figure_follows(at):
                row.items[-1].word_sign = sign
            else:
                self.sign = sign
            return True
        if (code := currency_of(words)) and len(words) <= 4:
            row.currency = row.currency or (code if words in CODES else None)
            return True
        if self._own_row(part, at):
            return False
        meaning = head(words)
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
