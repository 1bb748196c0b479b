"""A labelled page -> its runs of records, each with its hypotheses, their evidence, and whether they are right. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from samples import Sample

from tracker.coins.registry import Coins
from tracker.finder import embedded, listing, records
from tracker.finder.hypotheses import hypotheses
from tracker.finder.judging import sure
from tracker.finder.record import Field, Record, Run
from tracker.finder.tree import tree_of
from tracker.finder.weighing import Weighed, weigh
from tracker.printed.figures import Mark

from .pages import NO_CHANGE

ENOUGH = 0.8  # of a column's figures that stand in the rows expected: it is theirs


@dataclass(frozen=True, slots=True)
class Way:
    """One hypothesis of a run: the names of its evidence, and how many of the values it would give are right and false."""

    evidence: frozenset[str]
    right: int
    false: int

    @property
    def label(self) -> bool:
        return self.right >= ENOUGH * (self.right + self.false)


@dataclass(frozen=True, slots=True)
class Example:
    """A run with its ways; reader: `markup`, `lines` or `data`."""

    family: str
    reader: str
    page: str
    ways: tuple[Way, ...]


def examples(sample: Sample, coins: Coins) -> Iterator[Example]:
    """The runs of a page that the weights decide about, of every reader that reads it."""
    for reader, run in _runs(sample, coins):
        named = sure(run.records)
        if run.prose or len({(r.name.symbol, r.name.currency) for r in named if r.name}) < 2:
            continue
        weighed = [w for h in hypotheses(run, named) if (w := weigh(run, named, h))]
        if weighed:
            ways = tuple(_way(sample.rows, named, one) for one in weighed)
            yield Example(sample.family, reader, sample.name, ways)


def _runs(sample: Sample, coins: Coins) -> Iterator[tuple[str, Run]]:
    html = sample.page.html
    if html:
        yield from (("markup", run) for run in records.runs(tree_of(html), coins))
        yield from (("data", run) for run in embedded.runs(html, coins))
    yield from (("lines", run) for run in listing.runs(sample.page.text, coins))


def _way(rows: Sequence[dict[str, str]], named: Sequence[Record], weighed: Weighed) -> Way:
    """How a hypothesis' figures stand to the rows expected. A change whose sign the page lost is of either sign here; of a
    row whose change the case leaves open nothing is asked."""
    what = weighed.what
    expected: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        expected[row["symbol"]].append(row)
    right = false = 0
    for record in named:
        own = expected[record.name.symbol] if record.name else []
        price = _value(record.field(what.price), what.mark)
        if price is not None:
            fits = any(_same(price, row["price"]) for row in own)
            right, false = right + fits, false + (not fits)
        change = _value(record.field(what.percent), what.small) if what.percent else None
        if change is not None and not any(_open(row) for row in own):
            fits = any(_same(change, row["change_pct"]) for row in own)
            right, false = right + fits, false + (not fits)
    return Way(frozenset(name for name, _ in weighed.evidence), right, false)


def _open(row: dict[str, str]) -> bool:
    """Whether nothing is said of a row's change: null where it has one too if its sign is lost, or it is over a week."""
    return (not row["change_pct"] and NO_CHANGE not in row.get("flags", "")) or "open" in row.get("flags", "")


def _value(field: Field | None, mark: Mark) -> Decimal | None:
    return field.figure.value(mark) if field else None


def _same(value: Decimal, text: str) -> bool:
    if not text:
        return False
    one, two = abs(value), abs(Decimal(text))
    return abs(one - two) <= Decimal("1e-6") * max(one, two)
