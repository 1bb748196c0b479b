"""The few ways to lay roles over the columns of a run: price, percent, amount, in one number format. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ..printed.figures import Mark, arithmetic, currency_of, vote
from ..printed.heads import Head, head, measures, money_of, speaks_of_prices, vetoes, window
from .record import Field, Key, Record, Run

OTHER = frozenset(
    "cap mcap marketcap volume vol supply circulating rank high low open bid ask spread dominance amount turnover balance"
    " holding holdings fee ath atl total mkt trade trades 거래량 거래대금 시가총액 고가 저가".split()
)
_AND = re.compile(r"\s*(?:[&/,+|·]|\b(?:and|und|y|e|et|en|и|ve|dan|và)\b|及|和|と|및)\s*", re.IGNORECASE)
_ASIDE = re.compile(r"[(\[]\s*([^\s()\[\]]{1,4})\s*[)\]]")
_OWN = frozenset(
    "alert entry target stop average avg strike forecast predicted prediction trigger expected".split()
)
_CHANGE = frozenset("change chg diff difference delta variation".split())
_YEAR = re.compile(r"(?:19|20)\d\d\s?[EFef]?")
_HUNDRED = Decimal(100)
MARKS: tuple[Mark, Mark] = (".", ",")
_WINDOWS = ("24h", "1d", None, "7d", "5d")


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One way to lay roles over the columns of a run."""

    price: Key
    percent: Key | None
    amount: Key | None
    mark: Mark
    small: Mark  # of the percents, which one page may print otherwise
    window: str | None


def hypotheses(run: Run, named: Sequence[Record]) -> Iterator[Hypothesis]:
    """The few ways to lay roles over the columns that most of the records have."""
    keys = [key for key, n in Counter(f.key for r in named for f in r.fields).items() if 2 * n > len(named)]
    by_window = _by_window(run, named, keys)
    percents = [k for k in keys if k in by_window or _is_percent(run, named, k)]
    percent, over = _change(run, named, percents)
    if percent and not meaning_of(run, column(named, percent), percent) and _speaks_otherwise(run):
        percent = None  # a premium, a share, a yield
    for price in keys:
        if price in percents:
            continue
        for mark in (run.mark,) if run.mark else marks(run, named, price):
            if percent is None and (percent := _unmarked(run, named, keys, price, mark)):
                meaning = meaning_of(run, column(named, percent), percent)
                over = meaning.window if meaning else None
            small = marks(run, named, percent)[0] if percent and not run.mark else mark
            amount = _amount(
                run,
                named,
                [k for k in keys if k not in (price, percent, *percents)],
                price,
                percent,
                mark,
                small,
            )
            yield Hypothesis(price, percent, amount, mark, small, over)


def _by_window(run: Run, named: Sequence[Record], keys: Sequence[Key]) -> set[Key]:
    """Columns of changes over several windows, `1 HOUR`, `24 HOUR`, `7 DAYS`: they are percents, marked or not."""
    said = {key: meaning_of(run, column(named, key), key) for key in keys}
    over = {key: m.window for key, m in said.items() if m and m.role == "change" and m.window}
    bare = all(not f.figure.money for key in over for f in column(named, key))
    return set(over) if bare and len(set(over.values())) > 1 else set()


def _speaks_otherwise(run: Run) -> bool:
    """Whether words above name another measure, or say that the figures are no present prices."""
    words = " | ".join(run.above)
    return vetoes(words) or (measures(words) and not speaks_of_prices(words))


def _is_percent(run: Run, named: Sequence[Record], key: Key) -> bool:
    fields = column(named, key)
    meaning = meaning_of(run, fields, key)
    said = meaning is not None and meaning.role == "change" and meaning.percent
    return all(f.figure.percent for f in fields) or (said and not any(f.figure.money for f in fields))


def _change(run: Run, named: Sequence[Record], percents: Sequence[Key]) -> tuple[Key | None, str | None]:
    """The column of percents that is the change, of several the one over a day; and over what window it is."""
    known: list[tuple[int, Key, str | None]] = []
    for key in percents:
        fields = column(named, key)
        meaning, says = meaning_of(run, fields, key), frozenset.intersection(*(f.says for f in fields))
        if (meaning and meaning.role != "change") or (not meaning and says & OTHER):
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


def _unmarked(run: Run, named: Sequence[Record], keys: Sequence[Key], price: Key, mark: Mark) -> Key | None:
    """A column that a head calls the change and that can be no money, though no percent is printed."""
    for key in keys:
        fields = column(named, key)
        meaning = meaning_of(run, fields, key)
        if key == price or meaning is None or meaning.role != "change" or any(f.figure.money for f in fields):
            continue
        pairs = [(p, f) for r in named if (p := r.field(price)) and (f := r.field(key))]
        if no_money((p.figure.value(mark), f.figure.value(mark), f.figure.sign or f.sign) for p, f in pairs):
            return key
    return None


def no_money(told: Iterable[tuple[Decimal | None, Decimal | None, int]]) -> bool:
    """Whether changes (price, size, sign) can be no money, so that they are percents: some coin would have risen by all it
    costs or more, another by next to nothing, and none has moved by more than a hundred."""
    known = [(p, c, sign) for p, c, sign in told if p and c]
    if len(known) < 3 or any(c > _HUNDRED for _, c, _ in known):
        return False
    impossible = any(sign >= 0 and c >= p for p, c, sign in known)
    return impossible and any(c * 1000 < p for p, c, _ in known)


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
        meaning = meaning_of(run, column(named, key), key)
        if meaning and meaning.role in ("price", "rank"):
            continue
        called = meaning is not None and meaning.role == "change" and not meaning.percent
        called = called or (meaning is None and (_moves(named, price, key, mark) or _says_change(named, key)))
        if (called and (percent or _is_money(named, key, mark))) or (
            percent and proves(named, price, key, percent, mark, small)
        ):
            return key
    return None


def _moves(named: Sequence[Record], price: Key, key: Key, mark: Mark) -> bool:
    """Whether each figure of a column has a sign and is less than the price beside it, which has none."""
    pairs = [(p.figure, f.figure) for r in named if (p := r.field(price)) and (f := r.field(key))]
    return len(pairs) == len(named) > 1 and all(
        f.sign and not f.doubt and not p.sign and (f.value(mark) or 0) < (p.value(mark) or 0)
        for p, f in pairs
    )


def _says_change(named: Sequence[Record], key: Key) -> bool:
    """Whether the markup of a column without percents calls it the change."""
    fields = column(named, key)
    said = frozenset.intersection(*(f.says for f in fields)) if fields else frozenset[str]()
    return not said.isdisjoint(_CHANGE) and not any(f.figure.percent for f in fields)


def _is_money(named: Sequence[Record], key: Key, mark: Mark) -> bool:
    """Whether a column's changes are money for certain: by their marks, or because no day's percents are so large. Without a
    percent beside them `2.31` under `Change` may be either."""
    figures = [field.figure for field in column(named, key)]
    return any(f.money for f in figures) or any((f.value(mark) or 0) > _HUNDRED for f in figures)


def column(named: Sequence[Record], key: Key) -> list[Field]:
    return [f for r in named if (f := r.field(key))]


def meaning_of(run: Run, fields: Sequence[Field], key: Key) -> Head | None:
    """What a column's head says, else the labels in its cells."""
    words = run.heads.get(key[0], "")
    if _YEAR.fullmatch(words):
        return Head("other")  # what coins cost or shall cost in other years
    if words:
        lines = (" ".join(words.split()), *reversed(words.splitlines()))
        return next((m for w in lines if (m := head(w) or _one_of(w, fields))), _strange(words))
    labels = {f.label for f in fields}
    return labels.pop() if len(labels) == 1 else None


def _strange(words: str) -> Head:
    """A head that nobody knows, with the money that it names: `업비트(원)`; of somebody's own figures: `Alert price`."""
    if not _OWN.isdisjoint(words.lower().split()):
        return Head("other")
    return Head("unknown", currency=next(filter(None, map(currency_of, _ASIDE.findall(words))), None))


def _one_of(words: str, fields: Sequence[Field]) -> Head | None:
    """Of a head over two figures, `Price & Change`, what it says of these: percents are the change."""
    said = [head(part) for part in _AND.split(words)]
    if len(said) < 2 or None in said:
        return None
    percent = all(f.figure.percent for f in fields)
    return next((one for one in said if one and (one.role == "change") == percent), None)


def marks(run: Run, named: Sequence[Record], key: Key) -> Sequence[Mark]:
    """The decimal mark of a column by its coins' figures, else by those of what stands among them; both where none says."""
    mark = vote(f.figure.digits for f in column(named, key))
    mark = mark or vote(f.figure.digits for f in column(run.records, key))
    return (mark,) if mark else MARKS


def proves(named: Sequence[Record], price: Key, amount: Key, percent: Key, mark: Mark, small: Mark) -> bool:
    fits = []
    for record in named:
        p, a, c = (record.field(k) for k in (price, amount, percent))
        values = p and p.figure.value(mark), a and a.figure.value(mark), c and c.figure.value(small)
        if None in values or not all(values):
            continue
        one, two, three = (v for v in values if isinstance(v, Decimal))
        fit = arithmetic(one, two, three) if one > two else None
        fits.append(bool(fit and (fit.near_up or fit.near_down)))
    return len(fits) >= min(2, len(named)) and all(fits)


def currency_in(run: Run, record: Record, field: Field) -> str | None:
    """Printed beside the price, else in its head, else in the pair's name."""
    words = run.heads.get(field.key[0], "")
    meaning = (head(words) or _strange(words)) if words else None
    of_name = record.name.currency if record.name else None
    printed = field.figure.currency
    if printed == "USD" and field.text.lstrip("+-−").startswith("$"):
        return of_name or money_of(" ".join((*run.above, words))) or printed
    if printed or field.figure.money:
        return printed or of_name
    return (meaning.currency if meaning else None) or of_name
