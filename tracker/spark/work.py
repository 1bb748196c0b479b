"""What an executor does: a path -> Arrow batches of what was found in it. No Spark: any engine may run it.

The batches have the columns of `schema()`, and three kinds of rows: quotes, in our columns and in the order in which they
were read; what was left out, counted by reason; and, last of a path, what it came to. A path without such a last row was
not read to its end by whoever read it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ..blocks import Orders, PageBlocks, Reading
from ..errors import Beside, Skipped, SourceError
from ..frame import NAMES, arrow
from ..frame import schema as of_quotes
from .paths import Named

if TYPE_CHECKING:
    import pyarrow as pa

ROWS = 2000  # of quotes in a batch, or those of a page more
QUOTE, LEFT_OUT, CAME_TO = "quote", "left out", "came to"  # kinds of rows


def schema() -> pa.Schema:
    """Our columns, and beside them, whichever a kind of row has:

    kind    quote, left out, came to
    path    what was read, size: its bytes; number: its place among the paths, nth: the block's in it
    record  where something was left out first: a record's place in its file; empty for the whole file
    reason  why, and count: how many times; of the last row of a path why it was not read to its end
    pages, with_block, snapshots, quotes, skipped  what a path came to
    """
    import pyarrow as pa

    text, whole = pa.string(), pa.int64()
    own = [
        ("kind", text),
        ("path", text),
        ("number", whole),
        ("nth", whole),
        ("record", text),
        ("reason", text),
    ]
    counts = [
        (name, whole) for name in ("count", "size", "pages", "with_block", "snapshots", "quotes", "skipped")
    ]
    return pa.schema([*of_quotes(), *(pa.field(*each) for each in (*own, *counts))])


def found(named: Named, number: int, orders: Orders) -> Iterator[pa.RecordBatch]:
    """Everything that is found in a path, and what is not: whatever is wrong with it is a row and never an error."""
    visit = _Visit(named, number)
    try:
        for page in (reading := Reading(named.path, orders, visit.lose)):
            visit.take(page)
            visit.pages = reading.pages
            if visit.pending >= ROWS:
                yield from visit.quotes()
        visit.pages = reading.pages
    except Exception as error:  # of whatever kind: one file of ninety thousand must not cost the others
        visit.error = f"could not be read to its end: {type(error).__name__}: {error}"
    yield from visit.quotes()
    yield visit.told()


class _Visit:
    """What was found in a path so far, and what was left out."""

    def __init__(self, named: Named, number: int) -> None:
        self.path, self.size, self.number = named.path, named.size, number
        self.tables: list[pa.Table] = []
        self.pending = self.nth = self.pages = self.with_block = self.rows = 0
        self.lost: Counter[str] = Counter()
        self.first: dict[str, str] = {}
        self.error: str | None = None

    def take(self, page: PageBlocks) -> None:
        """The rows of a page's blocks; a figure that our columns have no room for costs its block."""
        import pyarrow as pa

        self.with_block += page.has_quotes
        for block in (block for block in page.blocks if block.quotes):
            try:
                table = arrow([block])
            except (pa.ArrowInvalid, ValueError) as error:
                self.lose(Skipped(page.source, f"a figure does not fit the table: {error}"))
                continue
            self.nth += 1
            self.rows += len(table)
            self.pending += len(table)
            self.tables.append(self._placed(table, nth=self.nth))

    def lose(self, error: SourceError) -> None:
        """Something cannot be read: a record of the path, or all that is left of it."""
        if not isinstance(error, Skipped):
            self.error = error.reason
        elif not isinstance(error, Beside):
            self.lost[error.reason] += 1
            self.first.setdefault(error.reason, error.subject.removeprefix(self.path).lstrip("#"))

    def quotes(self) -> Iterator[pa.RecordBatch]:
        """The rows that wait, and none wait any more."""
        import pyarrow as pa

        if self.tables:
            yield from pa.concat_tables(self.tables).combine_chunks().to_batches()
        self.tables.clear()
        self.pending = 0

    def told(self) -> pa.RecordBatch:
        """What was left out, by reason, and what the path came to."""
        import pyarrow as pa

        said: dict[str, Any] = {"path": self.path, "number": self.number}
        rows = [
            {**said, "kind": LEFT_OUT, "record": self.first[reason], "reason": reason, "count": count}
            for reason, count in sorted(self.lost.items())
        ]
        if self.error:
            rows.append({**said, "kind": LEFT_OUT, "record": "", "reason": self.error, "count": 1})
        counts = {
            "pages": self.pages,
            "with_block": self.with_block,
            "snapshots": self.nth,
            "quotes": self.rows,
        }
        skipped = sum(self.lost.values())
        rows.append(
            {**said, "kind": CAME_TO, "size": self.size, "reason": self.error, **counts, "skipped": skipped}
        )
        return pa.RecordBatch.from_pylist(rows, schema())

    def _placed(self, table: pa.Table, nth: int) -> pa.Table:
        import pyarrow as pa

        said = {"kind": QUOTE, "path": self.path, "number": self.number, "nth": nth}
        fields = schema()
        columns = [table[name] for name in NAMES]
        for field in list(fields)[len(NAMES) :]:
            columns.append(pa.repeat(pa.scalar(said.get(field.name), field.type), len(table)))
        return pa.Table.from_arrays([*columns], schema=fields)


def visited(
    numbers: Iterator[pa.RecordBatch], paths: Sequence[Named], orders: Orders
) -> Iterator[pa.RecordBatch]:
    """What is found in the paths of these numbers: what Spark's mapInArrow is handed."""
    for batch in numbers:
        for number in batch.column(0).to_pylist():
            yield from found(paths[number], number, orders)
