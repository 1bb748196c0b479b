"""What people type for coins, currencies and sites, read as what the store has; and what is nearest where it has none.

A coin answers to its symbol, to every name the registry knows, and to the names that pages printed, in any case. Several
stand with commas or blanks between: of `bitcoin cash, eth` the longest names count.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from functools import cached_property
from typing import Any, Literal, NamedTuple

from ..coins import load
from ..coins.registry import identity
from ..model import site_of
from ..printed.figures import currency_of
from .file import Connection
from .findings import IS_GUESSED, relation
from .queries import CALLED, OF_SITE, Selection, Symbols, filters, has, value

LONGEST = 5  # words of a coin's name
NEAR, NEAREST = 0.5, 3  # how like a name must be to be offered, and how many are
WORDS = {"coin": "of", "currency": "in", "site": "from"}

Lookup = Callable[[str], "list[str] | None"]


class Unmatched(NamedTuple):
    """An argument that no quote answers to.

    kind       what it was given as
    typed      as it was typed
    nearest    what would match, the nearest first; empty if nothing is near
    elsewhere  the store has it, but the other arguments leave nothing of it
    """

    kind: Literal["coin", "currency", "site"]
    typed: str
    nearest: tuple[str, ...] = ()
    elsewhere: bool = False

    def __str__(self) -> str:
        meant = f"; did you mean {', '.join(self.nearest)}?" if self.nearest else ""
        return f"no quotes {WORDS[self.kind]} {self.typed}{meant}"


class Asked(NamedTuple):
    """What a Selection comes to.

    which      the Selection as the store spells it, coins in the order asked for
    rows       how many quotes it has
    undated    how many quotes without a time it has, whatever `since` and `until` say
    unmatched  the arguments that give nothing
    """

    which: Selection
    rows: int
    undated: int
    unmatched: tuple[Unmatched, ...]


def asked(con: Connection, which: Selection) -> Asked:
    """Read a Selection and count what it comes to. TimeError as `filters`."""
    read = Read(con, which)
    test, values = read.condition()
    source, more, *_ = relation(which)
    rows = value(con, f"SELECT count(*) FROM {source} AS quotes WHERE {test}{more}", values)
    timeless, known = read.condition({**read.which, "since": None, "until": None})
    query = f"SELECT count(*) FROM {source} AS quotes WHERE {timeless}{more} AND observed_at IS NULL"
    seen = f"SELECT DISTINCT coalesce(symbol, name) FROM {source} AS quotes WHERE {test}{more}"
    found = con.execute(seen, values).fetchall()
    elsewhere = [Unmatched("coin", coin, (), True) for coin in read.coins if (coin,) not in found]
    told = read.unmatched or elsewhere if rows == 0 else [*read.unmatched, *elsewhere]
    return Asked(read.which, rows, value(con, query, known), tuple(told))


def condition(con: Connection, which: Selection) -> tuple[str, list[Any], list[str]]:
    """A Selection as a condition, the values for its question marks, and the coins in the order asked for.

    Warns of each argument that nothing in the store answers to. TimeError as `filters`.
    """
    read = Read(con, which)
    for unmatched in read.unmatched:
        warnings.warn(str(unmatched), stacklevel=_outside())
    return *read.condition(), read.coins


def _outside() -> int:
    """How many calls above the caller the code stands that uses this package: where a warning is to point."""
    package = __name__.partition(".")[0]
    level, frame = 1, sys._getframe(1)
    while frame.f_back and str(frame.f_globals.get("__name__")).partition(".")[0] == package:
        level, frame = level + 1, frame.f_back
    return level


class Read:
    """A Selection, read against a store.

    which      as the store spells it
    coins      the symbols (or names, of coins whose symbol nobody knows) in the order asked for
    unmatched  what nothing answers to
    """

    def __init__(self, con: Connection, which: Selection) -> None:
        self.names, self.which = Names(con, bool(which.get("guesses"))), which.copy()
        self.coins: list[str] = []
        self.unmatched: list[Unmatched] = []
        self._named = bool(which.get("symbols"))
        if self._named:
            self.which["symbols"] = self.coins
            for words in _runs(which.get("symbols")):
                self._take(words)
        if typed := which.get("currency"):
            self.which["currency"] = self._one(
                "currency", typed, _currencies(typed), currency_of(typed.upper())
            )
        if typed := which.get("site"):
            host = site_of(typed if "//" in typed else f"//{typed.strip()}")
            self.which["site"] = self._one("site", typed, [host] if host else [], None)

    def condition(self, which: Selection | None = None) -> tuple[str, list[Any]]:
        """As SQL; nothing where coins were named and the store has none of them."""
        test, values = filters(self.which if which is None else which)
        if not self._named:
            return test, values
        symbols = [coin for coin in self.coins if self.names.has("symbol", coin)]
        printed = [coin for coin in self.coins if coin not in symbols]
        tests = [f"symbol IN ({_marks(symbols)})"] if symbols else []
        tests += [f"symbol IS NULL AND name IN ({_marks(printed)})"] if printed else []
        return f"({' OR '.join(tests) or 'false'}) AND {test}", [*symbols, *printed, *values]

    def _take(self, words: list[str]) -> None:
        """Read words as coins; the printed names, which cost a look at every row, only where they are needed."""
        found = _longest(words, self.names.quickly)
        if not all(coins for _, coins in found):
            found = _longest(words, self.names.thoroughly)
        for text, coins in found:
            self.coins += [coin for coin in coins if coin not in self.coins]
            if not coins:
                self.unmatched.append(Unmatched("coin", text, self.names.near(text)))

    def _one(
        self, kind: Literal["currency", "site"], typed: str, spellings: Iterable[str], sure: str | None
    ) -> str:
        """The first spelling that the store has; else what was typed, and noted. sure: it is no slip of the pen."""
        for spelled in spellings:
            if self.names.has(kind, spelled):
                return spelled
        known = (
            () if sure else tuple(_close(typed, {each.casefold(): [each] for each in self.names.every(kind)}))
        )
        self.unmatched.append(Unmatched(kind, typed, known))
        return typed


class Names:
    """What a store calls things. Asked for no more than is needed: it may have tens of millions of rows."""

    def __init__(self, con: Connection, guesses: bool = False) -> None:
        self._con, self._guesses = con, guesses
        self._had: dict[tuple[str, str], bool] = {}

    def has(self, column: str, text: str) -> bool:
        """Is there a quote with this text in this column? A site has those of its subdomains."""
        if (column, text) not in self._had:
            test = OF_SITE if column == "site" else f"{column} = $1"
            guessed = self._guesses and column == "symbol" and value(self._con, IS_GUESSED, [text])
            self._had[column, text] = bool(guessed) or has(self._con, test, [text])
        return self._had[column, text]

    def every(self, column: str) -> list[str]:
        """All texts of a column."""
        rows = self._con.execute(f"SELECT DISTINCT {column} FROM quotes ORDER BY ALL").fetchall()
        return [text for (text,) in rows if text is not None]

    def quickly(self, text: str) -> list[str] | None:
        """The coin that a symbol or a name of the registry stands for, if the store has it; None for neither."""
        for spelled in (text, text.upper()) if " " not in text else ():
            if self.has("symbol", spelled):
                return [spelled]
        symbol = registered(text)
        return None if symbol is None else [symbol] * self.has("symbol", symbol)

    def thoroughly(self, text: str) -> list[str] | None:
        """The same, then the coins that pages call so."""
        return (
            self.quickly(text)
            or self.printed.get(identity(text))
            or (None if registered(text) is None else [])
        )

    @cached_property
    def printed(self) -> dict[str, list[str]]:
        """Every symbol and printed name, as `identity` has it -> the coins that it stands for."""
        found: dict[str, list[str]] = {}
        for symbol, name in self._con.execute(CALLED).fetchall():
            for text in filter(None, (symbol, name)):
                coins = found.setdefault(identity(text), [])
                coins += [symbol or name] * ((symbol or name) not in coins)
        return found

    def near(self, text: str) -> tuple[str, ...]:
        """The coins whose names, printed or known, are most like this text; none for what is no slip of the pen."""
        if registered(text):
            return ()
        known = {name: list(coins) for name, coins in self.printed.items()}
        for spelling in load().spellings():
            symbol = load().symbol(spelling)
            if symbol and identity(symbol) in self.printed:
                known.setdefault(identity(spelling), [symbol])
        return tuple(_close(identity(text), known))


def registered(text: str) -> str | None:
    """The symbol that the registry has for a name in any case; a name that is also a word counts capitalised there."""
    spelled = dict.fromkeys((text, text.upper(), text.title(), text.capitalize()))
    return next(filter(None, map(load().symbol, spelled)), None)


def _runs(typed: Symbols) -> Iterator[list[str]]:
    """Words between commas; each text of several stands for itself."""
    for text in [typed] if isinstance(typed, str) else typed or ():
        yield from filter(None, (part.split() for part in re.split("[,，、;]", text)))


def _longest(words: list[str], lookup: Lookup) -> list[tuple[str, list[str]]]:
    """Words cut into names, at each place the longest that is known; and what each stands for."""
    found: list[tuple[str, list[str]]] = []
    at = 0
    while at < len(words):
        for end in range(min(len(words), at + LONGEST), at, -1):
            text = " ".join(words[at:end])
            coins = lookup(text)
            if coins is not None or end == at + 1:
                found.append((text, coins or []))
                at = end
                break
    return found


def _currencies(typed: str) -> list[str]:
    """What a currency may be called here: `krw`, `won`, `원`."""
    marks = map(currency_of, (typed, typed.lower(), typed.capitalize()))
    return list(dict.fromkeys([typed.upper(), typed, *filter(None, marks)]))


def _close(text: str, known: dict[str, list[str]]) -> list[str]:
    """What the most alike of the known names stand for, each once."""
    alike = get_close_matches(text.casefold(), known, 2 * NEAREST, NEAR)
    return list(dict.fromkeys(coin for name in alike for coin in known[name]))[:NEAREST]


def _marks(values: list[str]) -> str:
    return ", ".join("?" * len(values))
