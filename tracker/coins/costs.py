"""What coins cost in each week: whether a list's figures can be prices, when, and in which money. Pure.

costs.txt.gz holds the lowest and highest price in dollars of 60 coins, week by week from 2013 to 2026, and the lowest
and highest rate of 34 currencies, month by month (bench/tables/costs.py makes it). Where it has nothing (other coins, holes,
later weeks, other money) it says nothing. It is evidence, never a price.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path

from .elsewhere import ROUGHLY

Span = tuple[float, float]

# How far a site's figure may lie beyond a week's lowest and highest price elsewhere.
MARGIN = 0.06
# Where prices stand above the world's for a while: closed markets. A share of the price, upwards only.
PREMIUM: dict[str, float] = {"KRW": 0.12, "TRY": 0.12, "INR": 0.12, "ZAR": 0.06, "JPY": 0.03}
PREMIA: tuple[tuple[str, date, date, float], ...] = (
    ("KRW", date(2017, 11, 20), date(2018, 2, 12), 0.55),  # up to about 50 % in January 2018
    ("KRW", date(2021, 3, 1), date(2021, 6, 7), 0.25),  # up to about 20 % in spring 2021
)
_DOLLARS = frozenset("USD USDT USDC BUSD FDUSD".split())  # a dollar within the margin
_DATA = Path(__file__).with_name("costs.txt.gz")
_FAR = 2  # times the dearest coin's highest price: later weeks than the table's bring higher ones
_AWAY = 2.5  # times what they cost in the table's last weeks: as far as large coins go in a year or so
_RECENT = 8  # weeks
_DAY = 10  # characters of a day, by which a coin's series begins; those of a currency begin by a month
_EPOCH = date(2013, 1, 7)  # a Monday; weeks are counted from here


@dataclass(frozen=True, slots=True)
class Fit:
    """How a list fits what its coins cost.

    tested   coins that the table knows somewhere
    fitting  the most of them that fit one week
    weeks    in how many weeks all that are known then fit: two thirds of those tested, or three that are half of them
    first, last  the Mondays of the first and last such week
    """

    tested: int = 0
    fitting: int = 0
    weeks: int = 0
    first: date | None = None
    last: date | None = None


def fit(
    prices: Sequence[tuple[str, Decimal]], currency: str, since: date | None = None, until: date | None = None
) -> Fit:
    """How (symbol, price) pairs in one currency fit the weeks between two days; an empty Fit where nothing is known."""
    return _fit(tuple(prices), currency, since, until)


@lru_cache(maxsize=256)  # a list is asked about by every reader and every way to lay out its columns
def _fit(
    prices: tuple[tuple[str, Decimal], ...], currency: str, since: date | None, until: date | None
) -> Fit:
    rates = _rates(currency)
    tested = [(coin, float(price)) for symbol, price in prices if (coin := _coin(symbol))]
    if not rates or not tested:
        return Fit()
    known, fits = _counted(tested, rates)
    open_ = since is None and until is None
    weeks = [week for week in known if open_ or _within(week, since, until)]
    best = max((fits.get(week, 0) for week in weeks), default=0)
    found = [w for w in weeks if fits.get(w, 0) == known[w] and _enough(known[w], len(tested))]
    days = [_monday(min(found)), _monday(max(found))] if found else [None, None]
    return Fit(len(tested), best, len(found), days[0], days[1])


def _enough(known: int, tested: int) -> bool:
    """Whether a week knows enough of a list's coins to speak for it: of several series the ends differ."""
    return 3 * known >= 2 * tested or (known >= 3 and 2 * known >= tested)


def _counted(
    tested: Sequence[tuple[dict[int, Span], float]], rates: dict[int, Span]
) -> tuple[dict[int, int], dict[int, int]]:
    """How many of the coins are known in each week that has a rate, and how many of them cost so much then."""
    known: dict[int, int] = {}
    fits: dict[int, int] = {}
    for coin, price in tested:
        for week, span in coin.items():
            if money := rates.get(week):
                known[week] = known.get(week, 0) + 1
                if _fits(span, price, money):
                    fits[week] = fits.get(week, 0) + 1
    return known, fits


def currencies(
    prices: Sequence[tuple[str, Decimal]], when: date | None = None, *, least: int = 3
) -> tuple[str, ...]:
    """The currencies in which the whole list fits some week (that of `when`, or one beside it); none under so many coins:
    two often fit some money by chance."""
    if len({symbol for symbol, _ in prices if _coin(symbol)}) < least:
        return ()
    near = None if when is None else range(_week(when) - 1, _week(when) + 2)
    found: set[str] = set()
    for week, low, high in _implied(tuple(prices)):
        if near is None or week in near:
            found |= {
                c
                for c in _money()
                if c not in found and (r := _rates(c).get(week)) and r[0] <= high and low <= r[1]
            }
    return tuple(sorted(found))


def lately(prices: Sequence[tuple[str, Decimal]], currency: str) -> tuple[int, int]:
    """How many coins the table's last weeks know, and how many of them are priced not far from what they cost then: prices
    of later weeks, which the table does not have."""
    rates = _rates(currency)
    known = [(span, float(price)) for symbol, price in prices if (span := _last(symbol))]
    if not rates or not known:
        return 0, 0
    money = rates[max(rates)]
    near = sum(span[0] * money[0] / _AWAY <= price <= span[1] * money[1] * _AWAY for span, price in known)
    return len(known), near


def in_some_money(prices: Sequence[tuple[str, Decimal]], *, least: int = 4) -> bool:
    """Whether one rate to the dollar leads a whole list to what its coins cost in some week: a list in money whose rates the
    table does not have. Never under so many coins."""
    return len({symbol for symbol, _ in prices if _coin(symbol)}) >= least and bool(_implied(tuple(prices)))


def _last(symbol: str) -> Span | None:
    """What a coin cost in the table's last weeks; None where it has none of them."""
    weeks = _coin(symbol)
    last = [weeks[week] for week in range(_end() - _RECENT, _end() + 1) if week in weeks]
    return (min(low for low, _ in last), max(high for _, high in last)) if last else None


@cache
def _end() -> int:
    """The table's last week."""
    return max(max(_coin(symbol)) for symbol in ("BTC", "ETH"))


def elsewhere(prices: Sequence[tuple[str, Decimal]]) -> tuple[str, ...]:
    """The currencies without rates in the table in which the whole list may fit some week as well, roughly."""
    implied = _implied(tuple(prices))
    return tuple(money for money, spans in ROUGHLY.items() if any(_roughly(spans, *one) for one in implied))


def _roughly(spans: Sequence[tuple[int, float, float]], week: int, low: float, high: float) -> bool:
    year = _monday(week).year
    known = [(least, most) for first, least, most in spans if first <= year]
    return bool(known) and known[-1][0] <= high and low <= known[-1][1]


def symbols() -> tuple[str, ...]:
    """Every coin of the table."""
    return tuple(name for name, (first, _) in _table().items() if len(first) == _DAY)


def weekly(symbol: str) -> Iterator[tuple[date, float, float]]:
    """Monday, lowest and highest price in dollars of a coin; nothing for one that the table does not have."""
    yield from ((_monday(week), *span) for week, span in _coin(symbol).items())


def rates(currency: str) -> Iterator[tuple[date, float, float]]:
    """Monday, least and most units of a currency for a dollar, premia counted in; nothing for money not in the table."""
    yield from ((_monday(week), *span) for week, span in _rates(currency).items())


def edition() -> str:
    """Changes when the table does."""
    return hashlib.blake2b(_DATA.read_bytes(), digest_size=8).hexdigest()


def knows(symbol: str) -> bool:
    """Whether the table has a coin; it has rates of currencies too."""
    return len(_table().get(symbol, ("",))[0]) == _DAY


def beyond(price: Decimal, currency: str | None) -> bool:
    """Whether no coin of the table has ever cost that much, by far; False where the currency is not known."""
    rates = _rates(currency) if currency else {}
    return bool(rates) and float(price) > _FAR * _dearest() * max(high for _, high in rates.values())


@cache
def _dearest() -> float:
    return max(high for symbol in ("BTC", "YFI") for _, high in _coin(symbol).values())


def plausible(symbol: str, price: Decimal, currency: str) -> bool | None:
    """Whether a coin has ever cost that; None where the table says nothing of the coin or the currency."""
    found = fit([(symbol, price)], currency)
    return bool(found.fitting) if found.tested else None


def misread(prices: Sequence[tuple[str, Decimal, Decimal]], currency: str) -> set[int]:
    """Which of a list's prices fit no week with the others as they are read, and do so by their other reading.

    prices  symbol, price, and what its digits are with the other decimal mark (the same where there is no other): of
            `$43.250` 43.25 and 43250. Empty where all fit some week, where the table knows fewer than three, or where
            no week takes all of them either way.
    """
    if fit([(symbol, price) for symbol, price, _ in prices], currency).weeks:
        return set()
    known = [
        (i, coin, float(a), float(b)) for i, (symbol, a, b) in enumerate(prices) if (coin := _coin(symbol))
    ]
    rates = _rates(currency)
    if len(known) < 3 or not rates:
        return set()
    fewest: set[int] | None = None
    for week in set.intersection(*(set(coin) for _, coin, _, _ in known)) & set(rates):
        ways = [
            (i, _fits(coin[week], a, rates[week]), _fits(coin[week], b, rates[week]))
            for i, coin, a, b in known
        ]
        wrong = {i for i, read, _ in ways if not read}
        if all(read or other for _, read, other in ways) and (fewest is None or len(wrong) < len(fewest)):
            fewest = wrong
    return fewest or set()


@lru_cache(maxsize=256)
def _implied(prices: tuple[tuple[str, Decimal], ...]) -> tuple[tuple[int, float, float], ...]:
    """Week, least and most of each week in which all coins are known: the rates to the dollar under which every price fits,
    where there are."""
    tested = [(coin, float(price)) for symbol, price in prices if (coin := _coin(symbol))]
    found = []
    for week in set.intersection(*(set(coin) for coin, _ in tested)) if tested else ():
        low = max(price / (coin[week][1] * (1 + MARGIN)) for coin, price in tested)
        high = min(price / (coin[week][0] * (1 - MARGIN)) for coin, price in tested)
        if low <= high:
            found.append((week, low, high))
    return tuple(found)


def _fits(span: Span, price: float, money: Span) -> bool:
    return span[0] * money[0] * (1 - MARGIN) <= price <= span[1] * money[1] * (1 + MARGIN)


def _within(week: int, since: date | None, until: date | None) -> bool:
    monday = _monday(week)
    return (since is None or monday + timedelta(days=6) >= since) and (until is None or monday <= until)


def _week(day: date) -> int:
    return (day - _EPOCH).days // 7


def _monday(week: int) -> date:
    return _EPOCH + timedelta(weeks=week)


@cache
def _table() -> dict[str, tuple[str, str]]:
    """Every series by name: its first period, and the rest of its line, read when it is asked for."""
    data = gzip.decompress(_DATA.read_bytes()).decode()
    lines = (line.split(",", 2) for line in data.splitlines())
    return {name: (first, spans) for name, first, spans in lines}


def _spans(words: str) -> list[Span | None]:
    return [None if span == "-" else _span(span) for span in words.split(",")]


def _span(words: str) -> Span:
    low, high = words.split()
    return float(low), float(high)


@cache
def _coin(symbol: str) -> dict[int, Span]:
    """Week -> a coin's span in dollars; empty for one that the table does not know."""
    first, spans = _table().get(symbol, ("", ""))
    if len(first) != _DAY:
        return {}
    return {_week(date.fromisoformat(first)) + i: span for i, span in enumerate(_spans(spans)) if span}


@cache
def _money() -> tuple[str, ...]:
    return ("USD", *(name for name, (first, _) in _table().items() if len(first) == 7))


@cache
def _rates(currency: str) -> dict[int, Span]:
    """Week -> what a dollar costs in a currency, premia counted in; empty for money that the table does not know."""
    if currency in _DOLLARS:
        return dict.fromkeys(range(len(_months())), (1.0, 1.0))
    first, words = _table().get(currency, ("", ""))
    if len(first) != 7:
        return {}
    start, spans = int(first[:4]) * 12 + int(first[5:7]) - 1, _spans(words)
    share, special = 1 + PREMIUM.get(currency, 0.0), currency in {code for code, *_ in PREMIA}
    found = {}
    for week, ends in enumerate(_months()):
        known = [span for n in ends if 0 <= n - start < len(spans) and (span := spans[n - start])]
        if known:
            above = 1 + _premium(currency, _monday(week)) if special else share
            found[week] = min(low for low, _ in known), max(high for _, high in known) * above
    return found


@cache
def _months() -> list[tuple[int, int]]:
    """For each week the months of its first and its last day, counted from the year 0."""
    days = [(_monday(week), _monday(week) + timedelta(days=6)) for week in range(52 * 16)]
    return [(a.year * 12 + a.month - 1, b.year * 12 + b.month - 1) for a, b in days]


def _premium(currency: str, monday: date) -> float:
    special = [share for code, first, last, share in PREMIA if code == currency and first <= monday <= last]
    return max([PREMIUM.get(currency, 0.0), *special])
