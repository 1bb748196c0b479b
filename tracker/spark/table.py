"""Paths -> DataFrames. Each path is a row that Spark hands to an executor; what is found in it comes back as Arrow."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from ..blocks import Orders
from ..clock.stamps import vouched
from ..coins.registry import Coins
from ..frame import NAMES
from ..layouts.layout import Layout
from ..pages import LIMITS, ZONE, Limits
from .paths import Named, named
from .work import CAME_TO, LEFT_OUT, QUOTE, schema, visited

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType

TASKS = (
    10_000  # at most; more paths than that share them, for each task is a file to be moved when all are done
)
UNREAD = ("path", "record", "reason", "count")
COUNTS = ("pages", "with_block", "snapshots", "quotes", "skipped")
Names = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]


@dataclass(frozen=True)
class Options:
    """How to read. at, url, text_column, tz, limits, layouts, known: as in `tracker.blocks`; root: as in `paths.named`;
    tasks: into how many the paths are divided at most."""

    at: datetime | date | str | None = None
    url: str | None = None
    text_column: str | None = None
    tz: str = ZONE
    limits: Limits = LIMITS
    layouts: Sequence[Layout] | None = None
    known: Coins | None = None
    root: str | None = None
    tasks: int = TASKS

    def orders(self) -> Orders:
        """The same as workers are told. TimeError for an `at` that is no time."""
        asked = (self.url, self.text_column, self.tz, self.limits, self.layouts, self.known)
        return Orders(vouched(self.at, self.tz), *asked)


OPTIONS = Options()


class Frames(NamedTuple):
    """What was found, lazily: each DataFrame reads the paths when it is asked for, unless `raw` is kept (`.cache()`).

    quotes  exactly our columns and types, no snapshot twice
    unread  path, record, reason, count: what could not be read; an empty record is the whole path, or the rest of it
    counts  path, size, pages, with_block, snapshots, quotes, skipped, reason: what each path came to, and why not to its end
    raw     all of it, see work.schema
    """

    quotes: DataFrame
    unread: DataFrame
    counts: DataFrame
    raw: DataFrame


def quotes(spark: SparkSession, paths: Names, options: Options = OPTIONS) -> DataFrame:
    """Every quote of the paths, once: exactly our columns and types. `read` gives what could not be read besides.

    paths  files, folders, patterns, addresses (`s3://`, `https://`) and lists of them (`wet.paths.gz`), or one of these
    What cannot be read is a row of `read().unread`, and no error but for a list of paths: SourceError.
    """
    return read(spark, paths, options).quotes


def read(spark: SparkSession, paths: Names, options: Options = OPTIONS) -> Frames:
    """What is found in the paths, and what could not be read. As `quotes`."""
    return framed(raw(spark, named(paths, options.root), options))


def framed(rows: DataFrame) -> Frames:
    """What rows of work.schema hold."""
    unread = rows.where(rows["kind"] == LEFT_OUT).select(*UNREAD)
    counts = rows.where(rows["kind"] == CAME_TO).select("path", "size", *COUNTS, "reason")
    return Frames(once(rows).select(*NAMES), unread, counts, rows)


def raw(spark: SparkSession, paths: Sequence[Named], options: Options) -> DataFrame:
    """All that is found in the paths, as rows of work.schema, a task a path up to `options.tasks`."""
    tasks = max(1, min(len(paths), options.tasks))
    work: Callable[..., object] = partial(visited, paths=[*paths], orders=options.orders())
    return spark.range(0, len(paths), 1, tasks).mapInArrow(work, fields())


def fields() -> StructType:
    """work.schema as Spark has it."""
    from pyspark.sql.pandas.types import from_arrow_schema

    return from_arrow_schema(schema())


def once(rows: DataFrame) -> DataFrame:
    """The quotes, each snapshot as it was met first in the order of the paths, as `ingest` takes it."""
    from pyspark.sql import Window
    from pyspark.sql.functions import min as least
    from pyspark.sql.functions import struct

    own = rows.where(rows["kind"] == QUOTE)
    first = least(struct("number", "nth")).over(Window.partitionBy("snapshot_id"))
    return own.withColumn("first", first).where("first = struct(number, nth)").drop("first")
