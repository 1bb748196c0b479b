"""The folder that a run writes: the table as Parquet by day, and beside it, in `_tracker`, what the run was and came to.

    day=2024-03-30/part-….parquet                  our columns; undated ones in day=__HIVE_DEFAULT_PARTITION__
    _tracker/runs/…json    a line a run: run, begun, version, reader, layouts, coins, options
    _tracker/paths/…json   a line a path: run, path, size, pages, with_block, snapshots, quotes, skipped, reason, orders
    _tracker/unread/…json  a line a path and reason: run, path, record, reason, count

What is found is written once, then sorted and moved into its place, then its paths are noted as done: a run that is stopped
anywhere is run again, and what it had moved is not written twice. Several runs may write to one folder at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from .. import __version__
from ..coins.registry import load as installed_coins
from ..frame import NAMES
from ..ingest.fingerprint import circumstances
from ..layouts.layout import load as installed_layouts
from ..model import READER, digest
from .files import Files
from .paths import Named, named
from .table import COUNTS, OPTIONS, Names, Options, fields, framed, raw

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

ROWS = 5_000_000  # of a day in one file, more or less
NOTED = "run string, path string, size long, reason string, orders string"  # what is asked of _tracker/paths
SETTINGS = {"spark.sql.session.timeZone": "UTC", "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS"}


@dataclass
class Outcome:
    """What a run came to.

    paths      read now; passed over: noted as done before
    pages, with_block, snapshots, quotes  found in what was read
    skipped    records left out, and unread: paths that were not read to their end; why: `_tracker/unread`
    written    quotes that are new in the folder
    """

    paths: int = 0
    passed: int = 0
    pages: int = 0
    with_block: int = 0
    snapshots: int = 0
    quotes: int = 0
    skipped: int = 0
    unread: int = 0
    written: int = 0


def write(
    spark: SparkSession, paths: Names, out: str, options: Options = OPTIONS, *, again: bool = False
) -> Outcome:
    """Read the paths that are not noted as done and add what is new in them to a folder.

    paths  as `table.quotes` takes them
    out    a folder as Spark writes to it: a path, `hdfs://…`, `s3a://…`
    again  read those too that are noted as done
    What cannot be read is counted and written down, and read again by the next run.
    """
    before = {name: spark.conf.get(name) for name in SETTINGS}
    try:
        for name, value in SETTINGS.items():
            spark.conf.set(name, value)
        return _Run(spark, out.rstrip("/"), options).over(paths, again)
    finally:
        for name, was in before.items():
            spark.conf.set(name, str(was))


class _Run:
    """One run over a folder."""

    def __init__(self, spark: SparkSession, out: str, options: Options) -> None:
        self.spark, self.out, self.options = spark, out, options
        self.files = Files(spark, out)
        self.begun = datetime.now(UTC)
        self.run = f"{self.begun:%Y%m%dT%H%M%SZ}-{uuid4().hex[:8]}"
        self.orders = _digest_of(options)
        self.outcome = Outcome()

    def over(self, names: Names, again: bool) -> Outcome:
        """Read what is not done yet, by way of a folder that goes when the run ends."""
        every = named(names, self.options.root)
        done = set() if again else self._done()
        rest = [one for one in every if (one.path, one.size) not in done]
        self.outcome.passed, self.outcome.paths = len(every) - len(rest), len(rest)
        staged = f"{self.out}/_tracker/staged/{self.run}"
        try:
            if rest:
                self._find(rest, f"{staged}/found")
                self._take(self.spark.read.schema(fields()).parquet(f"{staged}/found"), staged)
        finally:
            self.files.remove(staged)
        return self.outcome

    def _find(self, paths: Sequence[Named], staged: str) -> None:
        """Keep all that is found, in few files. What a path gave stays together, for the row that says it was read to its
        end must be of the same attempt as its quotes."""
        raw(self.spark, paths, self.options).repartition("path").write.parquet(staged)

    def _done(self) -> set[tuple[str, int]]:
        """The paths that were read to their end by these orders, with the size they had."""
        if not self.files.any(f"{self.out}/_tracker/paths"):
            return set()
        noted = self.spark.read.schema(NOTED).json(f"{self.out}/_tracker/paths")
        ended = noted.where(noted["reason"].isNull() & (noted["orders"] == self.orders))
        return {(row["path"], row["size"]) for row in ended.select("path", "size").toLocalIterator()}

    def _take(self, found: DataFrame, staged: str) -> None:
        """Put what was found in its place, then say what was left out, then that it is done: in this order."""
        frames, outcome = framed(found), self.outcome
        new = self._new(frames.quotes)
        new.write.parquet(f"{staged}/new")
        new = self.spark.read.schema(new.schema).parquet(f"{staged}/new")
        if rows := new.count():
            by_day(new, rows).write.partitionBy("day").option("compression", "zstd").parquet(f"{staged}/days")
            self.files.move(f"{staged}/days", self.out)
        self._note("unread", frames.unread)
        self._note("runs", self._said())
        self._note("paths", frames.counts.selectExpr("*", f"'{self.orders}' AS orders"))
        sums = frames.counts.selectExpr(*(f"sum({name})" for name in COUNTS), "count(reason)").first()
        outcome.pages, outcome.with_block, outcome.snapshots, outcome.quotes = sums[:4]
        outcome.skipped, outcome.unread = sums[4:]
        outcome.written = rows

    def _new(self, quotes: DataFrame) -> DataFrame:
        """Without the snapshots that the folder holds already."""
        if not self.files.any(self.out, ".parquet"):
            return quotes
        there = self.spark.read.option("recursiveFileLookup", "true").parquet(self.out)
        return quotes.join(there.select("snapshot_id").distinct(), "snapshot_id", "left_anti").select(*NAMES)

    def _note(self, name: str, rows: DataFrame) -> None:
        """Add rows to a part of the manifest, with this run's name."""
        noted = rows.selectExpr(f"'{self.run}' AS run", "*").coalesce(1)
        noted.write.json(f"{self.out}/_tracker/staged/{self.run}/{name}")
        self.files.move(f"{self.out}/_tracker/staged/{self.run}/{name}", f"{self.out}/_tracker/{name}")

    def _said(self) -> DataFrame:
        """What this run was."""
        layouts = installed_layouts() if self.options.layouts is None else self.options.layouts
        coins = self.options.known or installed_coins()
        said = (
            f"{self.begun:%Y-%m-%dT%H:%M:%SZ}", __version__, READER, [one.id for one in layouts],
            digest(sorted(f"{name} {coins.get(name)}" for name in coins.spellings())), self.orders,
        )  # fmt: skip
        names = "begun string, version string, reader int, layouts array<string>, coins string, orders string"
        return self.spark.createDataFrame([said], names)


def by_day(quotes: DataFrame, rows: int) -> DataFrame:
    """Quotes with their day of observation, all of a day together (or in several parts, where they are very many), each
    snapshot in one part, in time order."""
    parts = f"pmod(hash(snapshot_id), {1 + rows // ROWS})"
    dated = quotes.selectExpr("*", "CAST(observed_at AS DATE) AS day", f"{parts} AS part")
    return (
        dated.repartition("day", "part")
        .drop("part")
        .sortWithinPartitions("day", "observed_at", "snapshot_id", "rank")
    )


def _digest_of(options: Options) -> str:
    """What decides beside a path's content what is found in it."""
    asked = (options.orders().given, options.url, options.text_column, options.tz)
    told = circumstances(options.layouts, options.known, *asked)
    return digest([told.options.hex(), told.own.hex(), READER])
