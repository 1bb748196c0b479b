"""Dating by prices: the true time inside the span, how wide it is, and what made-up prices come to

Lists are drawn from the weekly table: a path of prices through the middles of the weeks, off it by a random walk that most
coins share, within each week's lowest and highest; a premium of 0 to 6 % over the rate; prices of four or five digits, some
coins left out. `with neighbours`: the same lists in a store that also has dated lists of other sites, from one to three days
apart, for a week before and after each.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from math import exp, log
from pathlib import Path
from random import Random
from statistics import median
from typing import NamedTuple

from tracker.coins import costs
from tracker.finder.find import find
from tracker.model import Block, Page, Quote
from tracker.pages import pages
from tracker.pages.document import from_text
from tracker.store import Row, Store

ROOT = Path(__file__).parent.parent
CASES = ROOT.parent / "shared" / "cases"
COINS = "BTC ETH XRP LTC BCH EOS XLM TRX ADA BNB DOGE SOL ETC DOT LINK XMR DASH ZEC NEO VET AVAX UNI NEAR ATOM".split()
CURRENCIES = ("USD", "KRW", "EUR", "JPY", "GBP")
START, END = date(2015, 6, 1), date(2026, 2, 1)
WALK, SHARED = 0.03, 0.7  # a day's random step of a coin, and how much of it all coins share
STEP = 6  # hours between the points of a path
LISTS = 400
Spans = dict[str, tuple[datetime, datetime]]


class Drawn(NamedTuple):
    """A list and the time that it is of."""

    block: Block
    when: datetime


@cache
def _weeks(symbol: str) -> dict[date, tuple[float, float]]:
    return {monday: (low, high) for monday, low, high in costs.weekly(symbol)}


@cache
def _rates(currency: str) -> dict[date, tuple[float, float]]:
    """Units for a dollar, the premium that the table counts in taken out of them again."""
    premium = 1 + costs.PREMIUM.get(currency, 0.0)
    return {monday: (low, max(low, high / premium)) for monday, low, high in costs.rates(currency)}


def _monday(when: datetime) -> date:
    return when.date() - timedelta(days=when.weekday())


def _middle(symbol: str, when: datetime) -> float | None:
    """The logarithm of a coin's price in dollars, on the line between the middles of two weeks."""
    noon = when - timedelta(days=3.5)
    one = _weeks(symbol).get(_monday(noon))
    other = _weeks(symbol).get(_monday(noon) + timedelta(days=7))
    if one is None or other is None:
        return None
    part = (noon - datetime.combine(_monday(noon), datetime.min.time(), UTC)) / timedelta(days=7)
    return (1 - part) * log(one[0] * one[1]) / 2 + part * log(other[0] * other[1]) / 2


@cache
def _walk(symbol: str, monday: date) -> list[float]:
    """How far a coin is off that line through a week: a random walk that comes back, shared in part."""
    own, shared = Random(f"{symbol} {monday}"), Random(f"{monday}")
    path, steps = [0.0], 7 * 24 // STEP
    for _ in range(steps):
        step = SHARED**0.5 * shared.gauss() + (1 - SHARED) ** 0.5 * own.gauss()
        path.append(path[-1] + step * WALK * (STEP / 24) ** 0.5)
    return [value - path[-1] * n / steps for n, value in enumerate(path)]


def price(symbol: str, when: datetime) -> float | None:
    """What a coin cost in dollars, on its path; None where the table has a hole."""
    middle, span = _middle(symbol, when), _weeks(symbol).get(_monday(when))
    if middle is None or span is None:
        return None
    hours = (when - datetime.combine(_monday(when), datetime.min.time(), UTC)) / timedelta(hours=STEP)
    path = _walk(symbol, _monday(when))
    before = int(hours)
    off = path[before] + (path[before + 1] - path[before]) * (hours - before)
    return min(max(exp(middle + off), span[0]), span[1])


def drawn(
    random: Random, when: datetime, coins: Iterable[str], currency: str, premium: float, noise: float
) -> tuple[Quote, ...]:
    """The rows of a list: the coins that have a price then, with what a site adds of its own."""
    low, high = _rates(currency)[_monday(when)]
    rate = (low + high) / 2 * (1 + premium)
    rows = []
    for symbol in coins:
        cost = price(symbol, when)
        if cost is not None:
            digits = Decimal(f"{cost * rate * exp(random.gauss(0, noise)):.{random.choice((4, 5))}g}")
            rows.append(
                Quote(len(rows) + 1, symbol, symbol, currency, digits, None, None, None, f"{symbol} {digits}")
            )
    return tuple(rows)


def lists(number: int, seed: int, least: int = 5) -> Iterator[Drawn]:
    """Undated lists of `least` coins and more."""
    random = Random(seed)
    while number:
        when = datetime.combine(START, datetime.min.time(), UTC) + timedelta(
            minutes=random.randrange((END - START).days * 1440)
        )
        known = [coin for coin in COINS if price(coin, when) is not None]
        if len(known) < least:
            continue
        coins = random.sample(known, random.randint(least, len(known)))
        rows = drawn(random, when, coins, random.choice(CURRENCIES), random.uniform(0, 0.06), 0.005)
        yield Drawn(made(rows, f"list {seed} {number}"), when)
        number -= 1


def neighbours(of: Iterable[Drawn], seed: int, least: float, most: float) -> Iterator[Block]:
    """Dated lists around each, from `least` to `most` hours apart, of another site with about the list's premium."""
    random = Random(seed)
    for block, when in of:
        currency = str(block.quotes[0].currency)
        low, high = _rates(currency)[_monday(when)]
        middle = [price(row.symbol or "", when) or 0 for row in block.quotes]
        premium = median(float(row.price) / cost for row, cost in zip(block.quotes, middle, strict=True)) / (
            (low + high) / 2
        )
        at = when - timedelta(days=7) + timedelta(hours=random.uniform(0, least))
        while at < when + timedelta(days=7):
            rows = drawn(random, at, COINS, currency, premium - 1, 0.005)
            if rows:
                yield replace(made(rows, f"at {at}"), observed_at=at, captured_at=at, time_basis="capture")
            at += timedelta(hours=random.uniform(least, most))


def made(rows: tuple[Quote, ...], name: str) -> Block:
    """A block without a time."""
    return Block("generic", 0, 0, rows, (), None, "none", None, None, None, name, name)


def invented(number: int, seed: int) -> Iterator[Block]:
    """Lists whose prices are none: anywhere between a coin's lowest and highest ever, exchanged, a digit too long."""
    random = Random(seed)
    for n, (block, _) in enumerate(lists(number, seed)):
        rows = block.quotes
        prices = [row.price for row in rows]
        kinds = (
            _anywhere(random, rows),
            [*prices[1:], prices[0]],
            [p * 10 ** (i % 2) for i, p in enumerate(prices)],
        )
        yield replace(
            block, quotes=tuple(replace(r, price=p) for r, p in zip(rows, kinds[n % 3], strict=True))
        )


def _anywhere(random: Random, rows: Iterable[Quote]) -> list[Decimal]:
    rate = {currency: _rates(currency)[date(2019, 6, 3)][0] for currency in CURRENCIES}
    found = []
    for row in rows:
        lows, highs = zip(*_weeks(str(row.symbol)).values(), strict=True)
        cost = rate[str(row.currency)] * exp(random.uniform(log(min(lows)), log(max(highs))))
        found.append(Decimal(f"{cost:.5g}"))
    return found


def spans(blocks: Iterable[Block]) -> tuple[Spans, list[Row]]:
    """From and until of the blocks that get a span, by source, and all findings, in a store of its own."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder, "lists.duckdb"))
        store.add(blocks)
        store.reconcile()
        found = store.findings()
    ends = {row["source"]: row["value"].split(" ")[0].split("/") for row in found if row["kind"] == "priced"}
    return {
        source: (datetime.fromisoformat(a), datetime.fromisoformat(b)) for source, (a, b) in ends.items()
    }, found


def _share(what: str, truths: list[Drawn], found: Spans, goal: str) -> str:
    """A line of the table: how many get a span, how many of those hold the true time, how wide they are."""
    ends = [(found[d.block.source], d.when) for d in truths if d.block.source in found]
    inside = sum(first <= when <= last for (first, last), when in ends) / max(1, len(ends))
    days = median([(last - first) / timedelta(days=1) for (first, last), _ in ends] or [0.0])
    return (
        f"| {what} | {len(truths)} | {100 * len(ends) / max(1, len(truths)):.1f} % | {100 * inside:.1f} % "
        f"| {days:.1f} days | {goal} |"
    )


def known() -> Iterator[Block]:
    """The blocks of seeds/ and of the cases given, as they are read."""
    for path in sorted((ROOT / "seeds").glob("*.txt")):
        for page in pages(path):
            yield from find(page)
    for name in ("blocks", "independent"):
        path = CASES / f"{name}.jsonl"
        for line in path.open(encoding="utf-8") if path.exists() else ():
            case = json.loads(line)
            page = from_text(case["text"], Page("", case["id"], case["url"]), case.get("kind") == "html")
            yield from find(page)


def table() -> str:
    few, many = list(lists(LISTS // 4, 3, least=3)), list(lists(LISTS, 1))
    alone, _ = spans(d.block for d in [*few, *many])
    near, _ = spans([*(d.block for d in many), *neighbours(many, 2, 24, 24)])
    far, _ = spans([*(d.block for d in many), *neighbours(many, 2, 24, 72)])
    untrue, _ = spans(invented(LISTS, 4))
    timed = [b for b in known() if b.quotes and b.observed_at and b.time_basis != "published"]
    truths = [Drawn(made(b.quotes, f"{b.source} {b.start}"), b.observed_at) for b in timed if b.observed_at]
    read, _ = spans(d.block for d in truths)
    _, found = spans(timed)
    contradicted = sum(row["kind"] == "time-contradicted" for row in found)
    return "\n".join(
        [
            "| lists | number | with a span | the true time in it | its median width | goal |",
            "|---|--:|--:|--:|--:|---|",
            _share("of 3 coins and more, by the table alone", few, alone, ""),
            _share("of 5 coins and more, by the table alone", many, alone, "99 %, 3 weeks"),
            _share("the same, dated ones a day apart around them", many, near, "99 %, 2 days"),
            _share("the same, dated ones one to three days apart", many, far, "99 %"),
            _share("of pages that state their time, without it", truths, read, "99 %"),
            f"| of made-up prices | {LISTS} | {100 * len(untrue) / LISTS:.1f} % | | | less than 1 % |",
            f"| of pages that state their time: contradicted | {len(timed)} | | {contradicted} | | none |",
        ]
    )


if __name__ == "__main__":
    sys.stdout.write(f"{table()}\n")
