"""Accuracy: rows right, false values and rows lost without a word, by family of pages

right     rows whose symbol, currency, price, change_pct and change_abs are the page's
false     rows with a false value, and rows that are none
silent    rows of the page that were neither given nor refused
layouts   with the installed layouts; unseen: the finder alone, no family is known to it
left out  the finder alone, with weights and a threshold that were fitted without the family (bench/fitting)

What a page does not print and only its layout asserts (the won of ebn.co.kr) is not asked of the finder alone. Pages
come from tests/pages, tests/signs, tests/negatives and tests/builds.py, and from ../shared where that folder is. A
second table asks each reader of the finder alone, a third what `pandas.read_html` tells of the HTML pages.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from tracker.coins import registry
from tracker.finder import both, generic, judging, markup
from tracker.finder.find import examine
from tracker.finder.generic import Found
from tracker.finder.weights import TAKEN, WEIGHTS
from tracker.layouts import layout
from tracker.model import Block, Page

from .fitting import fit, pages, with_pandas
from .fitting.pages import Row, Sample

from samples import row_of  # isort: skip  # where bench.fitting has put it

FIELDS = ("currency", "price", "change_pct", "change_abs")
MODES = ("layouts", "unseen", "left out")
READERS: dict[str, Callable[[Page], list[Found]]] = {
    "markup": lambda page: both.joined(markup.blocks(page.html or "", page.text, registry.load()), []),
    "lines": lambda page: both.joined(markup.listed(page.text, registry.load()), []),
    "data": lambda page: both.joined([], markup.data(page.html or "", page.text, registry.load())),
    "rules": lambda page: both.joined(generic.blocks(page.text, registry.load()), []),
}
OF_HTML = ("markup", "data")


def table() -> str:
    """The tables of docs/finding.md."""
    own, given = [*pages.of_tests(), *pages.built()], [*pages.given()]
    return "\n\n".join((_families(own, given), _readers([*own, *given]), _on_html([*own, *given])))


# --- by family


def _families(own: Sequence[Sample], given: Sequence[Sample]) -> str:
    out = ["| pages of | pages | rows | right: layouts | unseen | left out | false | silent |",
           "|---|--:|--:|--:|--:|--:|:-:|:-:|"]  # fmt: skip
    for name, sets in (("tests/", own), ("the cases given", given)):
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for sample in sets:
            for family in (_shown(sample), f"**{name}, all**"):
                counts[family] += _counted(sample)
        ordered = sorted(
            _shortened(counts, sets is own).items(), key=lambda one: (one[0][:2] == "**", one[0])
        )
        out += [_line(family, count) for family, count in ordered]
    out += ["", "| weights | taken from | values given | false | of all there are |", "|---|--:|--:|--:|--:|"]
    return "\n".join([*out, *fit.summary()])


def _shortened(counts: Mapping[str, Counter[str]], whole: bool) -> dict[str, Counter[str]]:
    """All families, or those not whole in some mode, and the others as one line."""
    kept: dict[str, Counter[str]] = defaultdict(Counter)
    others = 0
    for family, count in counts.items():
        right = all(count[f"right {mode}"] == count["rows"] and not count[f"false {mode}"] for mode in MODES)
        if whole or not right or not count["rows"] or family.startswith("**"):
            kept[family] = count
        else:
            others += 1
            kept["others, all whole"] += count
    return {
        f"{others} {family}" if family == "others, all whole" else family: c for family, c in kept.items()
    }


def _shown(sample: Sample) -> str:
    """The family as a line of the table: signs, negatives and builds are one each."""
    return sample.family.partition(": ")[0]


def _line(family: str, count: Counter[str]) -> str:
    right = " | ".join(str(count[f"right {mode}"]) for mode in MODES)
    bad = (" / ".join(str(count[f"{what} {mode}"]) for mode in MODES) for what in ("false", "silent"))
    return f"| {family} | {count['pages']} | {count['rows']} | {right} | {' | '.join(bad)} |"


def _counted(sample: Sample) -> Counter[str]:
    """One page in the three modes."""
    known = layout.load()
    with_layouts = examine(sample.page, known).blocks
    asserted = {one.id for one in known if one.currency} & {b.layout for b in with_layouts if b.quotes}
    unseen = examine(sample.page, ()).blocks
    with _weights(sample.family):
        left = examine(sample.page, ()).blocks
    count = Counter(pages=1, rows=len(sample.rows))
    for mode, blocks in zip(MODES, (with_layouts, unseen, left), strict=True):
        own = held(sample.rows, blocks, currency=mode == "layouts" or not asserted)
        count.update({f"{what} {mode}": n for what, n in own.items()})
    return count


@contextmanager
def _weights(family: str) -> Iterator[None]:
    """The finder with the weights that were fitted without a family."""
    kept = dict(WEIGHTS)
    weights, judging.TAKEN = fit.without(family)
    WEIGHTS.update(weights)
    try:
        yield
    finally:
        WEIGHTS.update(kept)
        judging.TAKEN = TAKEN


def held(rows: Sequence[Row], blocks: Iterable[Block | Found], currency: bool = True) -> Counter[str]:
    """What was given held against the rows expected: each against one of its symbol, its own price and currency first."""
    found = list(blocks)
    left, count = list(rows), Counter(right=0, false=0, silent=0, given=0)
    for given in (row_of(quote) for block in found for quote in block.quotes):
        count["given"] += 1
        same = [row for row in left if row["symbol"] == given["symbol"]]
        own = min(
            same, key=lambda row: [not _equal(row, given, f) for f in ("price", "currency")], default=None
        )
        if own is None:
            count["false"] += 1
            continue
        left.remove(own)
        asked = [f for f in FIELDS if f != "currency" or (currency and not _inferred(own, given))]
        open_ = {"change_pct"} if "open" in own.get("flags", "") else set()
        false = any(given[f] and not _equal(own, given, f) for f in asked)
        count["false"] += false
        count["right"] += not false and all(given[f] or not own[f] for f in asked if f not in open_)
    count["silent"] = max(0, len(left) - sum(len(block.refused) for block in found))
    return count


def _inferred(own: Row, given: Row) -> bool:
    """A currency that the page does not print and the prices prove; the one that the case says, where it says one."""
    said = own.get("inferred", "")
    return (
        "currency-inferred" in given["flags"]
        and not own["currency"]
        and given["currency"] == (said or given["currency"])
    )


def _equal(row: Row, given: Row, field: str) -> bool:
    one, two = row[field].lstrip("+"), given[field].lstrip("+")
    return one == two or (field != "currency" and bool(one) and bool(two) and float(one) == float(two))


# --- by reader, and what pandas does


def _readers(sets: Sequence[Sample]) -> str:
    out = ["| reader, alone | pages | rows | given | right | false |", "|---|--:|--:|--:|--:|--:|"]
    for reader, read in READERS.items():
        total: Counter[str] = Counter()
        for sample in sets:
            if sample.page.html or reader not in OF_HTML:
                found = held(sample.rows, read(sample.page), currency=False)
                total += Counter(pages=1, rows=len(sample.rows), **found)
        cells = " | ".join(str(total[what]) for what in ("pages", "rows", "given", "right", "false"))
        out.append(f"| {reader} | {cells} |")
    return "\n".join(out)


def _on_html(sets: Sequence[Sample]) -> str:
    """Ours and theirs on the same pages: price and percent alone, for theirs tells no more."""
    out = ["| on the HTML pages | pages | rows | right | false |", "|---|--:|--:|--:|--:|"]
    html = [sample for sample in sets if sample.page.html and sample.rows]
    for what, read in (("tracker", _ours), ("`pandas.read_html`, columns chosen by hand", with_pandas.rows)):
        total: Counter[str] = Counter()
        for sample in html:
            total += with_pandas.held(sample.rows, read(sample))
        out.append(
            f"| {what} | {len(html)} | {sum(len(s.rows) for s in html)} | {total['right']} | {total['false']} |"
        )
    return "\n".join(out)


def _ours(sample: Sample) -> list[with_pandas.Given]:
    quotes = [q for block in examine(sample.page, ()).blocks for q in block.quotes]
    return [
        (q.symbol or "", float(q.price), None if q.change_pct is None else float(q.change_pct))
        for q in quotes
    ]


if __name__ == "__main__":
    sys.stdout.write(f"{table()}\n")
