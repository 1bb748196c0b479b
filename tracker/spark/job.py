"""The arguments of a run: `python -m tracker.spark IN... OUT`, or a file for spark-submit that calls `main`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import TrackerError
from ..pages import ZONE
from .out import Outcome, write
from .table import TASKS, Options

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the sources named and add what is new to a folder; what it came to is told, and ends the process: 0 done, 1
    some source could not be read (it is read again by the next run), 2 wrong usage."""
    asked = _parser().parse_args(arguments)
    try:
        spark = session()
    except ImportError:
        _say("PySpark is not installed: pip install 'ticker-tracker[spark]'")
        sys.exit(1)
    try:
        outcome = write(spark, asked.sources, asked.out, _options(asked), again=asked.again)
    except TrackerError as error:
        _say(str(error))
        sys.exit(1)
    finally:
        spark.stop()
    _say(_summed(outcome, asked.out))
    sys.exit(1 if outcome.unread else 0)


def session(**settings: str) -> SparkSession:
    """The session there is; else one with these settings, and where nobody said otherwise

    - with executors that run this very Python: they start `python3`, in local mode too. On a cluster whoever ships an
      environment says where it is;
    - with a JVM on this machine that compiles quickly rather than well: it only hands rows on, and compiling well cost
      as much as reading twenty thousand pages does, for each of the first dozens of files.
    """
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("SPARK_SUBMIT_OPTS", "-XX:TieredStopAtLevel=1")
    from pyspark.sql import SparkSession

    return SparkSession.builder.appName("tracker").config(map=settings).getOrCreate()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tracker.spark",
        description="Read pages on Spark; write their quotes as Parquet by day, and what could not be read.",
        epilog="example: python -m tracker.spark https://data.commoncrawl.org/…/wet.paths.gz s3a://bucket/out",
    )
    parser.add_argument(
        "sources", nargs="+", metavar="IN", help="files, folders, globs, addresses, lists of paths"
    )
    parser.add_argument(
        "out", metavar="OUT", help="the folder to add to, as Spark names it: out/, hdfs://, s3a://"
    )
    parser.add_argument("--root", help="where the names in lists begin, such as s3://commoncrawl/")
    parser.add_argument("--at", metavar="TIME", help="when the pages were captured, if you know it")
    parser.add_argument("--text-column", metavar="NAME", help="the column of a corpus that holds the text")
    parser.add_argument("--tz", metavar="ZONE", default=ZONE, help=f"zone of times that name none [{ZONE}]")
    parser.add_argument(
        "--layouts", metavar="DIR", action="append", default=[], help="a folder of your own layouts"
    )
    parser.add_argument("--coins", metavar="FILE", help="coins of your own, as in coins.csv")
    parser.add_argument("--tasks", metavar="N", type=int, default=TASKS, help=f"tasks at most [{TASKS}]")
    parser.add_argument("--again", action="store_true", help="read again what was read to its end before")
    return parser


def _options(asked: argparse.Namespace) -> Options:
    from ..coins.registry import load as coins
    from ..layouts.layout import load as layouts

    own = layouts([Path(folder) for folder in asked.layouts]) if asked.layouts else None
    known = coins(Path(asked.coins)) if asked.coins else None
    return Options(
        asked.at,
        None,
        asked.text_column,
        asked.tz,
        layouts=own,
        known=known,
        root=asked.root,
        tasks=asked.tasks,
    )


def _summed(outcome: Outcome, out: str) -> str:
    lost = f"{outcome.skipped:,} records left out, {outcome.unread:,} paths not read to their end"
    where = f"; see {out.rstrip('/')}/_tracker/unread" if outcome.skipped or outcome.unread else ""
    return (
        f"{outcome.paths:,} paths read, {outcome.passed:,} passed over, {outcome.pages:,} pages, {outcome.with_block:,} with"
        f" a block, {outcome.snapshots:,} snapshots, {outcome.written:,} new quotes written; {lost}{where}"
    )


def _say(line: str) -> None:
    sys.stderr.write(f"tracker: {line}\n")
