"""Sample pages with the rows expected beside them: read by the tests and by `make accuracy`."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from tracker.model import Page, Quote, plain

HERE = Path(__file__).parent
FIELDS = ("rank", "name", "symbol", "currency", "price", "change_pct", "change_abs", "change_window", "flags")


@dataclass(frozen=True)
class Sample:
    """A page, what it is known as, and the rows expected of it; no rows: there is no block."""

    name: str
    family: str
    page: Page
    rows: tuple[dict[str, str], ...]

    @property
    def csv(self) -> Path:
        return HERE / f"{self.name}.csv"


def page_of(path: Path) -> Page:
    """A sample page; an address on its first line is where it was captured."""
    text = path.read_text(encoding="utf-8")
    address = re.match(r"(https?://\S+)\n", text)
    name = path.relative_to(HERE).as_posix()
    return Page(
        text=text[address.end() :] if address else text, source=name, url=address[1] if address else None
    )


def samples(folder: str) -> Iterator[Sample]:
    """The samples below tests/FOLDER; the family is the name of the folder that a page lies in."""
    for path in sorted((HERE / folder).rglob("*.txt")):
        table = path.with_suffix(".csv")
        name = path.with_suffix("").relative_to(HERE).as_posix()
        yield Sample(name, path.parent.name, page_of(path), _expected(table) if table.exists() else ())


def _expected(table: Path) -> tuple[dict[str, str], ...]:
    with table.open(encoding="utf-8", newline="") as file:
        return tuple(
            {field: _spelled(field, text) for field, text in row.items()} for row in csv.DictReader(file)
        )


def _spelled(field: str, text: str) -> str:
    """A figure as the program spells it: `61.20` as `61.2`, changes with their sign."""
    if not text or field not in ("price", "change_pct", "change_abs"):
        return text
    return (plain(Decimal(text)) if field == "price" else _signed(Decimal(text))) or ""


def row_of(quote: Quote) -> dict[str, str]:
    """A quote as the expected rows spell it: null is empty, changes carry their sign."""
    values = {
        "rank": str(quote.rank), "name": quote.name, "symbol": quote.symbol, "currency": quote.currency,
        "price": plain(quote.price), "change_pct": _signed(quote.change_pct), "change_abs": _signed(quote.change_abs),
        "change_window": quote.change_window, "flags": " ".join(quote.flags),
    }  # fmt: skip
    return {field: values[field] or "" for field in FIELDS}


def _signed(value: Decimal | None) -> str | None:
    return f"+{plain(value)}" if value is not None and value > 0 else plain(value)


def write(path: Path, quotes: list[Quote]) -> None:
    """The expected rows of one page."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(row_of(quote) for quote in quotes)
