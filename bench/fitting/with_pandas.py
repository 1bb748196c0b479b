"""What a user would do instead: `pandas.read_html`, and for each table the columns chosen by hand.

The hand is the best there could be: it knows the rows, and takes of each table the column of names, of prices and of
percents that give most of them. Figures are read without their marks, with the decimal mark that gives more rows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from io import StringIO
from itertools import product

import pandas

from .lists import COINS
from .pages import Row, Sample

Given = tuple[str, float, float | None]  # symbol, price, percent

_NOT_FIGURE = re.compile(r"[^\d.,+-]")
_FIGURE = re.compile(r"[+-]?\d*\.?\d+")


def rows(sample: Sample) -> list[Given]:
    """The rows of a page's tables."""
    try:
        tables = pandas.read_html(StringIO(sample.page.html), flavor="lxml", thousands=None, decimal="\0")
    except ValueError:  # no table at all
        return []
    found = (given for one in tables if one.shape[1] < 40 for given in _best(one, sample.rows))
    return list(dict.fromkeys(found))


def held(expected: Sequence[Row], given: Iterable[Given]) -> Counter[str]:
    """Rows right, and rows with a false value or that are none, by price and percent."""
    left, count = list(expected), Counter(right=0, false=0)
    for symbol, price, change in given:
        same = [row for row in left if row["symbol"] == symbol]
        own = min(same, key=lambda row: abs(float(row["price"]) - price), default=None)
        if own:
            left.remove(own)
        wanted = _number(own["change_pct"]) if own else None
        true = (
            own is not None
            and _near(price, float(own["price"]))
            and (change is None or _near(change, wanted))
        )
        count["false"] += not true
        count["right"] += true and (change is not None or wanted is None)
    return count


def _best(table: pandas.DataFrame, expected: Sequence[Row]) -> list[Given]:
    """The rows by the columns that give most of those expected; none where no column names their coins."""
    cells = [[str(cell) for cell in line] for line in table.to_numpy().tolist()]
    columns = range(table.shape[1])
    named = max(columns, key=lambda c: sum(bool(_symbol(line[c], expected)) for line in cells))
    lines = [(symbol, line) for line in cells if (symbol := _symbol(line[named], expected))]
    worth = lambda given: (lambda n: n["right"] - n["false"])(held(expected, given))  # noqa: E731
    marks: list[Given] = []
    for mark in ".,":
        prices = [
            [(s, p, None) for s, line in lines if (p := _read(line[c], mark)) is not None] for c in columns
        ]
        price = max(columns, key=lambda c: sum(_is_price(one, expected) for one in prices[c]))
        ways = [prices[price]] + [
            [(s, p, _read(line[c], mark)) for s, line in lines if (p := _read(line[price], mark)) is not None]
            for c in columns
        ]
        marks = max(marks, *ways, key=worth)
    return marks


def _is_price(given: Given, expected: Sequence[Row]) -> bool:
    return any(row["symbol"] == given[0] and _near(given[1], float(row["price"])) for row in expected)


def _symbol(cell: str, expected: Sequence[Row]) -> str:
    """The coin that a cell names, of those expected."""
    for row, words in product(expected, range(3)):
        names = (row["name"], row["symbol"], COINS.get(row["symbol"], ("",))[0])
        if names[words] and re.search(rf"(?<!\w){re.escape(names[words])}(?!\w)", cell):
            return row["symbol"]
    return ""


def _read(cell: str, mark: str) -> float | None:
    text = _NOT_FIGURE.sub("", cell).replace("." if mark == "," else ",", "").replace(mark, ".")
    found = _FIGURE.fullmatch(text)
    return float(text) if found else None


def _number(text: str) -> float | None:
    return float(text) if text else None


def _near(one: float, two: float | None) -> bool:
    return two is not None and abs(one - two) <= 1e-6 * max(abs(one), abs(two))
