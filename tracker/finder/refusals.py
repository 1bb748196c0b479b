"""Why a list that looks like one of prices is none: each doubt is a function that says its reason, or None. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise, takewhile

from ..model import Quote
from ..printed.figures import COIN_CURRENCIES, Mark
from ..printed.heads import in_lots, is_sum, measures, speaks_of_markets, speaks_of_prices, vetoes
from .columns import Columns, Group
from .context import Sheet, beside, kinds_of
from .grid import BIG, RULE, line_at
from .rows import Row

# How many of a coin one bitcoin has cost at the very least since 2013, by the daily closes of the coin's highest times
# against bitcoin, with a margin of a fifth and more. Market values, volumes, balances and counts of addresses do not
# keep to it.
_BITCOIN_COSTS = {
    "ETH": 5, "BCH": 2, "LTC": 15, "BNB": 60, "SOL": 120, "XMR": 20, "DASH": 6, "ETC": 80, "EOS": 300, "LINK": 400,
    "DOT": 600, "XRP": 2500, "ADA": 8000, "XLM": 10_000, "TRX": 25_000, "DOGE": 40_000, "USDT": 60, "USDC": 60,
}  # fmt: skip
_BITCOIN_AT_LEAST = 150  # in dollars, and so in every smaller unit of money, since 2014
_BITCOIN_AT_MOST = 1_000_000  # American dollars: eight times its highest price so far
_SEVERAL = 5  # coins whose regular rows speak for themselves
_LINE = 400  # characters of a line that may be a row
_ORDER = re.compile(
    r"\b(?:buy|sell)[\s|]+(?:limit|market|stop)\b|\b(?:limit|stop)[\s|]+(?:buy|sell|order)\b"
    r"|\b(?:long|short)\b(?! ?[/:%])|\b(?:filled|cancell?ed)\b|지정가|미체결|롱|숏",
    re.IGNORECASE,
)
_STAMP = re.compile(r"[\s|│]*\d{4}[-./]\d{1,2}[-./]\d{1,2}[^|│\t]*")


def turned_round(page: Sheet, rows: Sequence[Row]) -> str | None:
    """The figures before each name are its own: then the last row is cut short, or empty, and what it lacks stands
    before the first name."""
    if len(rows) < 2 or not rows[0].items:
        return None
    first, last = rows[0], rows[-1]
    opening = page.parts[first.first - 1] if first.first else None
    if opening and opening.figure and opening.figure.percent and first.kinds.endswith("P"):
        alone = page.cells[opening.cell][0] == first.first - 1
        if alone and not beside(page, first, -1):
            return "a percent stands before the first name: it may be its own, and those behind names the next one's"
    lacking = first.kinds[len(last.kinds) :]
    if (
        not lacking
        or not first.kinds.startswith(last.kinds)
        or any(r.kinds != first.kinds for r in rows[:-1])
    ):
        return None
    before = page.parts[max(0, first.first - len(lacking)) : first.first]
    return "the names stand behind their figures, not before them" if kinds_of(before) == lacking else None


def heads_of_columns(page: Sheet, rows: Sequence[Row]) -> None:
    """Several names on one line before a row's own: they head columns, and the row's figures belong to all of them."""
    for at, row in enumerate(rows):
        empty = [r for r in rows[max(0, at - 2) : at] if not r.items]
        if row.items and len(empty) == 2:
            line = page.text[page.parts[empty[0].first].start : page.parts[row.first].end].strip()
            if "\n" not in line:
                row.refuse("several names stand before these figures")


def cut_off(page: Sheet, row: Row) -> str | None:
    """A name in a cell of its own, whose line goes on with words that nobody knows and then with figures."""
    first, last = page.cells[row.cells[0]]
    begin, line = line_at(page.text, page.parts[row.first].start)
    if first != last or len(line) > _LINE:
        return None
    for part in page.parts[row.first + 1 :]:
        if part.start >= begin + len(line):
            return None
        if part.figure and not part.bare:
            return "other words stand between its name and its figures"
    return None


def odd_ones(rows: Sequence[Row]) -> set[int]:
    """Rows, by their first part, that have other figures than most of the list: some cell was lost or added.

    Two and more of one other shape at either end are a list of their own.
    """
    usual, times = Counter(row.kinds for row in rows).most_common(1)[0]
    if times < 3 or 2 * times <= len(rows):
        return set()
    odd: set[int] = set()
    for kinds in {row.kinds for row in rows} - {usual}:
        at = [i for i, row in enumerate(rows) if row.kinds == kinds]
        together = at[-1] - at[0] == len(at) - 1 and (at[0] == 0 or at[-1] == len(rows) - 1)
        if len(at) < 2 or not together:
            odd.update(rows[i].first for i in at)
    return odd


def orders(page: Sheet, group: Group) -> str | None:
    """Words in the rows say that they are somebody's orders or positions."""
    said = sum(bool(_ORDER.search(page.row_text(row))) for row in group.rows)
    return "its rows are orders or positions" if 2 * said >= len(group.rows) else None


def words_above(page: Sheet, group: Group, columns: Columns) -> str | None:
    """What stands above says that these are no present prices, or does not say which column is the price."""
    changes = "P" in group.kinds or columns.percent is not None or columns.change is not None
    # Beside a column that is called the price, heads of others (`APY`, `Dominance`) speak for themselves.
    near = group.above[-2:] if changes else group.above
    said = [w for w in near if not columns.named or w in group.titles] + list(group.titles[-2:])
    said += [w for w in group.headings if w not in group.above]
    if vetoes(" / ".join(said), columns.told):
        return "the words above speak of something else than present prices"
    nearest = " / ".join(group.above[-2:])
    vouched = {"BTC", "ETH"} <= {row.name.symbol for row in group.rows}  # then their figures' scale tells
    if not columns.named and not vouched and measures(nearest) and not speaks_of_prices(nearest):
        return "the words above name another measure"
    roles = {h.role for h in group.heads}
    headed = {"name", "other"} <= roles or _head_row(page, group.rows[0])
    if not columns.named and "price" not in roles and headed:
        return "no column head names the price"
    return None


def _head_row(page: Sheet, row: Row) -> bool:
    """Whether a table's row stands under a line with as many cells and no figures, right above it or on the table's top."""
    begin, line = line_at(page.text, page.parts[row.first].start)
    mark = "|" if line.count("|") >= 2 else "\t"
    if line.count(mark) < 2:
        return False
    above = [text for text in page.text[max(0, begin - 4000) : begin].split("\n") if not RULE.fullmatch(text)]
    table = list(takewhile(lambda text: abs(text.count(mark) - line.count(mark)) <= 1, reversed(above)))
    return bool(table) and not (BIG.search(table[0]) and BIG.search(table[-1]))


def no_day(group: Group, columns: Columns, mark: Mark) -> str | None:
    """Percents without a named window that no day brings: gains since a purchase, distances to a target."""
    if columns.percent is None or columns.window is not None:
        return None
    moves = [(row, row.items[columns.percent].figure.value(mark) or Decimal(0)) for row in group.rows]
    if any(move > 45 and row.name.symbol in ("BTC", "ETH") for row, move in moves):
        return "no day moves bitcoin or ether so far"
    middle = sorted(move for _, move in moves)[len(moves) // 2]
    return "the percents are not a day's" if len(moves) > 2 and middle > 40 else None


def bare_list(page: Sheet, group: Group, columns: Columns) -> str | None:
    """A list without changes: nothing else may share its cells, and words around it must say what it is."""
    if not all(_pure(page, row) for row in group.rows):
        return "other words share the cells"
    gaps = [page.parts[b.first].start - page.parts[a.last].end for a, b in pairwise(group.rows)]
    if any(gap > 200 for gap in gaps):
        return "its rows stand too far apart"
    first, last = (page.parts[i] for i in (group.rows[0].first, group.rows[-1].last))
    spoken = columns.named or _regular(group, columns)
    if not spoken and not speaks_of_markets(page.text[max(0, first.start - 240) : last.end + 60]):
        return "nothing around it speaks of prices"
    return None


def _regular(group: Group, columns: Columns) -> bool:
    """Several coins one right behind the other, money printed with each price: a list needs no words around it then."""
    coins = {row.name.symbol for row in group.rows}
    money = all(row.items[columns.price].figure.money for row in group.rows)
    unbroken = all(b.first == a.last + 1 for a, b in pairwise(group.rows))
    return len(coins) == len(group.rows) >= _SEVERAL and money and unbroken


def _pure(page: Sheet, row: Row) -> bool:
    """Whether nothing but rows shares the row's cells, and no sentence counts it up (`bitcoin $65,000, ether $3,000`)."""
    opening, closing = page.cells[row.cells[0]][0], page.cells[row.cells[1]][1]
    starts = row.first - opening <= 1 or page.parts[row.first - 1].figure is not None
    behind = page.parts[row.last + 1 : row.last + 3] if row.last < closing else []
    counted = page.parts[row.first].counted
    return not counted and starts and (not behind or (len(behind) == 2 and behind[1].figure is not None))


def scale(quotes: Iterable[Quote]) -> str | None:
    """Figures that never were prices beside each other: ether at a third of bitcoin, bitcoin at three dollars."""
    prices: dict[str | None, dict[str, Decimal]] = {}
    for quote in quotes:
        if quote.symbol and (
            quote.currency is None or len(quote.currency) == 3 or quote.currency in COIN_CURRENCIES
        ):
            prices.setdefault(quote.currency, {})[quote.symbol] = quote.price
    for currency, listed in prices.items():
        bitcoin = listed.get("BTC")
        if bitcoin is None:
            continue
        if currency == "USD" and bitcoin > _BITCOIN_AT_MOST:
            return f"bitcoin has never cost {bitcoin} dollars"
        if bitcoin < _BITCOIN_AT_LEAST:
            return f"bitcoin has not cost {bitcoin} of any money since 2014"
        for symbol, least in _BITCOIN_COSTS.items():
            if symbol in listed and bitcoin < least * listed[symbol]:
                return f"one bitcoin has never cost less than {least} {symbol}"
    return None


def sums(page: Sheet, group: Group) -> str | None:
    """A line behind the last row adds them up, or the words above say that figures are thousands."""
    last = group.rows[-1].last
    following = page.parts[last + 1 : last + 3]
    if len(following) == 2 and is_sum(following[0].text) and following[1].figure:
        return "its last line is a sum"
    start = page.parts[group.rows[0].first].start
    return "its figures are thousands or more" if in_lots(page.text[max(0, start - 200) : start]) else None


def at_times(page: Sheet, group: Group) -> str | None:
    """Lines that begin with days or times of their own, the row's and those beside it: a log, a history."""
    for row in group.rows:
        begin, _ = line_at(page.text, page.parts[row.first].start)
        if not _STAMP.match(page.text, begin):
            continue
        before, _ = line_at(page.text, max(0, begin - 1))
        beside_it = page.text[before : begin + 2000].split("\n", 3)[:3]
        stamps = {led[0] for line in beside_it if (led := _STAMP.match(line))}
        if len(stamps) > 1:
            return "its rows are of different times"
    return None


def rates_of_bitcoin(group: Group, columns: Columns, mark: Mark) -> str | None:
    """Bitcoin at exactly 1 in a list: the other figures say how many of each coin it is worth."""
    unit = [
        row
        for row in group.rows
        if row.name.symbol == "BTC" and row.items[columns.price].figure.value(mark) == 1
    ]
    return "the figures are what one bitcoin is worth" if unit and len(group.rows) > 1 else None


def same_for_all(group: Group, columns: Columns) -> str | None:
    """One figure for every coin is a limit or a sum."""
    coins = {row.name.symbol for row in group.rows}
    figures = [figure.digits for figure in group.figures(columns.price)]
    alike = len(set(figures)) == 1 and len(figures) > 2
    return (
        "one figure stands for every name"
        if alike or (len(coins) > 2 and len(set(figures[: len(coins)])) == 1)
        else None
    )
