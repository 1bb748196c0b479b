"""Where one machine ends: `tracker.blocks` and Spark against `tracker ingest`, and many who add to one table

Made WET files of 20,000 pages of some seven kilobytes, one page in a thousand with a block. `tracker.blocks` is held against
what a worker of `ingest` does, its store left out, in one process each; Spark (`local[2]`, as many Python workers as
`ingest --jobs 2` has) by the processor time of everything started, for few files and for four times as many: `slope` is the
difference, a file's share of it what a page costs, and `start-up` what is left of the smaller run without its files. The JVM
and the workers are told apart by reading `/proc` before they end. Needs PySpark and Java: `make test-spark` installs them.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path
from statistics import median

from . import Ratio, processor_time, python, ratios
from .archives import archive, ingest, record, text

PAGES = int(os.environ.get("TRACKER_BENCH_PAGES", "20000"))
FILES = int(os.environ.get("TRACKER_BENCH_FILES", "6"))
ROUNDS = int(os.environ.get("TRACKER_BENCH_ROUNDS", "3"))
CRAWL, CRAWL_PAGES = (
    90_000,
    20_000,
)  # WET files of one of Common Crawl's months, and the pages of one file, about
DAY = 24 * 3600

BLOCKS = """
import sys, tracker
for page in tracker.blocks(sys.argv[1]):
    pass
"""
WORKER = """
import sys
from tracker.blocks import Orders
from tracker.ingest.work import reports
from tracker.pages.source import locate
for report in reports(locate(sys.argv[1]), Orders(), lambda done, pages: None):
    pass
"""
# The run, then who has used how much: itself with its reaped children, the JVM below it, and all that is Python below that.
SPARK = """
import json, os, sys
from pathlib import Path
os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
import tracker.spark
from tracker.spark.job import session
spark = session(**{"spark.master": "local[2]", "spark.ui.enabled": "false"})
spark.sparkContext.setLogLevel("OFF")
if len(sys.argv) > 2:
    tracker.spark.write(spark, sys.argv[2:], sys.argv[1])
used = {"driver": sum(os.times()[:2]), "jvm": 0.0, "workers": 0.0}
told = {}
for place in Path("/proc").glob("[0-9]*/stat"):
    head, _, tail = place.read_text().rpartition(") ")
    cells = tail.split()
    told[int(place.parent.name)] = head.partition("(")[2], int(cells[1]), [int(c) for c in cells[11:15]]
def below(pid):
    for child, (name, parent, ticks) in told.items():
        if parent == pid:
            yield name, ticks
            yield from below(child)
for name, ticks in below(os.getpid()):
    seconds = sum(ticks[:2] if name == "java" else ticks) / os.sysconf("SC_CLK_TCK")
    used["jvm" if name == "java" else "workers"] += seconds
print(json.dumps(used))
sys.stdout.flush()
spark.stop()
"""
WRITER = """
import sys
from dataclasses import replace
from datetime import timedelta
from tracker import Store, blocks
place, writer, seed = sys.argv[1], int(sys.argv[2]), sys.argv[3]
(page,) = blocks(seed)
store = Store(f"{place}/{writer}.duckdb")
for turn in range(5):
    shared, own = [replace(page.blocks[0], url="https://a.kr/", captured_at=page.blocks[0].observed_at
        + timedelta(seconds=second)) for second in (turn, 1000 + 10 * writer + turn)]
    store.add([shared, own])
    store.append(f"{place}/table")
"""


def crawl(folder: Path, count: int) -> list[Path]:
    """Archives of texts, each with a record of its own, so that no two are the same file."""
    one = archive(folder / "one.warc.wet.gz", PAGES, "conversion", text(), (600, 1500))
    files = [folder / f"{number:02}.warc.wet.gz" for number in range(count)]
    for number, path in enumerate(files):
        path.write_bytes(one.read_bytes() + record(2 * 10**6 + number, "a page of nothing", "conversion"))
    return files


def by_spark(folder: Path, files: list[Path]) -> dict[str, float]:
    """Processor time of a run, in seconds: of the driver, the JVM and the workers."""
    out = tempfile.mkdtemp(dir=folder)
    done = subprocess.run(
        python("-c", SPARK, out, *map(str, files)),
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    used: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return used


def medians(taken: list[dict[str, float]]) -> dict[str, float]:
    return {name: median(each[name] for each in taken) for name in taken[0]}


def writers(folder: Path) -> str:
    """Four processes that each add five times to one table: what is lost, what is there twice."""
    from tracker.store import Store

    seed = next(iter(sorted((Path(__file__).parent.parent / "seeds").glob("ebn-*.txt"))))
    running = [
        subprocess.Popen(python("-c", WRITER, str(folder), str(number), str(seed))) for number in range(4)
    ]
    assert not any(process.wait() for process in running)
    rows = Store(folder / "table").history()
    snapshots = {row["snapshot_id"] for row in rows}
    kept = len({(row["snapshot_id"], row["rank"]) for row in rows})
    files = len(list((folder / "table").glob("*.parquet")))
    return f"{files} files; of 25 snapshots {25 - len(snapshots)} lost, {len(rows) - kept} rows twice"


def table() -> str:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = crawl(folder, 4 * FILES)
        few, many = files[:FILES], files
        pairs = [
            [processor_time(python("-c", code, str(folder / "one.warc.wet.gz"))) for code in (BLOCKS, WORKER)]
            for _ in range(2 * ROUNDS + 1)
        ]
        ours, theirs = (median(column) for column in zip(*pairs, strict=True))
        direct = [
            median(processor_time(ingest(*each, jobs=2)) for _ in range(ROUNDS)) for each in (few, many)
        ]
        idle, small, large = (
            medians([by_spark(folder, each) for _ in range(ROUNDS)]) for each in ([], few, many)
        )
        files_between = len(many) - len(few)
        of_ingest = direct[1] - direct[0]
        lines = [
            Ratio(f"`tracker.blocks`, {PAGES:,} pages / a worker of `ingest`", ours, theirs, "1.1 or less"),
            Ratio(f"Spark's workers, slope of {files_between} files / `ingest --jobs 2`",
                large["workers"] - small["workers"], of_ingest, "1.25 or less"),
            Ratio("workers, JVM and driver, the same slope",
                sum(large.values()) - sum(small.values()), of_ingest, "1.25 or less"),
        ]  # fmt: skip
        a_file = (sum(large.values()) - sum(small.values())) / files_between
        speed = PAGES / a_file
        cores = CRAWL * CRAWL_PAGES / speed / DAY
        told = [
            (
                "start-up of a run with files (JVM, driver and workers), s",
                sum(small.values()) - FILES * a_file,
            ),
            ("of that a session that reads nothing, s", sum(idle.values())),
            ("pages a second a core, by that slope", speed),
            (f"cores for {CRAWL:,} WET files of {CRAWL_PAGES:,} such pages in a day", cores),
        ]
        facts = "\n".join(f"| {what} | {value:,.1f} |" for what, value in told)
        return (
            f"{ratios(lines)}\n\n| what | |\n|---|--:|\n{facts}\n"
            f"| 4 processes, 5 `export --append` each | {writers(folder)} |"
        )
