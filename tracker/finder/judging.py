"""Runs of records -> quotes and refusals. Pure.

    run -> hypotheses (price, percent, amount; one number format) -> evidence -> the best, if it weighs enough -> rows

Every record that names a coin and has a figure is given or refused: none vanishes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ..coins import costs
from ..model import Quote, Refusal
from ..printed.figures import arithmetic
from ..printed.heads import names_coins
from .company import LARGE
from .hypotheses import MARKS, currency_in, hypotheses
from .others import in_market
from .quoting import rows
from .record import Record, Run
from .weighing import Weighed, in_other_money, weigh
from .weights import TAKEN, WEIGHTS

_LONG = 8  # coins beyond doubt, at whose ends words in the same build are coins as well
_SIGNS = 12  # characters beside a name and its figures: blanks, brackets, its ticker
_ENOUGH = 3  # words that are coins too, with what the coins cost


@dataclass(frozen=True, slots=True)
class Judged:
    """What a run came to: its records' quotes and refusals in page order, and the evidence that decided."""

    rows: tuple[tuple[Record, Quote | Refusal], ...]
    best: Weighed | None


def judge(run: Run) -> Judged:
    """Quotes and refusals of a run."""
    if run.prose:
        return _refused(run, "it stands in a sentence")
    named = sure(run.records, headed=any(map(names_coins, run.heads.values())))
    pairs = {(r.name.symbol, r.name.currency) for r in named if r.name}
    alone = len(pairs) < 2 and not in_market(run)  # one coin in several currencies is a list too
    ways = [w for h in hypotheses(run, named) if (w := weigh(run, named, h))]
    if alone:
        ways = [one for w in ways if named and (one := _single(run, named[0], w))]
    if alone and not ways:
        return _refused(run, "no other coin stands beside it in the same shape")
    best = max(ways, key=lambda w: w.weight, default=None)
    if best is None or best.weight < TAKEN:
        reason = "no column is plainly the price" if best is None else _short(best)
        return _refused(run, reason, best)
    told = [*rows(run, named, best.what)]
    for what in in_other_money(run, named, best.what):
        told += [row for row in rows(run, named, what) if isinstance(row[1], Quote) and row[0].name]
    return Judged(tuple(_once(told)), best)


def _single(run: Run, record: Record, way: Weighed) -> Weighed | None:
    """A hypothesis on a coin that stands alone, if its own figures prove it or it is all that stands there."""
    if _proven(record, way) or ((run.mark or way.what.percent) and _told(run, record, way)):
        return way
    evidence = ("whole", WEIGHTS["whole"]), *way.evidence
    return replace(way, evidence=evidence) if _bare(run, record, way) else None


def _proven(record: Record, way: Weighed) -> bool:
    """Whether price, change and percent of a coin that stands alone prove each other, to the last digit and by the sign of
    one of them at least: `67,123.45 +1,512.12 (+2.31%)`."""
    what = way.what
    price, amount, percent = (
        record.field(key) if key else None for key in (what.price, what.amount, what.percent)
    )
    if not (price and amount and percent):
        return False
    signs = {amount.figure.sign, percent.figure.sign} - {0}
    if len(signs) != 1:
        return False
    values = price.figure.value(what.mark), amount.figure.value(what.mark), percent.figure.value(what.small)
    p, a, c = (value or 0 for value in values)
    return bool(p and a and c) and arithmetic(p, a, c).sign in signs


def _told(run: Run, record: Record, way: Weighed) -> bool:
    """Whether a key of data or a table's head calls a figure the price of a coin that stands alone, in money that it names,
    and the coin has cost so much: `{"symbol": "BTC-USD", "price": "67123.45"}`."""
    field = record.field(way.what.price)
    value = field.figure.value(way.what.mark) if field else None
    money = currency_in(run, record, field) if field else None
    if not (record.name and value and money) or "head-price" not in dict(way.evidence):
        return False
    return bool(costs.plausible(record.name.symbol, value, money))


def _bare(run: Run, record: Record, way: Weighed) -> bool:
    """Whether a line or box of its own holds a coin that stands alone, what it could cost in a money that is printed, and a
    signed percent, and not a word more: `Bitcoin $67,123.45 +2.31%`."""
    what = way.what
    price, percent = (record.field(key) if key else None for key in (what.price, what.percent))
    if not (record.name and price and percent) or len(record.fields) != 2 or len(run.records) != 1:
        return False
    figure, size = price.figure, price.figure.value(what.mark)
    signed = percent.figure.sign and not percent.figure.doubt and price.text[0] not in "(["
    words = len(record.text) - len(record.printed) - len(price.text) - len(percent.text)
    money = figure.currency or record.name.currency
    could = size and money and costs.plausible(record.name.symbol, size, money)
    return bool(signed and could and words <= _SIGNS)


def _refused(run: Run, reason: str, best: Weighed | None = None) -> Judged:
    return Judged(tuple((r, Refusal(r.text, reason)) for r in run.records if r.name), best)


def _short(best: Weighed) -> str:
    against = [name for name, weight in best.evidence if weight < 0]
    return f"too little speaks for a list of prices ({', '.join(against) or 'few coins'})"


def sure(records: Sequence[Record], headed: bool = False) -> list[Record]:
    """The records whose names are coins' beyond doubt; words that are coins too (`btc`, `eth`) count among two such, and
    where several of them cost what their coins did; beside one such where a head says that coins stand below it."""
    records = [record for record in records if not record.crooked]
    if headed and any(record.name and not record.name.weak for record in records):
        return [record for record in records if record.name]
    sure = [i for i, r in enumerate(records) if r.name and not r.name.weak]
    if len({records[i].printed for i in sure}) < 2:
        words = [record for record in records if record.name and _cost_so(record)]
        return words if len({r.printed for r in words}) >= _ENOUGH else [records[i] for i in sure]
    long = len(sure) >= _LONG
    return [
        r
        for i, r in enumerate(records)
        if r.name
        and (not r.name.weak or r.name.symbol in LARGE or long or sure[0] < i < sure[-1] or _cost_so(r))
    ]


def _cost_so(record: Record) -> bool:
    """Whether one of a record's figures is what its coin has cost."""
    figures = [f.figure for f in record.fields if not f.figure.percent]
    known = [(f.currency or "USD", value) for f in figures for mark in MARKS if (value := f.value(mark))]
    return any(record.name and costs.plausible(record.name.symbol, v, money) for money, v in known)


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
