"""Runs of records -> quotes and refusals: hypotheses of what the columns are, evidence for and against. Pure.

    run -> hypotheses (price, percent, amount; one number format) -> evidence -> the best, if it weighs enough -> rows

Every record that names a coin and has a figure is given or refused: none vanishes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from ..coins import costs
from ..model import PERCENT_PLACES, PRICE_PLACES, Quote, Refusal
from ..printed.figures import Mark, arithmetic, vote
from ..printed.heads import (
    Head,
    head,
    measures,
    money_of,
    speaks_of_markets,
    speaks_of_prices,
    vetoes,
    window,
)
from ..printed.signs import Change, contradiction, impossible, settle
from .company import LARGE
from .others import is_other
from .records import Field, Key, Record, Run
from .weights import TAKEN, WEIGHTS

Habit = tuple[bool, bool, bool]
Habits = tuple[Habit, ...]

_PRICE = frozenset(
    "price prices last close cours kurs preis precio prezzo harga fiyat cena 현재가 시세 가격 価格 价格".split()
)
_OTHER = frozenset(
    "cap mcap marketcap volume vol supply circulating rank high low open bid ask spread dominance amount turnover balance"
    " holding holdings fee ath atl total mkt trade trades 거래량 거래대금 시가총액 고가 저가".split()
)
_WINDOWS = ("24h", "1d", None, "7d", "5d")
_TICKER = re.compile(r"\b[A-Z][A-Z0-9_]{1,11}\b")
_LARGE = Decimal(10**6)
_ENOUGH = 10  # coins of a list that are held against what they cost


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One way to lay roles over the columns of a run."""

    price: Key
    percent: Key | None
    amount: Key | None
    mark: Mark
    small: Mark  # of the percents, which one page may print otherwise
    window: str | None


@dataclass(frozen=True, slots=True)
class Weighed:
    """A hypothesis with its evidence by name, heaviest first."""

    what: Hypothesis
    evidence: tuple[tuple[str, float], ...]

    @property
    def weight(self) -> float:
        return sum(weight for _, weight in self.evidence)


@dataclass(frozen=True, slots=True)
class Judged:
    """What a run came to: its records' quotes and refusals in page order, and the evidence that decided."""

    rows: tuple[tuple[Record, Quote | Refusal], ...]
    best: Weighed | None


def judge(run: Run) -> Judged:
    """Quotes and refusals of a run."""
    if run.prose:
        return Judged(
            tuple((r, Refusal(r.text, "it stands in a sentence")) for r in run.records if r.name), None
        )
    named = _sure(run.records)
    if (
        len({(r.name.symbol, r.name.currency) for r in named if r.name}) < 2
    ):  # one coin in several currencies is a list too
        return Judged(
            tuple(
                (r, Refusal(r.text, "no other coin stands beside it in the same shape"))
                for r in run.records
                if r.name
            ),
            None,
        )
    ways = [w for h in hypotheses(run, named) if (w := weigh(run, named, h))]
    best = max(ways, key=lambda w: w.weight, default=None)
    if best is None or best.weight < TAKEN:
        reason = "no column is plainly the price" if best is None else _short(best)
        return Judged(tuple((r, Refusal(r.text, reason)) for r in run.records if r.name), best)
    rows = [*_rows(run, named, best.what)]
    for what in _in_other_money(run, named, best.what):
        rows += [row for row in _rows(run, named, what) if isinstance(row[1], Quote) and row[0].name]
    return Judged(tuple(_once(rows)), best)


def _in_other_money(run: Run, named: Sequence[Record], what: Hypothesis) -> Iterator[Hypothesis]:
    """The same prices in a column of other money, each figure marked with it, which fit a week there as well."""
    own = {f.figure.currency for f in _column(named, what.price)}
    for key in {f.key for r in named for f in r.fields} - {what.price, what.percent, what.amount}:
        fields = _column(named, key)
        money = {f.figure.currency for f in fields}
        if len(money) != 1 or None in money or money == own or len(fields) < len(named):
            continue
        other = replace(what, price=key, percent=None, amount=None, mark=_marks(named, key)[0])
        said = {*_of_column(run, named, fields, [f.figure.value(other.mark) for f in fields], other)}
        if not said & {"head-other", "class-other"} and "costs" in _of_costs(run, named, other):
            yield other


def _short(best: Weighed) -> str:
    against = [name for name, weight in best.evidence if weight < 0]
    return f"too little speaks for a list of prices ({', '.join(against) or 'few coins'})"


def _sure(records: Sequence[Record]) -> list[Record]:
    """The records whose names are coins' beyond doubt; words that are coins too count among two such."""
    sure = [i for i, r in enumerate(records) if r.name and not r.name.weak]
    if len({records[i].printed for i in sure}) < 2:
        return [records[i] for i in sure]
    return [
        r
        for i, r in enumerate(records)
        if r.name and (not r.name.weak or r.name.symbol in LARGE or sure[0] < i < sure[-1] or _cost_so(r))
    ]


def _cost_so(record: Record) -> bool:
    """Whether one of a record's figures is what its coin has cost."""
    known = [(f.figure.currency or "USD", f.figure.value(".")) for f in record.fields if not f.figure.percent]
    return any(v and record.name and costs.plausible(record.name.symbol, v, money) for money, v in known)


# --- hypotheses


def hypotheses(run: Run, named: Sequence[Record]) -> Iterator[Hypothesis]:
    """The few ways to lay roles over the columns that most of the records have."""
    keys = [key for key, n in Counter(f.key for r in named for f in r.fields).items() if 2 * n > len(named)]
    percents = [k for k in keys if _is_percent(run, named, k)]
    percent, over = _change(run, named, percents)
    if percent and percent[0] not in run.heads and _speaks_otherwise(run):
        percent = None  # a premium, a share, a yield
    for price in keys:
        if price in percents:
            continue
        for mark in (run.mark,) if run.mark else _marks(named, price):
            small = _marks(named, percent)[0] if percent and not run.mark else mark
            amount = _amount(
                run, named, [k for k in keys if k != price and k not in percents], price, percent, mark, small
            )
            yield Hypothesis(price, percent, amount, mark, small, over)


def _speaks_otherwise(run: Run) -> bool:
    """Whether words above name another measure, or say that the figures are no present prices."""
    words = " | ".join(run.above)
    return vetoes(words) or (measures(words) and not speaks_of_prices(words))


def _is_percent(run: Run, named: Sequence[Record], key: Key) -> bool:
    fields = _column(named, key)
    meaning = _meaning(run, fields, key)
    said = meaning is not None and meaning.role == "change" and meaning.percent
    return all(f.figure.percent for f in fields) or (said and not any(f.figure.money for f in fields))


def _column(named: Sequence[Record], key: Key) -> list[Field]:
    return [f for r in named if (f := r.field(key))]


def _meaning(run: Run, fields: Sequence[Field], key: Key) -> Head | None:
    """What a column's head says, else the labels in its cells."""
    words = run.heads.get(key[0], "")
    if words:
        return next(
            (m for w in (" ".join(words.split()), *reversed(words.splitlines())) if (m := head(w))),
            Head("unknown"),
        )
    labels = {f.label for f in fields}
    return labels.pop() if len(labels) == 1 else None


def _change(run: Run, named: Sequence[Record], percents: Sequence[Key]) -> tuple[Key | None, str | None]:
    """The column of percents that is the change, of several the one over a day; and over what window it is."""
    known: list[tuple[int, Key, str | None]] = []
    for key in percents:
        fields = _column(named, key)
        meaning, says = _meaning(run, fields, key), frozenset.intersection(*(f.says for f in fields))
        if (meaning and meaning.role != "change") or (not meaning and says & _OTHER):
            continue
        over = meaning.window if meaning else window(" ".join(sorted(says)))
        if over in _WINDOWS:
            known.append((_WINDOWS.index(over), key, over))
    if not known:
        return None, None
    if len(known) > 1 and all(over is None for _, _, over in known):
        return None, None  # several columns of percents, and nothing says over what
    _, key, over = min(known, key=lambda one: one[0])
    return key, over if over != "1h" else None


def _marks(named: Sequence[Record], key: Key) -> Sequence[Mark]:
    """The decimal mark of a column by its own figures; both where they do not say."""
    mark = vote(f.figure.digits for f in _column(named, key))
    return (mark,) if mark else (".", ",")


def _amount(
    run: Run,
    named: Sequence[Record],
    keys: Sequence[Key],
    price: Key,
    percent: Key | None,
    mark: Mark,
    small: Mark,
) -> Key | None:
    """The change in money: price and percent prove it, or its head says so."""
    for key in keys:
        meaning = _meaning(run, _column(named, key), key)
        if meaning and meaning.role in ("price", "rank"):
            continue
        called = meaning is not None and meaning.role == "change" and not meaning.percent
        if called or (percent and _proves(named, price, key, percent, mark, small)):
            return key
    return None


def _proves(named: Sequence[Record], price: Key, amount: Key, percent: Key, mark: Mark, small: Mark) -> bool:
    fits = []
    for record in named:
        p, a, c = (record.field(k) for k in (price, amount, percent))
        values = p and p.figure.value(mark), a and a.figure.value(mark), c and c.figure.value(small)
        if None in values or not all(values):
            continue
        one, two, three = (v for v in values if isinstance(v, Decimal))
        fit = arithmetic(one, two, three) if one > two else None
        fits.append(bool(fit and (fit.near_up or fit.near_down)))
    return len(fits) >= 2 and all(fits)


# --- evidence


def weigh(run: Run, named: Sequence[Record], what: Hypothesis) -> Weighed | None:
    """The evidence for and against a hypothesis; None if its prices are no numbers in its format."""
    fields = _column(named, what.price)
    values = [f.figure.value(what.mark) for f in fields]
    if sum(v is not None for v in values) < max(2, 0.7 * len(values)):
        return None
    said = {*_of_column(run, named, fields, values, what), *_of_run(run, named, fields, what)}
    said |= _of_costs(run, named, what)
    if "costs" in said and any(_in_other_money(run, named, what)):
        said.add("costs-twice")
    pieces = sorted(((name, WEIGHTS[name]) for name in said), key=lambda one: (-abs(one[1]), one[0]))
    return Weighed(what, tuple(pieces))


def _of_column(
    run: Run,
    named: Sequence[Record],
    fields: Sequence[Field],
    values: Sequence[Decimal | None],
    what: Hypothesis,
) -> Iterator[str]:
    meaning = _meaning(run, fields, what.price)
    says = frozenset.intersection(*(f.says for f in fields))
    if meaning and meaning.role == "price":
        yield "head-price"
    elif meaning and meaning.role not in ("unknown", "name"):
        yield "head-other"
    elif meaning and meaning.role == "unknown":
        yield "head-strange"
    if says & _OTHER:
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
    if all(_leads(r, what.price) for r in named if r.field(what.price)):
        yield "first"


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
    coins = len({r.name.symbol for r in named if r.name})
    yield "company" if coins >= 3 else "few"
    if coins >= 6:
        yield "many"
    if what.percent:
        yield "change"
        if any(f.figure.sign or f.sign or f.marked for f in _column(named, what.percent)):
            yield "signed"
    elif not run.heads and not all(f.figure.money for f in fields):
        yield "alone"
    if (
        what.percent
        and what.amount
        and _proves(named, what.price, what.amount, what.percent, what.mark, what.small)
    ):
        yield "arithmetic"
    words = " | ".join(run.above)
    if vetoes(words, told="Price" in run.heads.values()):
        yield "veto-said"
    elif measures(words) and not run.heads:
        yield "measure-said"
    elif speaks_of_prices(words) or speaks_of_markets(words):
        yield "prices-said"


def _of_costs(run: Run, named: Sequence[Record], what: Hypothesis) -> set[str]:
    """What the coins cost: a list of prices fits some week."""
    by_money: dict[str | None, list[tuple[str, Decimal]]] = {}
    for record in named:
        field = record.field(what.price)
        value = field.figure.value(what.mark) if field else None
        if field and value and record.name:
            by_money.setdefault(_currency(run, record, field), []).append((record.name.symbol, value))
    if not by_money:
        return set()
    money, prices = max(by_money.items(), key=lambda one: len(one[1]))
    prices = [one for one in prices if costs.knows(one[0])][:_ENOUGH]
    if money is None:
        some = costs.fit(prices, "USD")
        partly = some.tested >= 5 and 4 * some.fitting >= 3 * some.tested
        return {"costs"} if costs.currencies(prices) else {"costs-partly"} if partly else set()
    fit = costs.fit(prices, money)
    if fit.tested >= 3:
        if fit.weeks:
            return {"costs"}
        if 2 * fit.fitting < fit.tested:
            return {"costs-never"}
        return {"costs-partly"} if 3 * fit.fitting >= 2 * fit.tested else set()
    return {"costs-two"} if fit.tested == 2 and fit.weeks else set()


# --- rows


def _currency(run: Run, record: Record, field: Field) -> str | None:
    """Printed beside the price, else in its head, else in the pair's name."""
    words = run.heads.get(field.key[0], "")
    meaning = head(words) if words else None
    of_name = record.name.currency if record.name else None
    printed = field.figure.currency
    if printed == "USD" and field.text.lstrip("+-−").startswith("$"):
        return of_name or money_of(" ".join((*run.above, words))) or printed
    if printed or field.figure.money:
        return printed or of_name
    return (meaning.currency if meaning else None) or of_name


def _rows(run: Run, named: Sequence[Record], what: Hypothesis) -> Iterator[tuple[Record, Quote | Refusal]]:
    ranked = {record.text for record in named}
    habits = tuple(_habit(named, key) for key in (what.percent, what.amount))
    inferred = _inferred(run, named, what)
    for record in run.records:
        if record.name is None:
            if unknown := _unknown(run, record, what, named):
                yield record, _nameless(run, unknown, what, habits, inferred)
        elif record.text not in ranked:
            yield (
                record,
                Refusal(
                    record.text, f"`{record.name.printed}` is also a word, and too few coins stand beside it"
                ),
            )
        else:
            yield record, _quote(run, record, what, habits, inferred)


def _unknown(run: Run, record: Record, what: Hypothesis, named: Sequence[Record]) -> Record | None:
    """A record of the list's own build whose name no registry knows, and that is no index, metal or currency."""
    words = record.printed
    keys = [k for k in (what.price, what.percent) if k]
    shape = all(record.field(k) for k in keys) and len(named) >= 3 and 2 * len(named) > len(run.records)
    return record if shape and words and len(words) <= 40 and not is_other(words) else None


def _nameless(
    run: Run, record: Record, what: Hypothesis, habits: Habits, inferred: str | None
) -> Quote | Refusal:
    """A row whose name no registry knows, without a symbol; refused where a ticker is printed, which might be its symbol."""
    if _TICKER.search(record.printed):
        return Refusal(
            record.text,
            f"`{record.printed}` is no coin that the list knows: add it to a coin list of your own",
        )
    return _quote(run, record, what, habits, inferred)


def _inferred(run: Run, named: Sequence[Record], what: Hypothesis) -> str | None:
    """The one currency that the prices of a run fit, where none is printed."""
    prices = []
    for record in named:
        field = record.field(what.price)
        if field is None or field.figure.money or _currency(run, record, field):
            continue
        if record.name and (value := field.figure.value(what.mark)):
            prices.append((record.name.symbol, value))
    fits = costs.currencies(prices) if 2 * len(prices) > len(named) else ()
    return fits[0] if len(fits) == 1 else None


def _habit(named: Sequence[Record], key: Key | None) -> Habit:
    """Whether a column's unsigned figures are rises (others print a minus, none a plus), whether all signs are lost, and
    whether brackets are its minus (they stand around some figures and not around others, none of them with a sign)."""
    fields = _column(named, key) if key else []
    signs = {f.figure.sign for f in fields}
    marked = any(f.marked or f.sign for f in fields)
    doubt = any(f.figure.doubt for f in fields)
    brackets = signs == {0} and {f.figure.bracketed for f in fields} == {True, False}
    minus = -1 in signs or brackets
    return minus and 1 not in signs and not doubt, not marked and signs == {0} and not brackets, brackets


def _read(record: Record, key: Key | None, mark: Mark, habit: Habit) -> tuple[Change | None, bool]:
    """A change with its sign, and whether the markup alone says it."""
    field = record.field(key) if key else None
    size = field.figure.value(mark) if field else None
    if field is None or size is None:
        return None, False
    rises, lost, brackets = habit
    printed = field.figure.sign or field.sign or (-1 if brackets and field.figure.bracketed else 0)
    told = printed or field.marked
    words = field.figure.sign and field.sign and field.figure.sign != field.sign
    clash = field.figure.doubt or words or (printed and field.marked and printed != field.marked)
    return Change(size, None if clash else told, rises and not field.marked, lost), bool(
        told and not printed and not clash and size
    )


def _quote(
    run: Run, record: Record, what: Hypothesis, habits: Habits, inferred: str | None
) -> Quote | Refusal:
    field = record.field(what.price)
    price = field.figure.value(what.mark) if field else None
    if field is None or price is None:
        return Refusal(record.text, "no figure stands where the others have their price")
    percent, marked = _read(record, what.percent, what.small, habits[0])
    amount, also = _read(record, what.amount, what.mark, habits[1])
    if price == 1 and field.figure.digits == "1":
        return Refusal(record.text, "a price of exactly 1 is a converter's")
    rounded = None
    if run.mark:  # data carries more digits than anybody prints
        price, percent, rounded = _short_of(price, percent)
    signed, moved, flags = settle(price, percent, amount)
    reason = impossible(price, signed, moved) or contradiction(price, percent, amount)
    if reason and not _is_rounding(record, what, price, percent, amount):
        return Refusal(record.text, reason)
    currency = _currency(run, record, field)
    if currency is None and not field.figure.money and inferred:
        currency, flags = inferred, flags | {"currency-inferred"}
    if (marked and signed is not None) or (also and moved is not None):
        flags = flags | {"sign-from-markup"}
    if record.name is None:
        flags = flags | {"symbol-unknown"}
    if rounded:
        flags = flags | {"rounded"}
    known = record.name.symbol if record.name else None
    return Quote(
        rank=0, name=record.name.printed if record.name else record.printed, symbol=known, currency=currency, price=price,
        change_pct=signed, change_abs=moved, change_window=what.window if signed is not None else None,
        row_text=record.text, flags=tuple(sorted(flags)),
    )  # fmt: skip


def _is_rounding(
    record: Record, what: Hypothesis, price: Decimal, percent: Change | None, amount: Change | None
) -> bool:
    """Whether a change in money is printed with too few digits to agree with its percent: `$0.70`, `-0.00`, `-0.27%`."""
    field = record.field(what.amount) if what.amount else None
    if field is None or percent is None or amount is None:
        return False
    implied = price * percent.size / (100 + percent.size)
    return amount.size < price and abs(implied - amount.size) <= Decimal(1).scaleb(-field.figure.places)


def _short_of(price: Decimal, percent: Change | None) -> tuple[Decimal, Change | None, bool]:
    """Price and percent with no more places than the table holds, and whether some were cut off."""
    cut = [round(price, PRICE_PLACES), round(percent.size, PERCENT_PLACES) if percent else None]
    changed = cut != [price, percent.size if percent else None]
    new = replace(percent, size=cut[1]) if percent and cut[1] is not None else percent
    return cut[0] or price, new, changed


def _once(judged: list[tuple[Record, Quote | Refusal]]) -> Iterator[tuple[Record, Quote | Refusal]]:
    """A coin twice in one currency: the same figures are one row, others are a list of something else."""
    seen: dict[tuple[str | None, str | None, str | None], set[tuple[object, ...]]] = {}
    for _, result in judged:
        if isinstance(result, Quote):
            key = result.symbol, result.currency, None if result.symbol else result.name
            seen.setdefault(key, set()).add((result.price, result.change_pct))
    given = set()
    for record, result in judged:
        if isinstance(result, Quote):
            key = result.symbol, result.currency, None if result.symbol else result.name
            if len(seen[key]) > 1:
                result = Refusal(result.row_text, "the coin stands here several times with different figures")
            elif key in given:
                continue
            given.add(key)
        yield record, result
