"""Accuracy: rows right, null, wrong and missed, by family of pages, with the layouts and by the generic finder alone.

right   symbol, currency, price, change_pct and change_abs are the page's
null    a row with nothing false in it that leaves out what the page has
wrong   a row with a false value, or a row that is none
missed  a row of the page that was not given
silent  of those, rows that were not refused either

`unseen` is the generic finder without any layout: no family is known to it. What a page does not print and only its
layout asserts (the won of ebn.co.kr) is not asked of it there. Pages come from tests/pages, tests/signs and
tests/negatives, and from ../shared/cases where that folder is; its later sets stand in a line each.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tracker.finder.find import examine
from tracker.layouts import layout
from tracker.layouts.layout import Layout
from tracker.model import Page
from tracker.pages.document import from_text

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from samples import Sample, row_of, samples  # noqa: E402

CASES = ROOT.parent / "shared" / "cases"
FIELDS = ("currency", "price", "change_pct", "change_abs")


@dataclass
class Count:
    """One line of the table."""

    pages: int = 0
    blocks: int = 0
    rows: int = 0
    right: int = 0
    null: int = 0
    wrong: int = 0
    missed: int = 0
    silent: int = 0

    def add(self, other: Count) -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


def cases(path: Path) -> Iterator[Sample]:
    """The cases of a JSON Lines file: url, text, layout_family, expected."""
    for line in path.open(encoding="utf-8") if path.exists() else ():
        case = json.loads(line)
        rows = tuple(
            {key: str(value or "").lstrip("+") for key, value in row.items()}
            for row in case.get("expected", ())
        )
        url, markup = case.get("url"), case.get("kind") == "html"
        page = from_text(case["text"], Page("", url or case["id"], url), markup)
        yield Sample(case.get("id") or url, case.get("layout_family", "negatives"), page, rows)


def judge(sample: Sample, layouts: Sequence[Layout]) -> Count:
    """One page: every given row is held against an expected row of its symbol, its own price first."""
    found = examine(sample.page, layouts).blocks
    blocks = [block for block in found if block.quotes]
    left = [dict(row) for row in sample.rows]
    count = Count(pages=1, blocks=len(blocks), rows=len(left))
    for given in [row_of(quote) for block in blocks for quote in block.quotes]:
        same = [row for row in left if row["symbol"] == given["symbol"]]
        row = min(same, key=lambda row: not _equal(row, given, "price"), default=None)
        if row is None:
            count.wrong += 1
            continue
        left.remove(row)
        fields = [
            f for f in FIELDS if layouts or f != "currency" or "currency-assumed" not in row.get("flags", "")
        ]
        if "currency-inferred" in given["flags"] and not row["currency"]:
            fields = [f for f in fields if f != "currency"]
        false = [f for f in fields if given[f] and not _equal(row, given, f)]
        null = [f for f in fields if not given[f] and row[f]]
        count.wrong += bool(false)
        count.null += not false and bool(null)
        count.right += not false and not null
    count.missed = len(left)
    count.silent = max(0, len(left) - sum(len(block.refused) for block in found))
    return count


def _equal(row: dict[str, str], given: dict[str, str], field: str) -> bool:
    one, two = row[field].lstrip("+"), given[field].lstrip("+")
    return one == two or (field != "currency" and bool(one) and bool(two) and float(one) == float(two))


def lines(sets: Iterable[Sample], layouts: Sequence[Layout]) -> dict[str, Count]:
    """The counts by family, and `all`."""
    counts: dict[str, Count] = defaultdict(Count)
    for sample in sets:
        one = judge(sample, layouts)
        counts[sample.family].add(one)
        counts["all"].add(one)
    total = counts.pop("all", Count())
    return {**dict(sorted(counts.items())), "all": total}


def table() -> str:
    """The table of the README: with the layouts, then unseen; negatives are pages where every row is wrong."""
    own = [*samples("pages"), *samples("signs"), *samples("negatives")]
    given = [*cases(CASES / "blocks.jsonl"), *cases(CASES / "negatives.jsonl")]
    asserted = {one.id for one in layout.load() if one.currency}
    for sample in given:
        for row in sample.rows:  # the cases do not say which currency is printed; the layouts do
            if _layout_of(sample) in asserted:
                row["flags"] = "currency-assumed"
    out = [
        "| pages of | with | pages | blocks | rows | right | null | wrong | missed | silent |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for name, sets in (("tests/", own), ("the cases given", given)):
        for mode, layouts in (("layouts", layout.load()), ("unseen", ())):
            for family, c in lines(sets, layouts).items() if sets else ():
                if mode == "unseen" or family == "all" or c.right != c.rows or c.wrong:
                    label = f"**{name}, all**" if family == "all" else family
                    out.append(f"| {label} | {mode} | {' | '.join(map(str, vars(c).values()))} |")
    for name in ("formats", "misleading", "independent"):
        found = lines(cases(CASES / f"{name}.jsonl"), layout.load())["all"]
        out += [f"| {name} | layouts | {' | '.join(map(str, vars(found).values()))} |"] if found.pages else []
    return "\n".join(out)


def _layout_of(sample: Sample) -> str | None:
    return next((b.layout for b in examine(sample.page).blocks if b.quotes), None)


if __name__ == "__main__":
    sys.stdout.write(f"{table()}\n")
