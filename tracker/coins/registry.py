"""coins.csv -> the symbol for a printed name.

The table has one row a coin: `symbol` (its ticker), `english` and `korean` (as exchanges print them), `others`
(further spellings, `|` between them) and `weak` (which of these spellings also mean something else). A printed ticker
always gets its own symbol: a renamed coin has a row for each of its tickers, and its plain name belongs to one of them.

How spellings are compared:

- full-width forms are narrowed; a run of white space, or a hyphen between two words, is one space;
- a ticker (capitals and digits only) of up to four characters counts in capitals only, and so does a weak one;
- a weak name counts as listed, in capitals or capitalised: `Dash` and `DASH`, not `dash`;
- every other spelling counts in any case;
- a spelling outside ASCII also counts without the spaces it has: `비트코인 캐시`, `비트코인캐시`;
- a letter with a dot below counts as one character or as two: `বিটকয়েন`.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from ..errors import CoinsError

COLUMNS = ("symbol", "english", "korean", "others", "weak")
# Words that head a figure (`HIGH 64,000`, `ROA 5.2`): never a coin by themselves, only as the other half of a bracket.
LABELS = frozenset("ADX ATH C H HIGH OPEN ROA TEL Balance BALANCE Status STATUS".split())

_TABLE = Path(__file__).with_name("coins.csv")
_HEAD = 4  # characters by which spellings are looked up
_UNSPACED = "\u0e00-\u0e7f\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7a3"  # Thai, Kana, Han, Hangul
_HYPHENS = "\\-\u2010\u2011\u2013"

# A character of a script with spaces between words; also a digit or an underscore, and the vowels and points that are
# written on a letter in Indic scripts, Hebrew and Arabic.
_letter = re.compile(rf"[^\W{_UNSPACED}]|[\u0591-\u05c7\u064b-\u065f\u0900-\u0963\u0966-\u0dff]")
_hyphen = re.compile(rf"(?<=\w)[{_HYPHENS}](?=\w)")
_uneven = re.compile(rf"[\t\xa0\u2000-\u200a\u202f\u3000\uff01-\uff5e{_HYPHENS}]|  ")
_space = re.compile(r"[ \t\xa0\u2000-\u200a\u202f\u3000]")
_LATIN = "\u0250"  # no Latin letter stands behind it
_CAPITALS = re.compile(
    "[A-Z0-9]++(?![a-z\u00df-\u024f])|[A-Z]{2,}[a-z]++"
)  # a ticker, or one glued before a name
_SHORT = 5  # a ticker that is printed in small letters is no longer
_line = re.compile("\n")
_bracketed = re.compile(r"([^()\[\]]+)[(\[]([^()\[\]]+)[)\]]")
_figure = re.compile(rf"\d[\d.,]*+(?![^\W_{_UNSPACED}])")  # digits that do not go on as letters
_DOTTED = {unicodedata.normalize("NFD", c): c for c in map(chr, (*range(0x958, 0x960), 0x9DC, 0x9DD, 0x9DF))}
_dotted = re.compile("|".join(_DOTTED))  # what Unicode keeps apart, and pages print as one
_narrow = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}


_Search = Callable[[str], list[tuple[int, int, int]]]


@dataclass(frozen=True, slots=True)
class Coin:
    """What a printed spelling stands for. weak: it also means something else, so alone it is no evidence."""

    symbol: str
    weak: bool


class _Row(NamedTuple):
    """One line of a table: its spellings, folded, and those of them that are weak."""

    line: int
    symbol: str
    spellings: tuple[str, ...]
    weak: tuple[str, ...]


class Coins:
    """The known spellings. Nothing changes them once they are made."""

    __slots__ = ("_coins", "_lengths", "_rows", "_words")

    def __init__(self, rows: Iterable[_Row]) -> None:
        self._rows = tuple(rows)
        self._coins = _index(self._rows)
        self._lengths: dict[str, int] = {}  # how a spelling begins -> how long those spellings are, as bits
        for key in self._coins:
            head = key[:_HEAD]
            self._lengths[head] = self._lengths.get(head, 0) | 1 << len(key)
        self._words: _Search | None = None  # made when it is asked for

    def __len__(self) -> int:
        """How many spellings there are."""
        return sum(len(row.spellings) for row in self._rows)

    def spellings(self) -> tuple[str, ...]:
        """Every spelling as listed, in the order of the table."""
        return tuple(text for row in self._rows for text in row.spellings)

    def forms(self) -> Iterable[tuple[str, Coin]]:
        """Every form under which a spelling is found, in small letters where case does not matter, and its coin."""
        return self._coins.items()

    def may_name(self, words: str) -> bool:
        """Whether words may name a coin, as `names.name_of` reads them. Nearly all of a page do not: one search says so."""
        text = words if words.isascii() else words.translate(_narrow)
        places = self._places(text)
        return places is None or next(places, None) is not None or self._is_short(text)

    def naming(self, words: Iterable[str]) -> frozenset[str]:
        """Those of many words that `may_name`: one search for all."""
        listed = [*words]
        joined = "\n".join(listed)
        text = joined if joined.isascii() else joined.translate(_narrow)
        if (places := self._places(text)) is None:
            return frozenset(filter(self.may_name, listed))
        starts = [0, *(match.end() for match in _line.finditer(joined))]
        if len(starts) != len(listed):  # words of several lines
            return frozenset(filter(self.may_name, listed))
        short = (one for one in listed if len(one) <= _SHORT and self.may_name(one))
        return frozenset((*(listed[bisect_right(starts, at) - 1] for at in places), *short))

    def _places(self, text: str) -> Iterator[int] | None:
        """Where words stand that may begin a coin's name, or end it; None where no search tells."""
        if self._words is None:
            self._words = _search(self._coins)
        low = text.lower()
        try:
            found = self._words(low)
        except UnicodeEncodeError:  # half a surrogate pair
            return None
        if len(low) != len(text):
            return None
        named = (start for _, start, end in found if _may_stand(text, start, end))
        return chain(named, (run.start() for run in _CAPITALS.finditer(text) if self._may_be_ticker(run[0])))

    def _may_be_ticker(self, run: str) -> bool:
        return len(run) > 3 or run in self._coins

    def _is_short(self, text: str) -> bool:
        return len(text) <= _SHORT and text.upper() in self._coins

    def symbol(self, name: str) -> str | None:
        """The symbol of a whole printed name; None if unknown. See `get`."""
        coin = self.get(name)
        return coin.symbol if coin else None

    def get(self, name: str) -> Coin | None:
        """What a whole printed name stands for: `BTC`, `비트코인 캐시`, `Bitcoin (BTC)`, `엑스알피 [리플]`.

        In a bracketed form either both halves mean one coin, which is then sure, or one half is unknown and the other
        is not weak: `Acme Holdings (META)` is no coin. None if the halves disagree, or if nothing is known.
        """
        text = fold(name)
        if coin := self._find(text):
            return None if text in LABELS else coin
        halves = _bracketed.fullmatch(text)
        return self._agreed(halves[1].strip(), halves[2].strip()) if halves else None

    def longest(self, text: str, at: int = 0) -> tuple[int, Coin] | None:
        """The longest known spelling that starts at text[at]: where it ends, and its coin; None if there is none.

        Spellings in letters begin and end at word boundaries, but a name may touch a figure (`Bitcoin30,347`) or its
        own ticker, which then belongs to it (`BitcoinBTC`). Spellings in scripts without word spaces count as the
        beginning of whatever follows: whether it may follow is for the caller to judge. Line breaks end a spelling.
        """
        head = text[at : at + _HEAD]
        if not head.isalnum() or (not head.isascii() and _uneven.search(head)):
            head = _window(text, at, _HEAD + 1)[0][:_HEAD]
        lengths = self._lengths_at(head)
        window, ends = _window(text, at, lengths.bit_length())
        while lengths:
            length = lengths.bit_length() - 1
            lengths ^= 1 << length
            spelling = window[:length]
            coin = self._find(spelling) if len(spelling) == length and spelling not in LABELS else None
            if coin and (found := _bounded(text, at, ends[length - 1], spelling, coin)):
                return found
        return None

    def _find(self, text: str) -> Coin | None:
        return self._coins.get(text) or self._coins.get(text.lower())

    def _lengths_at(self, head: str) -> int:
        """The lengths of the spellings that begin like this, as bits; a short spelling is its own beginning."""
        known = self._lengths.get
        lengths = known(head, 0) | known(head[:3], 0) | known(head[:2], 0) | known(head[:1], 0)
        low = head.lower()
        return lengths if low == head else lengths | known(low, 0) | known(low[:3], 0)

    def _agreed(self, outer: str, inner: str) -> Coin | None:
        one, two = self._find(outer), self._find(inner)
        if one and two:
            return Coin(one.symbol, one.weak and outer == inner) if one.symbol == two.symbol else None
        known = one or two
        return known if known and not known.weak else None


def load(extra: Path | None = None) -> Coins:
    """The built-in coins, and those of a user's table on top: the columns of the built-in one, `symbol` alone needed.

    A spelling in the user's table takes the place of the same spelling in the built-in one.
    CoinsError names the file and the line of what cannot be used.
    """
    if extra is None:
        return _builtin()
    own = tuple(_unique(extra))
    taken = {identity(text) for row in own for text in row.spellings}
    return Coins((*(_without(row, taken) for row in _builtin()._rows), *own))


def spellings() -> tuple[str, ...]:
    """Every built-in spelling, for building search patterns."""
    return _builtin().spellings()


def fold(name: str) -> str:
    """Full-width forms narrowed; a run of white space, or a hyphen between words, as one space; case kept."""
    text = name if name.isascii() else unicodedata.normalize("NFKC", name)
    return " ".join(_hyphen.sub(" ", text).split())


def identity(spelling: str) -> str:
    """What two rows may not share: the spelling without case, white space and hyphens."""
    return re.sub(rf"[{_HYPHENS} ]", "", fold(spelling)).casefold()


@cache
def _builtin() -> Coins:
    return Coins(_read(_TABLE))


def _index(rows: Iterable[_Row]) -> dict[str, Coin]:
    """Every form under which a spelling is found, by the rules at the head of this file."""
    known: dict[str, Coin] = {}
    for _, symbol, spellings, weak in rows:
        coin = Coin(symbol, False)
        for text in spellings:
            if text not in weak:
                known[text if len(text) <= 4 and _is_ticker(text) else text.lower()] = coin
        coin = Coin(symbol, True) if weak else coin
        for text in weak:
            known[text] = coin
            if not _is_ticker(text):
                known[text.upper()] = known[text.title()] = coin
    known |= {key.replace(" ", ""): coin for key, coin in known.items() if " " in key and not key.isascii()}
    known |= {_dotted.sub(_one, key): coin for key, coin in known.items() if _dotted.search(key)}
    return known


def _search(coins: Iterable[str]) -> _Search:
    """The search for the longest word of each spelling but tickers of up to four letters."""
    from ahocorasick_rs import AhoCorasick, MatchKind

    names = {
        max(key.lower().split(" "), key=len)
        for key in coins
        if len(key) > 4 or not (key.isascii() and _is_ticker(key))
    }
    found: _Search = AhoCorasick(names, matchkind=MatchKind.LeftmostLongest).find_matches_as_indexes
    return found


def _may_stand(text: str, start: int, end: int) -> bool:
    """Whether a word of a spelling may be text[start:end]: no small Latin letter goes on at either end."""
    if text[start] > _LATIN or not text[start:end].isalnum():
        return True
    before, behind = text[max(0, start - 1) : start], text[end : end + 1]
    return not (before.islower() and before < _LATIN) and not (behind.islower() and behind < _LATIN)


def _one(dotted: re.Match[str]) -> str:
    return _DOTTED[dotted[0]]


def _is_ticker(spelling: str) -> bool:
    return spelling.isupper() and spelling.isalnum()


def _window(text: str, at: int, size: int) -> tuple[str, Sequence[int]]:
    """Up to `size` characters from text[at] on, folded, and where each of them ends in text."""
    window = text[at : at + size]
    if not _uneven.search(window):
        return window, range(at + 1, at + size + 1)
    chars: list[str] = []
    ends: list[int] = []
    for end, char in enumerate(text[at : at + 4 * size], at + 1):
        blank = _space.match(char)
        if blank and chars and chars[-1] == " ":
            continue
        if len(chars) == size:
            break
        chars.append(" " if blank else char)
        ends.append(end)
    return _hyphen.sub(" ", "".join(chars).translate(_narrow)), ends


def _bounded(text: str, at: int, end: int, spelling: str, coin: Coin) -> tuple[int, Coin] | None:
    """The spelling at text[at:end] if it may begin and end there; with its own ticker if that is glued on."""
    name = not spelling.isupper()
    ranked = (
        name and not spelling[0].isdigit() and text[at - 1 : at].isdigit()
    )  # `1Bitcoin`: a rank touches it
    if at and _letter.match(text, at - 1) and _letter.match(spelling) and not ranked:
        return None
    if not (_letter.match(spelling[-1]) and _letter.match(text, end)):
        return end, coin
    if not name or spelling[-1].isdigit():
        return None
    ticker = end + len(coin.symbol) if text.startswith(coin.symbol, end) else end
    if _figure.match(text, ticker) or (ticker > end and not _letter.match(text, ticker)):
        return ticker, Coin(coin.symbol, coin.weak and ticker == end)
    return None


def _without(row: _Row, taken: set[str]) -> _Row:
    left = tuple(text for text in row.spellings if identity(text) not in taken)
    return row._replace(spellings=left, weak=tuple(text for text in row.weak if text in left))


def _unique(path: Path) -> Iterator[_Row]:
    """The rows of a table. CoinsError if two of them share a spelling."""
    first: dict[str, _Row] = {}
    for row in _read(path):
        for text in row.spellings:
            other = first.setdefault(identity(text), row)
            if other.symbol != row.symbol:
                reason = f"{text!r} is also a spelling of {other.symbol} on line {other.line}"
                raise _wrong(path, row.line, reason, "leave it in one of the two rows")
        yield row


def _read(path: Path) -> Iterator[_Row]:
    """The rows of a table. CoinsError for one that cannot be used."""
    for line, (symbol, english, korean, others, weak) in _lines(path):
        symbol = symbol.strip()
        spellings = _distinct((symbol, english, korean, *others.split("|")))
        if not symbol.isascii() or not symbol.isupper() or " " in symbol:
            raise _wrong(
                path, line, f"{symbol!r} is no symbol", "write the ticker in capitals, without spaces"
            )
        doubtful = spellings if weak.strip() == "1" else _distinct(weak.split("|")) if weak else ()
        if not set(doubtful).issubset(spellings):
            stray = next(text for text in doubtful if text not in spellings)
            reason = f"the weak spelling {stray!r} is none of the row's"
            raise _wrong(path, line, reason, "list it as it stands in the row, or write 1 for all of them")
        yield _Row(line, symbol, spellings, doubtful)


def _distinct(cells: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(str.strip, cells))))


def _lines(path: Path) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The lines of a table with their numbers, folded cells in the order of COLUMNS. CoinsError if it is no table."""
    reader = csv.reader(map(_even_line, _text(path).splitlines()), strict=True)
    try:
        head = [cell.strip() for cell in next(reader, [])]
        if "symbol" not in head or not set(head) <= set(COLUMNS):
            raise _wrong(path, 1, "is no head of a coin list", f"name the columns {', '.join(COLUMNS)}")
        places = itemgetter(*(head.index(column) if column in head else -1 for column in COLUMNS))
        for cells in reader:
            if len(cells) > len(head):
                raise _wrong(path, reader.line_num, "has more cells than the head", "quote cells with commas")
            if any(cells):
                cells += [""] * (len(head) + 1 - len(cells))
                yield reader.line_num, places(cells)
    except csv.Error as error:
        raise _wrong(path, reader.line_num, f"is no CSV: {error}", "quote it as CSV does") from error


def _text(path: Path) -> str:
    try:
        return unicodedata.normalize("NFKC", path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise CoinsError(str(path), f"cannot be read: {error.strerror}", "name a CSV file") from error
    except UnicodeDecodeError as error:
        raise CoinsError(str(path), "is not UTF-8", "save it as UTF-8") from error


def _even_line(line: str) -> str:
    """fold(line), at no cost for the many that need nothing."""
    return fold(line) if "-" in line or "  " in line or "\t" in line or "\u2013" in line else line


def _wrong(path: Path, line: int, reason: str, remedy: str) -> CoinsError:
    return CoinsError(f"{path}:{line}", reason, remedy)
