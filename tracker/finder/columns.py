"""Rows of one shape -> quotes: which figure is the price, which the change, what sign it has. Pure.

Everything is decided for a column of the whole group, never for one row alone. Where the page does not say, the
answer is null or a refusal with its reason; no sign is given that was not seen, or that arithmetic does not prove.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from ..model import Quote, Refusal
from ..printed.figures import DOLLARS, Figure, Mark, arithmetic, vote
from ..printed.heads import Head, money_of, money_said, window
from ..printed.signs import Change, contradiction, impossible, settle
from .rows import Item, Row

_BY_DOLLAR_SIGN = DOLLARS | {"USDT", "USDC"}
_PREFERRED = ("24h", "1d", None, "7d", "5d")  # which of several change columns is the change
_STABLE = re.compile(r"USD|DAI|EUR|PAX|FRAX|MIM|GUSD|UST")
_LEGEND = re.compile(r"[▲△]\s*(?:は|는|=|:)\s*(?:マイナス|下落|하락|감소|내림|minus)", re.IGNORECASE)
_JAPANESE = re.compile(r"[\u3040-\u30ff円銘]|前日|現在値|終値|暗号資産|仮想通貨")


@dataclass(slots=True)
class Group:
    """Rows with the same sequence of figures, and what stands around them.

    neighbours  figures of rows of the same shape that name no coin: they vote, they are not quotes
    heads       the column heads above, in order; laid: those right over the figures, where a table's marks say so
    above       the words above the first row, line by line, the nearest last
    titles      those of them that are no column heads; headings: the nearest short lines without a figure
    text        the block's text, for its script and its arrows
    """

    rows: list[Row]
    neighbours: list[list[Figure]] = field(default_factory=list)
    heads: list[Head] = field(default_factory=list)
    laid: list[Head | None] | None = None
    above: Sequence[str] = ()
    titles: Sequence[str] = ()
    headings: Sequence[str] = ()
    text: str = ""

    @property
    def kinds(self) -> str:
        return self.rows[0].kinds

    def column(self, at: int) -> list[Item]:
        return [row.items[at] for row in self.rows]

    def figures(self, at: int) -> Iterator[Figure]:
        """The column's figures, the neighbours' among them."""
        yield from (item.figure for item in self.column(at))
        yield from (figures[at] for figures in self.neighbours if len(figures) > at)

    def digits(self) -> Iterator[str]:
        for row in self.rows:
            yield from (item.figure.digits for item in row.items)
        for figures in self.neighbours:
            yield from (figure.digits for figure in figures)


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column is what; percent and change may be missing.

    named     a head or label calls the price so
    told      it plainly does, and the change's head says over what window, if there is one
    """

    price: int
    percent: int | None
    change: int | None
    window: str | None
    currency: str | None
    named: bool
    told: bool = False


def assign(group: Group, mark: Mark) -> Columns | str:
    """The roles of the columns, or why they cannot be told."""
    meanings = _meanings(group)
    marked = "P" in group.kinds  # where one percent carries its mark, all do
    said = [c for c, m in enumerate(meanings) if m and m.percent and m.role == "change" and not marked]
    percents = [c for c, kind in enumerate(group.kinds) if kind == "P" or c in said]
    numbers = [c for c, kind in enumerate(group.kinds) if kind == "N" and c not in percents]
    percent = _percent(percents, meanings)
    if not any(meanings) and not _heads_allow(group.heads, percents):
        percent = None
    changes = [c for c in numbers if _signed(group, c) or _role(meanings, c) == "change"]
    plain = [c for c in numbers if c not in changes and _role(meanings, c) in (None, "price")]
    plain = [c for c in plain if not any(_aggregate(row, c, mark) for row in group.rows)]
    named = _named([c for c in plain if _role(meanings, c) == "price"], meanings, group)
    if isinstance(named, str):
        return named
    if group.kinds.startswith("Q") or (not named and any(row.held for row in group.rows)):
        return "an amount of the coin stands before its figures"
    if _misfit(group, meanings):
        return "the heads above do not fit the figures"
    price, change = (named[0], None) if named else _price(group, mark, plain, percent)
    if price is None:
        return "no figure is plainly the price" if plain else "no price"
    if change is None:
        change = _change(group, mark, price, percent, changes, [c for c in plain if c not in named])
    if percent is not None and _from_ever(group, meanings, mark, price, percent):
        percent = change = None
    return _told(group, meanings, price, percent, change)


def _from_ever(group: Group, meanings: Sequence[Head | None], mark: Mark, price: int, percent: int) -> bool:
    """Whether the percents are distances from the highest price ever that stands beside."""
    for c in (c for c, m in enumerate(meanings) if m and m.hint == "ever"):
        figures = [[row.items[i].figure.value(mark) for i in (price, c, percent)] for row in group.rows]
        if all(
            p and top and move is not None and abs(abs(100 * (p / top - 1)) - move) < 1
            for p, top, move in figures
        ):
            return True
    return False


def _misfit(group: Group, meanings: Sequence[Head | None]) -> bool:
    """Heads that name other figures stand above, and it cannot be told which figure stands under which."""
    figures = [h for h in group.heads if h.role in ("price", "change", "other") and h.hint != "drawn"]
    others = any(h.role == "other" for h in figures)
    only = others and not any(h.role in ("price", "change", "name") for h in group.heads)
    return not any(meanings) and (only or (others and len(figures) > len(group.kinds)))


def _told(
    group: Group, meanings: Sequence[Head | None], price: int, percent: int | None, change: int | None
) -> Columns:
    """The columns with what heads and headings say of them."""
    window = next((m.window for c in (percent, change) if c is not None and (m := meanings[c])), None)
    timeless = percent is not None and ((m := meanings[percent]) is None or m.window is None)
    if timeless and (over := _over(group)):
        window, percent, change = (over, percent, change) if _stated(over) else (None, None, None)
    head = meanings[price]
    named = head is not None and head.role == "price"
    money = (head.currency if head else None) or money_of(
        " / ".join([*group.headings, *money_said(group.text)])
    )
    timed = _stated(window) is not None or (percent, change) == (None, None)
    told = head is not None and named and head.hint != "weak" and timed
    return Columns(price, percent, change, _stated(window), money, named, told)


def _named(named: list[int], meanings: Sequence[Head | None], group: Group) -> list[int] | str:
    """The column among those that are called the price, if any; or why it cannot be told.

    A present price goes before all others, and what is plainly called the price before values and closes: beside an
    amount those are what it is worth.
    """
    hints = {c: m.hint for c in named if (m := meanings[c])}
    amounts = [h for h in (*group.heads, *meanings) if h and h.hint == "amount"]
    for hint in ("present", "", "weak"):
        of_hint = [c for c in named if hints[c] == hint]
        money = {m.currency for c in of_hint if (m := meanings[c])}
        if of_hint and hint == "weak" and amounts:
            return "beside an amount a value is no price"
        if of_hint:
            return of_hint[:1] if len(of_hint) in (1, len(money)) else "several columns are called the price"
    return named


def _over(group: Group) -> str | None:
    """Another time than a day that the words above say the changes are over: `this week`, `past 30 days`."""
    over = window(" / ".join(group.headings))
    return over if over in ("7d", "5d", "long", "1h") else None


def _aggregate(row: Row, at: int, mark: Mark) -> bool:
    """A market value or a volume by its size: billions, 조; a thousand million of anything but the smallest units."""
    figure = row.items[at].figure
    value = figure.value(mark)
    small = (figure.currency or row.currency or row.name.currency) in ("IDR", "VND", "IRT", "IRR")
    return (
        figure.unit >= 10**9 or "조" in figure.digits or (value is not None and value >= 10**9 and not small)
    )


def _stated(window: str | None) -> str | None:
    return window if window in ("24h", "1d", "5d", "7d") else None


def _role(meanings: Sequence[Head | None], at: int) -> str | None:
    head = meanings[at]
    return head.role if head else None


def _signed(group: Group, at: int) -> bool:
    """Whether a column prints signs: changes do, prices never."""
    return any(item.figure.sign or item.word_sign for item in group.column(at))


def _meanings(group: Group) -> list[Head | None]:
    """Each column's head: its rows' own labels, else the heads above where they can be laid over the columns."""
    if group.laid:
        return group.laid
    labels = [next((i.label for i in group.column(c) if i.label), None) for c in range(len(group.kinds))]
    if any(labels):
        # A signed figure under a price label is the change of that price: `24H BTC price` / `-$1,399.30`.
        return [
            Head("change", h.window) if h and h.role == "price" and _signed(group, c) else h
            for c, h in enumerate(labels)
        ]
    return _lay([h for h in group.heads if h.role not in ("name", "rank", "time")], group.kinds) or [
        None
    ] * len(group.kinds)


def _lay(heads: list[Head], kinds: str) -> list[Head | None] | None:
    """Heads over columns in order. A change head may stand over two figures (`9.29(-0.34%)`, `-0.34% 9.29`), another one
    over two (`$1.30T$1,302,456`), and heads without figures (charts) may be left over at the end.

    None where there is no price head, or where heads can be laid in two ways that disagree about price or change.
    """
    if len(heads) > len(kinds) and heads[0].role == "unknown":
        heads = heads[1:]  # the name's
    if not any(h.role == "price" for h in heads) and len(heads) != len(kinds):
        return None
    ways = sorted(_ways(heads, kinds, 3, "P" in kinds), key=lambda way: (way[0], _amounts(way[1], kinds)))
    best = [way for doubled, way in ways if doubled == ways[0][0]]
    return [*best[0]] if len({_telling(way, kinds) for way in best}) == 1 else None


def _amounts(way: list[Head], kinds: str) -> int:
    """How many figures without a percent mark stand under heads that speak of percents."""
    return sum(
        head.percent and head.role == "change" and kind == "N" for head, kind in zip(way, kinds, strict=True)
    )


def _telling(way: list[Head], kinds: str) -> tuple[Head | None, ...]:
    """What matters of a way: where the price stands, and what the percents are."""
    return tuple(h if h.role == "price" or kind == "P" else None for h, kind in zip(way, kinds, strict=True))


def _ways(heads: list[Head], kinds: str, spare: int, marked: bool) -> list[tuple[int, list[Head]]]:
    """Every way to lay heads over kinds with at most `spare` heads over two columns: (how many, the heads)."""
    if not kinds:
        return [(0, [])] if all(head.role in ("other", "unknown") for head in heads) else []
    if not heads or not _fits(heads[0], kinds[0], marked):
        return []
    first = heads[0]
    ways = [(n, [first, *rest]) for n, rest in _ways(heads[1:], kinds[1:], spare, marked)]
    if first.role == "change":
        pair = kinds[:2] in ("NP", "PN") and kinds.count("P") == 1
    else:
        pair = kinds[:2] in ("NN", "NQ") and first.role == "other"
    if spare and pair:
        ways += [(n + 1, [first, first, *rest]) for n, rest in _ways(heads[1:], kinds[2:], spare - 1, marked)]
    return ways


def _heads_allow(heads: list[Head], percents: list[int]) -> bool:
    """Heads that cannot be laid over the columns still allow a single percent to be the change if one head says so,
    and no other one could be a percent's."""
    if any(h.role == "unknown" for h in heads):
        return False
    if not any(h.role == "price" for h in heads) or all(h.role == "price" for h in heads):
        return True  # `시세` alone is what the list is called
    return len(percents) == 1 and sum(h.role == "change" for h in heads) == 1


def _fits(head: Head, kind: str, marked: bool) -> bool:
    """Whether a head can stand over a figure; marked: percents carry their mark in this list."""
    if head.role == "price":
        return kind != "P"
    amount = head.window in (None, "1d", "24h") and not (head.percent and marked)
    return kind == "P" or head.role in ("other", "unknown") or amount


def _percent(percents: list[int], meanings: Sequence[Head | None]) -> int | None:
    """The change column among the percents; None where several stand there and nothing tells them apart."""
    named = [c for c in percents if _role(meanings, c) == "change"]
    if named:
        for window in _PREFERRED:
            of_window = [c for c in named if (m := meanings[c]) and m.window == window]
            if of_window:
                return of_window[0] if len(of_window) == 1 else None
        return None
    free = [c for c in percents if meanings[c] is None]
    return free[0] if len(free) == 1 and len(percents) == 1 else None


def _price(group: Group, mark: Mark, plain: list[int], percent: int | None) -> tuple[int | None, int | None]:
    """The price among unnamed columns, with its change where arithmetic finds both at once."""
    if len(plain) == 1:
        return plain[0], None
    if percent is not None:
        proven = [(p, c) for p in plain for c in plain if p != c and _proves(group, mark, p, c, percent)]
        if len(proven) == 1:
            return proven[0]
    first = _first_of_two_currencies(group, mark, plain)
    if first is not None:
        return first, None
    small = [c for c in plain if not _huge(group, mark, c)]
    return (small[0], None) if len(small) == 1 and len(plain) > 1 else (None, None)


def _change(
    group: Group, mark: Mark, price: int, percent: int | None, changes: list[int], plain: list[int]
) -> int | None:
    """The absolute change: what is called or signed so, else what the arithmetic proves."""
    if len(changes) == 1 and (percent is not None or any(f.money for f in group.figures(changes[0]))):
        return changes[0]
    candidates = changes or [c for c in plain if c != price]
    if percent is None:  # a lone signed number may as well be a percent whose mark stands nowhere
        return None
    proven = [c for c in candidates if _proves(group, mark, price, c, percent)]
    return proven[0] if len(proven) == 1 else None


def _proves(group: Group, mark: Mark, price: int, change: int, percent: int) -> bool:
    """Whether the three columns belong together by arithmetic in nearly all rows, exactly in half of them."""
    near = exact = total = 0
    for row in group.rows:
        p, a, c = (row.items[at].figure.value(mark) for at in (price, change, percent))
        if not p or a is None or c is None:
            return False
        if a >= p:
            return False
        if not a and not c:
            continue
        fit = arithmetic(p, a, c)
        total += 1
        near += fit.near_up or fit.near_down
        exact += fit.exact_up or fit.exact_down
    return total > 0 and near >= 0.8 * total and exact >= 0.5 * total


def _first_of_two_currencies(group: Group, mark: Mark, plain: list[int]) -> int | None:
    """Two columns in two printed currencies whose ratio is the same in every row: one price, printed twice."""
    if len(plain) != 2 or len(group.rows) < 2:
        return None
    ratios = []
    for row in group.rows:
        one, two = (row.items[c].figure for c in plain)
        a, b = one.value(mark), two.value(mark)
        if not a or not b or not one.currency or not two.currency or one.currency == two.currency:
            return None
        ratios.append(a / b)
    return plain[0] if max(ratios) <= min(ratios) * Decimal("1.08") else None


def _huge(group: Group, mark: Mark, at: int) -> bool:
    """A market value or a volume: a million and more in every row, and no fraction anywhere."""
    figures = [item.figure for item in group.column(at)]
    if any(f.currency not in ("USD", "EUR", "GBP") for f in figures):
        return False  # a million won is a price
    values = [f.value(mark) for f in figures]
    return all(v is not None and v >= 10**6 and (v == v.to_integral_value() or v >= 10**9) for v in values)


def quotes(
    group: Group, columns: Columns, mark: Mark, row_text: dict[int, str]
) -> list[tuple[Row, Quote | Refusal]]:
    """A quote or a refusal for each row, in order; the block gives the ranks later (here 0)."""
    trusted = _arrows_mean_direction(group)
    habits = [at is not None and _unsigned_rises(group, at) for at in (columns.percent, columns.change)]
    lost = columns.percent is not None and _all_lost(group, columns.percent, mark)
    made: list[tuple[Row, Quote | Refusal]] = []
    for row in group.rows:
        percent, amount = (
            _read_change(row, at, mark, trusted, rises, at is not None and columns.change is None and lost)
            for at, rises in zip((columns.percent, columns.change), habits, strict=True)
        )
        result = _quote(row, columns, mark, percent, amount, row_text[row.first])
        made.append((row, result if isinstance(result, Quote) else Refusal(row_text[row.first], result)))
    return made


def _quote(
    row: Row, columns: Columns, mark: Mark, percent: Change | None, amount: Change | None, text: str
) -> Quote | str:
    figure = row.items[columns.price].figure
    price, currency = figure.value(mark), _currency(row, figure, columns)
    if price is None:
        return f"`{figure.digits}` is no number in this block's format"
    if currency == "?":
        return "the name and the price disagree about the currency"
    if price == 1 and (figure.digits == "1" or not (figure.money or _STABLE.search(row.name.symbol))):
        return "a price of exactly 1 is a converter's"
    if price <= 0:
        return "the price is not above zero"
    signed, moved, flags = settle(price, percent, amount)
    if reason := impossible(price, signed, moved) or contradiction(price, percent, amount):
        return reason
    return Quote(
        rank=0, name=row.name.printed, symbol=row.name.symbol or None, currency=currency, price=price, change_pct=signed,
        change_abs=moved, change_window=None if signed is None and moved is None else columns.window, row_text=text,
        flags=tuple(sorted({*flags, *(["symbol-unknown"] if row.unknown else [])})),
    )  # fmt: skip


def _read_change(
    row: Row, at: int | None, mark: Mark, trusted: bool, rises: bool, lost: bool
) -> Change | None:
    if at is None:
        return None
    size = row.items[at].figure.value(mark)
    return None if size is None else Change(size, _seen(row.items[at], trusted), rises, lost)


def _all_lost(group: Group, at: int, mark: Mark) -> bool:
    """No sign anywhere in a column that is not all zeros: they were icons or colours."""
    words = any(item.word_sign for item in group.column(at))
    return (
        not words
        and not any(f.sign for f in group.figures(at))
        and any(f.value(mark) for f in group.figures(at))
    )


def _currency(row: Row, figure: Figure, columns: Columns) -> str | None:
    """Printed beside the price, else in the head, as a cell of its own, or in the pair; `?` if they disagree.

    A bare `$` is also how dollars other than the American and pesos are printed, so a word is the finer one.
    """
    said = [c for c in (figure.currency, row.currency, columns.currency, row.name.currency) if c]
    finer = [c for c in said if c != "USD"]
    if len(set(said)) < 2:
        return said[0] if said else None
    return finer[0] if len(set(finer)) == 1 and "USD" in said and finer[0] in _BY_DOLLAR_SIGN else "?"


def _seen(item: Item, trusted: bool) -> int | None:
    """The sign printed with a figure, as mark or word; 0 if there is none; None if it cannot be trusted."""
    figure = item.figure
    if figure.doubt or (figure.arrow and not trusted):
        return None
    if figure.sign and item.word_sign and figure.sign != item.word_sign:
        return None
    return figure.sign or item.word_sign or 0


def _arrows_mean_direction(group: Group) -> bool:
    """In Japanese tables `▲` and `△` are minus signs; they are arrows only where `▼` or `▽` stands beside them."""
    if _LEGEND.search(group.text):
        return False
    falls = any(f.arrow and f.sign == -1 for at in range(len(group.kinds)) for f in group.figures(at))
    return falls or not _JAPANESE.search(group.text)


def _unsigned_rises(group: Group, at: int) -> bool:
    """A column that prints minus and never plus prints its rises without a sign."""
    figures = list(group.figures(at))
    return any(f.sign == -1 for f in figures) and not any(f.sign == 1 or f.doubt for f in figures)


def number_format(group: Group) -> Mark | None:
    """The decimal mark that the group's own figures agree on."""
    return vote(group.digits())
