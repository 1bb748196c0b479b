"""What an alert is about, as it is said: `BTC change_pct < -5`, `ETH price > 5_000_000 KRW`, `etoday.co.kr silent 2h`.

    WHO FIELD OP NUMBER [CURRENCY] [on SITE]
    SITE silent SPAN

WHO is a coin by any name that the list of coins has, or `any`; SITE a host, which stands for those below it too.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from ..coins.registry import Coins
from ..errors import SitesError
from ..model import plain, site_of
from ..printed.figures import currency_of
from . import spans

FIELDS = ("price", "change_pct", "change_abs", "move_pct")
IN_MONEY = ("price", "change_abs")  # say nothing without a currency
ANY = "any"
EXPECTED = "expected WHO FIELD OP NUMBER [CURRENCY] [on SITE], or SITE silent SPAN"

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_bound = re.compile(
    r"(?P<who>.+?)\s+(?P<field>\w+)\s*(?P<op>[<>]=?|[=!≤≥]+)\s*(?P<number>[^\s%]+)\s*(?P<percent>%?)"
    r"(?:\s+(?P<currency>(?!on\b)\S+))?(?:\s+on\s+(?P<site>\S+))?"
)
_silent = re.compile(r"(?P<site>\S+)\s+silent(?:\s+(?P<span>.+))?")
_number = re.compile(r"[+-]?(?:\d+(?:_\d+)*)(?:\.\d+)?")
_site = re.compile(r"[\w-]+(?:\.[\w-]+)+|localhost", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Bound:
    """A rule on one figure of rows.

    text      the rule in one spelling, by which its state is kept
    who       a symbol; None: any coin
    field     one of FIELDS; move_pct is the percent against the neighbouring observation of the same site and currency
    op, number  the figure is held against this
    currency  of the rows that count; None: any
    site      of the rows that count, and those below it; None: any
    """

    text: str
    who: str | None
    field: str
    op: str
    number: Decimal
    currency: str | None
    site: str | None

    def holds(self, value: Decimal, firing: bool, margin: Decimal) -> bool:
        """Whether the rule is true of a value; one that is firing stays so until the value is back past the margin.

        margin  in percent of the bound
        """
        back = abs(self.number) * margin / 100 if firing else Decimal(0)
        shifted = self.number + back if self.op.startswith("<") else self.number - back
        return _OPERATORS[self.op](value, shifted)

    def concerns(self, symbol: str | None, currency: str | None, site: str | None) -> bool:
        """Whether rows of this coin, in this currency, from this site count."""
        return (
            (symbol is not None and self.who in (None, symbol))
            and self.currency in (None, currency)
            and (self.site is None or below(site, self.site))
        )


@dataclass(frozen=True, slots=True)
class Silence:
    """A rule on a site of which nothing newer was observed for longer than `span`; text as in Bound."""

    text: str
    site: str
    span: timedelta


Rule = Bound | Silence


def below(site: str | None, above: str) -> bool:
    """`m.etoday.co.kr` is `etoday.co.kr` too."""
    return site is not None and (site == above or site.endswith(f".{above}"))


def parse(text: str, coins: Coins, where: str, site: str | None = None) -> Rule:
    """A rule. SitesError, with the place `where`, for what is none.

    site  whose rule it is, where it does not name one
    """
    words = " ".join(text.split())
    try:
        if re.search(r"(?:^|\s)silent\b", words):
            return _silence(words, site)
        if found := _bound.fullmatch(words):
            return _on_figure(found, coins, site)
        raise _Wrong("cannot be read", EXPECTED)
    except _Wrong as wrong:
        raise SitesError(where, f"{words!r} {wrong.args[0]}", wrong.args[1]) from None


class _Wrong(Exception):
    """What is wrong with a rule, and what was expected."""


def _silence(words: str, site: str | None) -> Silence:
    found = _silent.fullmatch(words if not words.startswith("silent") or site is None else f"{site} {words}")
    if found is None:
        raise _Wrong("cannot be read", "expected SITE silent SPAN, such as etoday.co.kr silent 2h")
    host, span = _host(found["site"]), spans.parsed(found["span"] or "")
    if span is None:
        raise _Wrong("says no span", spans.WRITE)
    return Silence(f"{host} silent {spans.spelled(span)}", host, span)


def _on_figure(found: re.Match[str], coins: Coins, site: str | None) -> Bound:
    field, op = found["field"], found["op"]
    if field not in FIELDS:
        raise _Wrong(f"has no field {field!r}", f"expected {', '.join(FIELDS)}")
    if op not in _OPERATORS:
        raise _Wrong(f"compares by {op!r}", f"expected one of {' '.join(_OPERATORS)}")
    if found["percent"] and not field.endswith("_pct"):
        raise _Wrong(f"gives {field} in percent", "leave the % out")
    number = _figure(found["number"], field)
    currency = _currency(found["currency"], field)
    site = _host(found["site"]) if found["site"] else site
    who = _coin(found["who"], coins)
    text = f"{who or ANY} {field} {op} {plain(number)}"
    text += (f" {currency}" if currency else "") + (f" on {site}" if site else "")
    return Bound(text, who, field, op, number, currency, site)


def _figure(text: str, field: str) -> Decimal:
    if not _number.fullmatch(text):
        raise _Wrong(f"has no number in {text!r}", "expected one such as -5, 0.25 or 5_000_000")
    number = Decimal(text.replace("_", ""))
    if field == "price" and number <= 0:
        raise _Wrong("asks for a price that is none", "expected a number above 0")
    return number


def _currency(text: str | None, field: str) -> str | None:
    if text is None:
        if field in IN_MONEY:
            raise _Wrong(
                f"says no currency, and {field} is in one", "expected one such as KRW behind the number"
            )
        return None
    if code := currency_of(text) or currency_of(text.upper()):
        return code
    raise _Wrong(f"has no currency in {text!r}", "expected a code such as KRW or USD")


def _coin(text: str, coins: Coins) -> str | None:
    if text.lower() == ANY:
        return None
    if (symbol := coins.symbol(text) or coins.symbol(text.upper())) is not None:
        return symbol
    near = get_close_matches(text.upper(), {form.upper(): None for form in coins.spellings()}, 2, 0.6)
    meant = f"did you mean {' or '.join(near)}?" if near else "--coins FILE adds coins of your own"
    raise _Wrong(f"names no coin: {text!r} is not in the list", meant)


def _host(text: str) -> str:
    host = site_of(text if "//" in text else f"//{text}")
    if host is None or not _site.fullmatch(host):
        raise _Wrong(f"has no site in {text!r}", "expected a host such as etoday.co.kr")
    return host
