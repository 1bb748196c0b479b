"""Every labelled page there is: of the tests, of the cases given where that folder is, and made ones.

A family is what is left out at once: the pages of one site, one way of printing, one habit, one kind of negative.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from builds import BUILDS, CHANGES, PRICES, SYMBOLS
from lists import MADE, edits
from samples import Sample, samples

from tracker.model import Page, plain
from tracker.pages.document import from_text

from . import ROOT, lists, prints

SHARED = ROOT.parent / "shared"
CASES = SHARED / "cases"
TURNS = 3  # lists of each habit in each print
_ACCIDENT = 23  # every so manieth accident of a list
_LANGUAGE = re.compile(r"(-\d+)?-[a-z]{2}$")

NO_CHANGE = (
    "no-change"  # flag of a row beside which no percent is its change; else a null one is not spoken of
)

Row = dict[str, str]


def every() -> Iterator[Sample]:
    """Every labelled page, each with its family."""
    yield from of_tests()
    yield from built()
    yield from listed()
    yield from made()
    yield from given()


def of_tests() -> Iterator[Sample]:
    """The sample pages of the tests; of the negatives and the signs each kind is a family."""
    yield from samples("pages")
    for folder in ("signs", "negatives"):
        for one in samples(folder):
            kind = _LANGUAGE.sub("", one.name.rpartition("/")[2])
            yield Sample(one.name, f"{folder}: {kind}", one.page, one.rows)


def built() -> Iterator[Sample]:
    """The markup of the tests, a build each."""
    rows = tuple(row(SYMBOLS[n], "USD", PRICES[n].replace(",", ""), CHANGES[n]) for n in PRICES)
    for build, body in BUILDS.items():
        html = f"<!doctype html><html><body><p>Rain is expected.</p>{body}</body></html>"
        yield Sample(build, f"build: {build}", _page(html, build, markup=True), rows)


def listed(accidents: bool = True) -> Iterator[Sample]:
    """The lists of the tests in lines, whole and after accidents."""
    for one in MADE:
        rows = tuple(row(r.symbol, "", r.price, r.pct, r.amount) for r in one.rows)
        texts = [one.page()]
        if accidents:
            texts += [one.page(pieces) for _, pieces in islice(edits(one.pieces()), 5, None, _ACCIDENT)]
        for n, text in enumerate(texts):
            yield Sample(f"{one.id} {n}", f"list: {one.id}", _page(text, one.id), rows)


def made(turns: int = TURNS) -> Iterator[Sample]:
    """Made lists, each habit in each print."""
    for habit in (*lists.PRICED, *lists.OTHERWISE):
        for n, way in enumerate(prints.HEADED if habit in lists.TOLD else (*prints.MARKUP, *prints.TEXT)):
            for turn in range(turns):
                one = lists.made(habit, 100 * n + turn)
                page = _page(prints.page(one, way), f"{habit}, {way} {turn}", way in prints.MARKUP)
                yield Sample(f"{habit}, {way}", f"habit: {habit}", page, tuple(_rows(one)))


def _rows(one: lists.Made) -> Iterator[Row]:
    """The rows that are right: none of a list that holds no prices."""
    for coin in one.coins if one.priced else ():
        figures = {
            c: coin.figures[c] for c in ("price", "other-price", "change", "amount") if c in one.columns
        }
        change, amount = figures.get("change", ""), figures.get("amount", "")
        yield row(coin.symbol, one.money[0], figures["price"], change, amount)
        if other := figures.get("other-price"):
            yield row(coin.symbol, lists.OTHER_MONEY[one.money[0] or "USD"][0], other, "")


def given() -> Iterator[Sample]:
    """The cases given, where that folder is."""
    for name in ("blocks", "formats", "misleading", "independent", "negatives", "independent_negatives"):
        yield from cases(CASES / f"{name}.jsonl")
    yield from cases(SHARED / "pages" / "expected.jsonl")


def cases(path: Path) -> Iterator[Sample]:
    """The cases of a JSON Lines file: url, text (or a file of that id beside it), layout_family, expected.

    A change that a case allows to be null is flagged `open`."""
    for line in path.open(encoding="utf-8") if path.exists() else ():
        case = json.loads(line)
        name, url = case.get("id") or case["url"], case.get("url")
        beside, markup = path.parent / f"{name}.html", case.get("kind") == "html" or "text" not in case
        text = case["text"] if "text" in case else beside.read_text("utf-8", errors="replace")
        rows = tuple(map(_expected, case.get("expected", ())))
        family = case.get("layout_family") or f"{'cases' if rows else 'negatives'}: {_LANGUAGE.sub('', name)}"
        yield Sample(name, family, from_text(text, Page("", url or name, url), markup), rows)


def _expected(one: Mapping[str, Any]) -> Row:
    """An expected row as the samples spell it."""
    values = {key: str(value or "").lstrip("+") for key, value in one.items() if key != "either"}
    return {**values, "flags": "open" if "change_pct" in one.get("either", ()) else ""}


def row(symbol: str, currency: str, price: str, change: str, amount: str = "") -> Row:
    """A row as the samples spell it."""
    figures = {"price": price, "change_pct": change, "change_abs": amount}
    spelled = {key: (plain(Decimal(text)) or "") if text else "" for key, text in figures.items()}
    return {
        "name": "",
        "symbol": symbol,
        "currency": currency,
        "change_window": "",
        "flags": "" if change else NO_CHANGE,
        **spelled,
    }


def _page(text: str, source: str, markup: bool = False) -> Page:
    return from_text(text, Page("", source), markup)
