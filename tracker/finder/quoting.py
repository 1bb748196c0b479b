"""A run and what its columns are -> quotes and refusals. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from ..coins import costs
from ..model import Quote, Refusal, held_figures
from ..printed.figures import Mark, currency_of
from ..printed.heads import head, money_of
from ..printed.signs import Change, contradiction, impossible, settle
from .hypotheses import Hypothesis, column, currency_in
from .others import is_other
from .record import Field, Key, Record, Run

Habit = tuple[bool, bool, bool, bool]
Habits = tuple[Habit, ...]
_WORDS = re.compile(r"[^\s/()|,:;]+")
CROOKED = "its cells or figures are not those of the other rows"
_KEY = re.compile(r"[a-z]+(?:_[a-z0-9]+)+|[a-z]+\d*(?:[A-Z][a-z0-9]*)+")  # `price_change_24h`, `changePct`
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?", re.IGNORECASE)
_APART = ("- ", "– ", "-\u00a0", "–\u00a0")
_FEW = "too few coins stand beside it"
_WORD_TOO = f"is also a word, and {_FEW}"
_COMPANY = 3  # known coins beside which a row of an unknown name is one of theirs
_TICKER = re.compile(r"\b[A-Z][A-Z0-9_]{1,11}\b")


def rows(run: Run, named: Sequence[Record], what: Hypothesis) -> Iterator[tuple[Record, Quote | Refusal]]:
    ranked = {record.text for record in named}
    habits = tuple(_habit(run, named, key) for key in (what.percent, what.amount))
    inferred = _inferred(run, named, what)
    for record in run.records:
        if record.crooked:
            if (
                record.name
                or not record.printed
                or (record.field(what.price) and not is_other(record.printed))
            ):
                yield record, Refusal(record.text, CROOKED)
        elif record.name is None:
            if not _shaped(run, record, what, named):
                continue
            if len(named) >= _COMPANY:
                yield record, _nameless(run, record, named, what, habits, inferred)
            elif len(named) > 1:
                yield record, Refusal(record.text, f"its name is no known coin's, and {_FEW}")
        elif record.text not in ranked:
            yield record, Refusal(record.text, f"`{record.name.printed}` {_WORD_TOO}")
        else:
            yield record, _quote(run, record, what, habits, inferred)


def _shaped(run: Run, record: Record, what: Hypothesis, named: Sequence[Record]) -> bool:
    """Whether a record without a known coin is of the list's own build, and no index, metal or currency."""
    keys = [k for k in (what.price, what.percent) if k]
    shape = all(record.field(k) for k in keys)
    money = all(f.figure.money for f in column(named, what.price))
    own = record.field(what.price)
    if own and money and not own.figure.money:
        return False  # a row of heads
    return shape and len(record.printed) <= 40 and not is_other(record.printed)


def _nameless(
    run: Run, record: Record, named: Sequence[Record], what: Hypothesis, habits: Habits, inferred: str | None
) -> Quote | Refusal:
    """A row whose name no registry knows, without a symbol; refused where a ticker is printed, which might be its symbol,
    or where no name is left."""
    if not record.printed:
        return Refusal(record.text, "its name is lost")
    if not record.ticker and 2 * len(named) <= len(run.records):
        return Refusal(record.text, "its name is no known coin's, as half of the names here are not")
    if not record.ticker and _TICKER.search(record.printed):
        reason = f"`{record.printed}` is no coin that the list knows: add it to a coin list of your own"
        return Refusal(record.text, reason)
    return _quote(run, record, what, habits, inferred)


def _inferred(run: Run, named: Sequence[Record], what: Hypothesis) -> str | None:
    """The one currency that the prices of a run fit, where none is printed; none where words above speak of another, and
    of several that of which they speak. Money without rates in the table may be one of them."""
    prices = []
    for record in named:
        field = record.field(what.price)
        if field is None or field.figure.money or currency_in(run, record, field):
            continue
        if record.name and (value := field.figure.value(what.mark)):
            prices.append((record.name.symbol, value))
    fits = costs.currencies(prices) if 2 * len(prices) > len(named) else ()
    fits = (*fits, *costs.elsewhere(prices)) if fits else ()
    said = _money_above(run)
    left = [money for money in fits if money in said] if said else fits
    return left[0] if len(left) == 1 else None


def _money_above(run: Run) -> set[str]:
    """The currencies that the words above a run and its heads speak of."""
    words = " ".join((*run.above, *run.heads.values()))
    named = {money for word in _WORDS.findall(words) if (money := currency_of(word))}
    return named | ({one} if (one := money_of(words)) else set())


def _habit(run: Run, named: Sequence[Record], key: Key | None) -> Habit:
    """Whether a column's unsigned figures are rises (others print a minus, none a plus; or they are bare numbers under a key
    of data, as programs print them), whether all signs are lost, whether brackets are its minus (they stand around some
    figures and not around others, none of them with a sign), and whether its signs stand apart (`+ 0.20 %`: then
    `- 0.84 %` is a fall, and no bullet)."""
    fields = column(named, key) if key else []
    signs = {f.figure.sign for f in fields}
    marked = any(f.marked or f.sign for f in fields)
    spaced = any(f.text.startswith(("+ ", "+\u00a0")) for f in fields)
    doubt = any(f.figure.doubt for f in fields) and not spaced
    brackets = signs == {0} and {f.figure.bracketed for f in fields} == {True, False}
    data = bool(key and _KEY.fullmatch(run.heads.get(key[0], ""))) and not any(_dressed(f) for f in fields)
    data = data or run.mark is not None
    minus = -1 in signs or brackets or data or _minus_elsewhere(run, named, key)
    lost = not marked and signs == {0} and not brackets and not minus
    return minus and 1 not in signs and not doubt, lost, brackets, spaced


def _minus_elsewhere(run: Run, named: Sequence[Record], key: Key | None) -> bool:
    """Whether changes over other spans print a minus and none of them a plus: then the unsigned of this one are rises."""
    keys = {
        f.key
        for r in named
        for f in r.fields
        if (m := head(run.heads.get(f.key[0], ""))) and m.role == "change"
    }
    signs = {f.figure.sign for k in keys for f in column(named, k)}
    return bool(key in keys and len(keys) > 1 and -1 in signs and 1 not in signs)


def _dressed(field: Field) -> bool:
    """Whether a figure is printed for people: with a percent sign, brackets or groups."""
    return not _NUMBER.fullmatch(field.text.strip())


def _read(record: Record, key: Key | None, mark: Mark, habit: Habit) -> tuple[Change | None, bool]:
    """A change with its sign, and whether the markup alone says it."""
    field = record.field(key) if key else None
    size = field.figure.value(mark) if field else None
    if field is None or size is None:
        return None, False
    rises, lost, brackets, spaced = habit
    apart = spaced and field.figure.doubt and field.text[:2] in _APART
    falls = apart or (brackets and field.figure.bracketed)
    printed = field.figure.sign or field.sign or (-1 if falls else 0)
    told = printed or field.marked
    words = field.figure.sign and field.sign and field.figure.sign != field.sign
    clash = (
        (field.figure.doubt and not apart) or words or (printed and field.marked and printed != field.marked)
    )
    return Change(size, None if clash else told, rises and not field.marked, lost), bool(
        told and not printed and not clash and size
    )


def _quote(
    run: Run, record: Record, what: Hypothesis, habits: Habits, inferred: str | None
) -> Quote | Refusal:
    field = record.field(what.price)
    price = field.figure.value(what.mark) if field else None
    if field is None or price is None or field.figure.percent:
        return Refusal(record.text, "no figure stands where the others have their price")
    percent, marked = _read(record, what.percent, what.small, habits[0])
    amount, also = _read(record, what.amount, what.mark, habits[1])
    if price == 1 and field.figure.digits == "1":
        return Refusal(record.text, "a price of exactly 1 is a converter's")
    signed, moved, flags = settle(price, percent, amount)
    held = held_figures(price, signed, moved)
    reason = impossible(*held) or contradiction(price, percent, amount)
    if reason and not _is_rounding(record, what, price, percent, amount):
        return Refusal(record.text, reason)
    if held != (price, signed, moved):  # programs print more digits than anybody reads
        flags = flags | {"rounded"}
    currency = currency_in(run, record, field)
    if currency is None and not field.figure.money and inferred:
        currency, flags = inferred, flags | {"currency-inferred"}
    if (marked and signed is not None) or (also and moved is not None):
        flags = flags | {"sign-from-markup"}
    if record.name is None:
        flags = flags | {"symbol-printed" if record.ticker else "symbol-unknown"}
    known = record.name.symbol if record.name else record.ticker or None
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
