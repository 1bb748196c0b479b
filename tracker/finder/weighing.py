"""What speaks for and against a hypothesis: named pieces of evidence, each with its weight. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from ..coins import costs
from ..printed.figures import currency_of
from ..printed.heads import head, measures, speaks_of_markets, speaks_of_prices, vetoes
from .hypotheses import OTHER, Hypothesis, column, currency_in, marks, meaning_of, proves
from .others import in_market
from .record import Field, Key, Record, Run
from .weights import WEIGHTS

_PRICE = frozenset(
    "price prices last close cours kurs preis precio prezzo harga fiyat cena 현재가 시세 가격 価格 价格".split()
)
_DAY = re.compile(
    r"(?<![\d.,])(?:(?:19|20)\d\d([-./])\d{1,2}\1\d{1,2}|\d{1,2}([-./])\d{1,2}\2(?:19|20)\d\d)(?![\d.,%])"
)
_ORDER = re.compile(
    r"(?:(?:buy|sell|stop|take profit|trailing)[ /-]?)?limit|stop[ -](?:loss|market)|market order|conditional"
    r"|(?:partially )?filled|cancell?ed|long|short|isolated|cross|(?:long|short)(?: .{1,12})? ?closed"
    r"|\d{1,3}x(?: (?:cross|isolated))?|лонг|шорт|롱|숏|지정가|체결|미체결|限价|限價|做多|做空|指値|買い建て|売り建て",
    re.IGNORECASE,
)
_SIDES = frozenset(("buy", "sell"))
_DATES = frozenset("date datum fecha дата tarih tanggal ngày 日期 日付 날짜 일자".split())  # heads
_LEADS_TO = r"(?:[→⟶➜➔➡⇒]\ufe0f?|[-=]{1,2}>)"  # from what was to what is
_LARGE = Decimal(10**6)
_MANY = 6  # coins that fit one week by no chance
_LATELY = 5  # coins that stand near their last known prices by no chance
_PAIRS = 3  # coins whose prices in two moneys show one rate by no chance
_SPREAD = Decimal("1.01")
_ENOUGH = 10  # coins of a list that are held against what they cost


@dataclass(frozen=True, slots=True)
class Weighed:
    """A hypothesis with its evidence by name, heaviest first."""

    what: Hypothesis
    evidence: tuple[tuple[str, float], ...]

    @property
    def weight(self) -> float:
        return sum(weight for _, weight in self.evidence)


def weigh(run: Run, named: Sequence[Record], what: Hypothesis) -> Weighed | None:
    """The evidence for and against a hypothesis; None if its prices are no numbers in its format."""
    fields = column(named, what.price)
    values = [f.figure.value(what.mark) for f in fields]
    if sum(v is not None for v in values) < max(min(2, len(named)), 0.7 * len(values)):
        return None
    said = {*_of_column(run, named, fields, values, what), *_of_run(run, named, fields, what)}
    said |= _of_costs(run, named, what)
    if in_market(run, what.price) and (
        len(named) == 1 or said & {"costs", "costs-mostly", "costs-lately", "costs-two"}
    ):
        said.add("market")
    if "costs" in said and any(in_other_money(run, named, what)):
        said.add("costs-twice")
    if "head-strange" in said and "costs" in said and _has_rival(run, named, what):
        said.add("rival")
    pieces = sorted(((name, WEIGHTS[name]) for name in said), key=lambda one: (-abs(one[1]), one[0]))
    return Weighed(what, tuple(pieces))


def _has_rival(run: Run, named: Sequence[Record], what: Hypothesis) -> bool:
    """Whether the figures of another column, in the same money, could be the prices as well."""
    for key in {f.key: None for r in named for f in r.fields}:
        fields = column(named, key)
        if key in (what.price, what.amount) or any(f.figure.percent for f in fields):
            continue
        other = replace(what, price=key, percent=None, amount=None, mark=marks(run, named, key)[0])
        if _moneys(run, named, key) == _moneys(run, named, what.price) and "costs" in _of_costs(
            run, named, other
        ):
            return True
    return False


def _of_column(
    run: Run,
    named: Sequence[Record],
    fields: Sequence[Field],
    values: Sequence[Decimal | None],
    what: Hypothesis,
) -> Iterator[str]:
    meaning = meaning_of(run, fields, what.price)
    says = frozenset.intersection(*(f.says for f in fields))
    if (
        meaning
        and meaning.hint == "weak"
        and any(m and m.hint == "amount" for m in map(head, run.heads.values()))
    ):
        yield "head-other"  # the value of what somebody holds
    elif meaning and meaning.role == "price":
        yield "head-price"
    elif meaning and meaning.hint in ("past", "ever"):
        yield "head-past"
    elif meaning and meaning.role not in ("unknown", "name"):
        yield "head-other"
    elif meaning and meaning.role == "unknown" and not meaning.currency:
        yield "head-strange"
    if says & OTHER:
        yield "class-other"
    elif says & _PRICE:
        yield "class-price"
    numbers = [v for v in values if v is not None]
    whole = [int(v) for v in numbers if v == v.to_integral_value()]
    if len(whole) == len(numbers) > 2 and all(b - a == 1 for a, b in pairwise(whole)):
        yield "running"
    if len(set(numbers)) == 1 and len(numbers) > 2:
        yield "same"
    if all(v >= _LARGE for v in numbers) and any(f.figure.unit > 1 for f in fields):
        yield "large"
    if all(f.figure.money for f in fields):
        yield "money"
    if 2 * sum(_begins_range(r, what.price) for r in named) > len(named):
        yield "range"
    if all(_leads(r, what.price) for r in named if r.field(what.price)):
        yield "first"


def _begins_range(record: Record, key: Key) -> bool:
    """Whether a dash or an arrow and another price stand behind a figure: `$90,000 - $100,000`, `$95,679 → $90,859`."""
    pair = next(((a, b) for a, b in pairwise(record.fields) if a.key == key), None)
    if pair is None or pair[0].figure.money != pair[1].figure.money or pair[1].figure.percent:
        return False
    one, two = (re.escape(field.text.strip()) for field in pair)
    led = pair[1].figure.money and pair[1].text[:2].rstrip() in ("-", "–", "~", "—")
    return led or bool(re.search(rf"{one}\s*{_LEADS_TO}\s*{two}", record.text))


def _leads(record: Record, key: Key) -> bool:
    """Whether nothing but a rank stands before a figure in its record."""
    for field in record.fields:
        if field.key == key:
            return True
        digits = field.figure.digits
        if not (
            digits.isdecimal() and len(digits) <= 4 and not field.figure.money and not field.figure.percent
        ):
            return False
    return False


def _of_run(run: Run, named: Sequence[Record], fields: Sequence[Field], what: Hypothesis) -> Iterator[str]:
    pairs = {(r.name.symbol, r.name.currency) for r in named if r.name}
    # One coin in several moneys is a list too.
    coins = max(len({symbol for symbol, _ in pairs}), len({money for _, money in pairs if money}))
    yield "company" if coins >= 3 else "few"
    if all(money for _, money in pairs):
        yield "pairs"
    if coins >= 6:
        yield "many"
    if what.percent:
        yield "change"
        if any(f.figure.sign or f.sign or f.marked for f in column(named, what.percent)):
            yield "signed"
    elif not run.heads and not all(f.figure.money for f in fields):
        yield "alone"
    if (
        what.percent
        and what.amount
        and proves(named, what.price, what.amount, what.percent, what.mark, what.small)
    ):
        yield "arithmetic"
    dated = any(" ".join(words.casefold().split()) in _DATES for words in run.heads.values())
    if dated or len({days for r in named if (days := tuple(m[0] for m in _DAY.finditer(r.text)))}) > 1:
        yield "dates"
    if 2 * sum(map(_is_order, named)) >= len(named) or (not what.percent and _take_sides(named)):
        yield "orders"
    words = " | ".join(run.above)
    if vetoes(words, told="Price" in run.heads.values()):
        yield "veto-said"
    elif measures(words) and not run.heads and not meaning_of(run, fields, what.price):
        yield "measure-said"
    elif speaks_of_prices(words) or speaks_of_markets(words):
        yield "prices-said"


def _is_order(record: Record) -> bool:
    """Whether a text of a record says that it is somebody's order or position: `Limit`, `Long`, `Filled`, `10x`."""
    return any(_ORDER.fullmatch(words) for _, words in record.words)


def _take_sides(named: Sequence[Record]) -> bool:
    """Whether each record is bought or sold, some this and some that: where each has both they are links."""
    sides = [{words.casefold() for _, words in record.words} & _SIDES for record in named]
    return all(len(side) == 1 for side in sides) and len(set().union(*sides)) == len(_SIDES)


def _of_costs(run: Run, named: Sequence[Record], what: Hypothesis) -> set[str]:
    """What the coins cost: a list of prices fits some week."""
    by_money: dict[str | None, list[tuple[str, Decimal]]] = {}
    for record in named:
        field = record.field(what.price)
        value = field.figure.value(what.mark) if field else None
        if field and value and record.name:
            by_money.setdefault(currency_in(run, record, field), []).append((record.name.symbol, value))
    if not by_money:
        return set()
    money, prices = max(by_money.items(), key=lambda one: len(one[1]))
    prices = [one for one in prices if costs.knows(one[0])][:_ENOUGH]
    fit = costs.fit(prices, money or "USD")
    return _of_some_money(prices, fit) if money is None else _of_money(prices, money, fit)


def _of_some_money(prices: Sequence[tuple[str, Decimal]], fit: costs.Fit) -> set[str]:
    """The same where no currency is printed; `fit` is that in dollars."""
    if costs.currencies(prices) or (fit.weeks and fit.tested >= 5):
        return _surely(fit)
    if _mostly(fit):
        return {"costs-mostly"}
    if fit.tested == 2 and costs.currencies(prices, least=2):
        return {"costs-two"}
    if _lately(prices, "USD"):
        return {"costs-lately"}
    if fit.tested >= 5 and 4 * fit.fitting >= 3 * fit.tested:
        return {"costs-partly"}
    if costs.in_some_money(prices):
        return {"costs-rate"}
    return {"costs-nowhere"} if fit.tested >= 3 and 2 * fit.fitting < fit.tested else set()


def _of_money(prices: Sequence[tuple[str, Decimal]], money: str, fit: costs.Fit) -> set[str]:
    """The same in the currency that is printed."""
    if _mostly(fit):
        return {"costs-mostly"}
    if fit.tested < 3:
        return {"costs-two"} if fit.tested == 2 and fit.weeks else set()
    if fit.weeks:
        return _surely(fit)
    if _lately(prices, money):
        return {"costs-lately"}
    if 2 * fit.fitting < fit.tested:
        return {"costs-never"}
    return {"costs-partly"} if 3 * fit.fitting >= 2 * fit.tested else set()


def _surely(fit: costs.Fit) -> set[str]:
    return {"costs", "costs-many"} if fit.tested >= _MANY else {"costs"}


def _mostly(fit: costs.Fit) -> bool:
    return fit.fitting >= 5 and 5 * fit.fitting >= 4 * fit.tested and not fit.weeks


def _lately(prices: Sequence[tuple[str, Decimal]], money: str) -> bool:
    """Whether five coins or more cost about what they did in the table's last weeks, all but one of five."""
    known, near = costs.lately(prices, money)
    return near >= _LATELY and 5 * near >= 4 * known


def in_other_money(run: Run, named: Sequence[Record], what: Hypothesis) -> Iterator[Hypothesis]:
    """The same prices in a column of other money, which its marks or its head name: it fits a week there as well, or one
    rate leads from the prices to it."""
    for key, fields in _of_other_money(run, named, what):
        other = replace(what, price=key, percent=None, amount=None, mark=marks(run, named, key)[0])
        said = {*_of_column(run, named, fields, [f.figure.value(other.mark) for f in fields], other)}
        if said & {"head-other", "class-other"}:
            continue
        if _one_rate(named, what, other) or "costs" in _of_costs(run, named, other):
            yield other


def _of_other_money(
    run: Run, named: Sequence[Record], what: Hypothesis
) -> Iterator[tuple[Key, Sequence[Field]]]:
    """The columns that every record has in one money that is not that of the prices, by marks or by a head of their own."""
    own = _moneys(run, named, what.price)
    for key in {f.key: None for r in named for f in r.fields}:
        fields = column(named, key)
        money = _moneys(run, named, key)
        if key in (what.price, what.percent, what.amount) or any(f.figure.percent for f in fields):
            continue
        told = all(f.figure.money for f in fields) or _headed(run, key)
        if any(costs.knows(one) for one in money if one):
            continue  # in bitcoin beside dollars: the same price again
        if told and len(money) == 1 and None not in money and money != own and len(fields) == len(named):
            yield key, fields


def _headed(run: Run, key: Key) -> bool:
    """Whether a column's own head calls it a price in some money; one over several columns does not."""
    lines = run.heads.get(key[0], "").splitlines()
    meaning = head(lines[-1]) if lines else None
    return bool(meaning and meaning.role == "price" and meaning.currency and not currency_of(lines[-1]))


def _moneys(run: Run, named: Sequence[Record], key: Key) -> set[str | None]:
    return {currency_in(run, r, f) for r in named if (f := r.field(key))}


def _one_rate(named: Sequence[Record], what: Hypothesis, other: Hypothesis) -> bool:
    """Whether one rate leads from all prices to those of another column, as closely as both are printed and as markets
    of two moneys agree."""
    low, high, pairs = Decimal(0), Decimal("Infinity"), 0
    for record in named:
        one, two = record.field(what.price), record.field(other.price)
        a, b = one and one.figure.value(what.mark), two and two.figure.value(other.mark)
        if not (one and two and a and b):
            return False
        half_a, half_b = (Decimal(5).scaleb(-f.figure.places - 1) for f in (one, two))
        if a <= half_a:
            return False
        low, high, pairs = (
            max(low, (b - half_b) / (a + half_a)),
            min(high, (b + half_b) / (a - half_a)),
            pairs + 1,
        )
    return pairs >= _PAIRS and low <= high * _SPREAD
