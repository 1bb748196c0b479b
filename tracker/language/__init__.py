"""What charts and the report say: every text, number and date in the reader's language. The folder is the registry.

A language is one TOML file, named by its code: texts with holes (`{n}`), the words for large numbers, how dates are laid
out, and which colours readers expect of rise and fall. Plurals, months and lists are Babel's, from Unicode's CLDR.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from ..errors import TrackerError

DEFAULT = "en"
MINUS = "\u2212"


def languages() -> tuple[str, ...]:
    """The languages there are: the files of this folder."""
    return tuple(sorted(path.stem for path in Path(__file__).parent.glob("*.toml")))


@cache
def language(code: str) -> Language:
    """The language of that code; TrackerError names the known ones."""
    if code not in languages():
        raise TrackerError(f"language {code}", "is not known", f"use {', '.join(languages())}")
    told = tomllib.loads((Path(__file__).parent / f"{code}.toml").read_text("utf-8"))
    return Language(
        code, told["babel"], told["texts"], told["dates"], tuple(map(tuple, told["numbers"]["units"])),
        told["numbers"]["mixed"], told["numbers"]["percent"], told["colours"], told["money"], told["zones"],
    )  # fmt: skip


@dataclass(frozen=True)
class Language:
    """One language.

    texts    key -> a text with holes, or {one, other} where a number `n` decides
    dates    unit -> pattern of CLDR
    units    (value, word) of large numbers, the largest first; mixed: `1억 2,000만`, not `1.2억`
    colours  rise and fall -> red, green or blue
    money    currency -> what a reader calls it; zones: zone -> likewise; what is missing keeps its code
    """

    code: str
    babel: str
    texts: Mapping[str, Any]
    dates: Mapping[str, str]
    units: tuple[tuple[float, str], ...]
    mixed: bool
    percent: str
    colours: Mapping[str, str]
    money: Mapping[str, str]
    zones: Mapping[str, str]

    def __hash__(self) -> int:
        return hash(self.code)

    def __call__(self, key: str, **facts: object) -> str:
        """The text of that key, its holes filled; whole numbers with their thousands marked."""
        text = self.texts[key]
        if not isinstance(text, str):
            text = text.get(self._locale.plural_form(facts["n"]), text["other"])
        said = {name: f"{fact:,}" if isinstance(fact, int) else fact for name, fact in facts.items()}
        return str(text.format(**said))

    @property
    def _locale(self) -> Any:
        return _locale(self.babel)

    def joined(self, names: Iterable[str], most: int = 6) -> str:
        """`BTC, ETH and XRP`; of more than `most` the first and how many more there are."""
        from babel.lists import format_list

        every = list(names)
        if len(every) > most:
            return self("and more", names=", ".join(every[:most]), n=len(every) - most)
        return format_list(every, locale=self._locale) if every else ""

    def when(self, moment: date, unit: str) -> str:
        """A date as `[dates]` lays out this unit: `3 Apr`, `4월 3일`."""
        return str(_dated(moment.replace(tzinfo=None) if isinstance(moment, datetime) else moment,
                          self.dates[unit], self.babel))  # fmt: skip

    def number(self, value: float) -> str:
        """A figure on an axis, `100M`, `8,692`, `1억 2,000만`; no exponent."""
        size = abs(value)
        unit, word = next(((u, w) for u, w in self.units if size >= u), (1.0, ""))
        if self.mixed and word:
            return _signed(("-" if value < 0 else "") + self._mixed(size))
        return _signed(_short(value / unit, 6 if word else 3 if size >= 1000 else 12) + word)

    def _mixed(self, size: float) -> str:
        """`1억 2,000만`: the largest unit and the next below it; what is below that is rounded away."""
        at = next(n for n, (unit, _) in enumerate(self.units) if size >= unit)
        unit, word = self.units[at]
        lower, below = self.units[at + 1] if at + 1 < len(self.units) else (1.0, "")
        whole, rest = divmod(round(size / lower), round(unit / lower))
        return f"{whole:,}{word}" + (f" {rest:,}{below}" if rest else "")

    def percentage(self, value: float) -> str:
        """A signed change, two decimals at most: `+1.14 %`, `−2.13 %`, `0 %`."""
        return self.percent.format(self.signed(value))

    def signed(self, value: float) -> str:
        """The same without the sign of percent."""
        text = f"{value:+,.2f}".rstrip("0").rstrip(".")
        return "0" if text in {"+0", "-0"} else _signed(text)

    def unit(self, money: str) -> str:
        """What prices are in."""
        return self.money.get(money, money)

    def zone(self, name: str) -> str:
        """What the zone is called; its name in the tz database if nothing else is known."""
        return self.zones.get(name, name)


def _short(value: float, digits: int) -> str:
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _signed(text: str) -> str:
    return text.replace("-", MINUS)


def price(value: float) -> str:
    """A price in words, as printed: `8,692,000`, `63.7`; ten digits at most."""
    return f"{Decimal(f'{value:.10g}'):,f}"


@cache
def _locale(name: str) -> Any:
    from babel import Locale

    return Locale.parse(name)


@cache
def _pattern(pattern: str) -> Any:
    from babel.dates import parse_pattern

    return parse_pattern(pattern)


def _dated(moment: date, pattern: str, locale: str) -> Any:
    from babel.dates import DateTimePattern

    parsed: DateTimePattern = _pattern(pattern)
    return parsed.apply(moment, _locale(locale))
