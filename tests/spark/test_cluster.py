"""A cluster of two executors on this machine: the rows of `ingest`, whatever dies, and nothing twice. `make test-spark`."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from files import make
from spark.serving import served

import tracker
from tracker.frame import schema
from tracker.ingest import ingest
from tracker.model import COLUMNS
from tracker.store import Store
from tracker.store.export import export

ROOT = Path(__file__).parents[2]
FILES = ROOT / "tests" / "files"
pytestmark = [
    pytest.mark.spark,
    pytest.mark.filterwarnings("ignore"),
]  # pandas 3 is new to PySpark, and it says so

SPARK_TYPES = {
    "text": "string", "time": "timestamp", "integer": "int", "price": "decimal(30,12)", "percent": "decimal(12,4)",
    "texts": "array<string>",
}  # fmt: skip


def pages(first: int, count: int, kind: str) -> bytes:
    """Records of an archive, each with a block of its own; as a page or as its text."""
    made = []
    for number in range(first, first + count):
        text = make.BLOCK.replace("100,703,000", f"100,{number:03},000")
        body = make.response(number, text) if kind == "response" else make.record(number, text)
        made.append(make.gz(body))
    return b"".join(made)


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight files: archives of pages and of their texts, a corpus, damaged ones, one that is no archive."""
    folder = tmp_path_factory.mktemp("crawl") / "crawl-data"
    folder.mkdir()
    (folder / "1.warc.gz").write_bytes(pages(1, 9, "response"))
    (folder / "2.warc.gz").write_bytes(pages(10, 9, "response"))
    (folder / "3.warc.wet.gz").write_bytes(pages(5, 9, "conversion"))  # half of them are captures of 1 and 2
    (folder / "4.warc.gz").write_bytes(pages(1, 9, "response"))  # all of them are
    for number, name in enumerate(
        ["damaged-record.warc.gz", "cut-off-in-a-record.warc.gz", "damaged-row-group.parquet", "binary.txt"],
        5,
    ):
        shutil.copy(FILES / name, folder / f"{number}.{name}")
    return folder


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from pyspark.sql import SparkSession

    os.environ.update(PYSPARK_PYTHON=sys.executable, SPARK_LOCAL_IP="127.0.0.1")
    work = tmp_path_factory.mktemp("spark")
    os.environ["SPARK_WORKER_DIR"] = str(work)
    building = SparkSession.builder.master("local-cluster[2,1,1024]").appName("tests").config(
        map={
            "spark.executorEnv.PYTHONPATH": str(ROOT), "spark.ui.enabled": "false", "spark.local.dir": str(work),
            "spark.sql.warehouse.dir": str(work), "spark.sql.session.timeZone": "Asia/Seoul",
            "spark.sql.shuffle.partitions": "2", "spark.executorEnv.AWS_ENDPOINT_URL": "http://127.0.0.1:5599",
            "spark.executorEnv.AWS_ACCESS_KEY_ID": "x", "spark.executorEnv.AWS_SECRET_ACCESS_KEY": "x",
        }
    )  # fmt: skip
    session = building.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


def as_csv(store: Store, folder: Path) -> bytes:
    export(store, folder / "table.csv", "csv")
    return (folder / "table.csv").read_bytes()


def ingested(folder: Path, *names: object) -> Store:
    folder.mkdir()
    store = Store(folder / "store.duckdb")
    ingest([str(name) for name in names], store, jobs=1)
    return store


def lines(out: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for path in (out / "_tracker" / name).glob("*.json") for line in path.open()]


def test_quotes_are_those_of_ingest_in_our_columns_and_types(spark: Any, crawl: Path, tmp_path: Path) -> None:
    found = tracker.spark.quotes(spark, [crawl, "nowhere.warc.gz"])
    assert [(f.name, f.dataType.simpleString()) for f in found.schema] == [
        (column.name, SPARK_TYPES[column.kind]) for column in COLUMNS
    ]
    table = found.toArrow().cast(schema())
    snapshots = list(zip(table["snapshot_id"].to_pylist(), table["rank"].to_pylist(), strict=True))
    assert len(snapshots) == len(set(snapshots))
    store = Store(tmp_path / "store.duckdb")
    store.load(table)
    assert as_csv(store, tmp_path) == as_csv(ingested(tmp_path / "direct", crawl), tmp_path)


def executors(spark: Any) -> list[int]:
    """The processes of the executors of this session."""
    named = [b"CoarseGrainedExecutorBackend", spark.sparkContext.applicationId.encode()]
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = place.read_bytes()
        except OSError:
            continue
        if all(word in command for word in named) and b"bash" not in command.split(b"\0")[0]:
            found.append(int(place.parent.name))
    return found


def test_a_killed_executor_costs_no_row_and_gives_none_twice(spark: Any, crawl: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with served(crawl) as (address, gate):
        names = [
            f"{address}/slow/1.warc.gz",
            f"{address}/slow/2.warc.gz",
            f"{address}/404.warc.gz",
            str(crawl),
        ]
        killed: list[int] = []

        def kill() -> None:
            for _ in range(2):  # both executors are amid a file
                assert gate.waiting.acquire(timeout=90)
            killed.append(executors(spark)[0])
            os.kill(killed[0], signal.SIGKILL)
            gate.open.set()

        killer = threading.Thread(target=kill)
        killer.start()
        outcome = tracker.spark.write(spark, names, str(out))
        killer.join()
        assert killed
        direct = ingested(tmp_path / "direct", *names)
        assert as_csv(ingested(tmp_path / "taken", out), tmp_path) == as_csv(direct, tmp_path)
        assert as_csv(Store(out), tmp_path) == as_csv(direct, tmp_path)
    assert (outcome.paths, outcome.passed, outcome.unread) == (11, 0, 3)
    assert outcome.written == Store(out).coverage()["totals"][0]["quotes"] + superseded(out)
    unread = {(Path(row["path"]).name, row["record"] != "", row["count"]) for row in lines(out, "unread")}
    assert unread >= {
        ("404.warc.gz", False, 1),
        ("8.binary.txt", False, 1),
        ("5.damaged-record.warc.gz", True, 1),
    }
    (run,) = lines(out, "runs")
    assert (run["version"], run["layouts"][0]) == (tracker.__version__, "abc-snapshot")
    folders = {path.name for path in out.iterdir()}
    assert "day=__HIVE_DEFAULT_PARTITION__" in folders
    assert folders >= {"_tracker", "day=2024-03-30"}


def superseded(out: Path) -> int:
    """Quotes in the files that other readings of their captures took the place of."""
    shown = Store(out)
    return len(shown.history(all_readings=True)) - len(shown.history())


def test_a_second_run_reads_what_is_new_alone(spark: Any, crawl: Path, tmp_path: Path) -> None:
    some = tmp_path / "in"
    some.mkdir()
    for name in ("1.warc.gz", "5.damaged-record.warc.gz", "6.cut-off-in-a-record.warc.gz"):
        shutil.copy(crawl / name, some)
    out = str(tmp_path / "out")
    assert tracker.spark.write(spark, some, out).paths == 3
    shutil.copy(crawl / "2.warc.gz", some)
    again = tracker.spark.write(spark, some, out)
    assert (again.paths, again.passed, again.written) == (
        2,
        2,
        27,
    )  # the cut one is tried again, and gives nothing new
    (some / "1.warc.gz").write_bytes(pages(40, 3, "response"))
    third = tracker.spark.write(spark, some, out)
    assert (third.paths, third.written) == (2, 9)  # another content is another file
    assert spark.conf.get("spark.sql.session.timeZone") == "Asia/Seoul"


def test_a_file_for_spark_submit_does_the_same(crawl: Path, tmp_path: Path) -> None:
    (tmp_path / "job.py").write_text("import tracker.spark\ntracker.spark.main()\n")
    names = "".join(f"crawl-data/{path.name}\n" for path in sorted(crawl.glob("*.warc*.gz")))
    (crawl / "wet.paths.gz").write_bytes(gzip.compress(names.encode()))
    submit = [str(Path(sys.executable).with_name("spark-submit")), "--master", "local[2]", "job.py"]
    known = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
    }
    with served(crawl.parent) as (address, _):
        line = [*submit, f"{address}/crawl-data/wet.paths.gz", "out"]
        done = subprocess.run(line, cwd=tmp_path, env=known, capture_output=True, text=True, timeout=240)
        addresses = [f"{address}/{name}" for name in names.split()]
        direct = as_csv(ingested(tmp_path / "direct", *addresses), tmp_path)
    (crawl / "wet.paths.gz").unlink()
    assert done.returncode == 1, done.stderr[-2000:]
    assert "tracker: 6 paths read, 0 passed over, " in done.stdout  # where spark-submit puts what Python says
    assert as_csv(ingested(tmp_path / "taken", tmp_path / "out"), tmp_path) == direct


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """S3 on this machine, and its file system."""
    import s3fs
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", 5599, verbose=False)
    server.start()
    for name, value in {
        "ENDPOINT_URL": "http://127.0.0.1:5599",
        "ACCESS_KEY_ID": "x",
        "SECRET_ACCESS_KEY": "x",
    }.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    s3fs.S3FileSystem.clear_instance_cache()
    system = s3fs.S3FileSystem()
    system.mkdir("s3://bucket")
    yield system
    s3fs.S3FileSystem.clear_instance_cache()
    server.stop()


def test_archives_are_read_and_tables_shared_in_a_bucket(
    spark: Any, crawl: Path, tmp_path: Path, bucket: Any
) -> None:
    bucket.put(str(crawl), "s3://bucket/crawl", recursive=True)
    out = tmp_path / "out"
    outcome = tracker.spark.write(spark, "s3://bucket/crawl/*.warc.gz", str(out))
    assert (outcome.paths, outcome.unread) == (5, 1)
    bucket.put(str(out), "s3://bucket/out", recursive=True)
    shared = Store("s3://bucket/out/")
    direct = ingested(tmp_path / "direct", "s3://bucket/crawl/*.warc.gz")
    assert as_csv(shared, tmp_path) == as_csv(direct, tmp_path)
    other = ingested(tmp_path / "other", ROOT / "seeds")
    assert other.append("s3://bucket/out").snapshots == 9
    assert other.append("s3://bucket/out").snapshots == 0
    assert shared.coverage()["totals"][0]["snapshots"] == direct.coverage()["totals"][0]["snapshots"] + 9
    line = [
        sys.executable,
        "-m",
        "tracker",
        "latest",
        "BTC",
        "--store",
        "s3://bucket/out/day=*/*.parquet",
        "--format",
        "csv",
    ]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout.count("\n")) == (0, 2), done.stderr
    line[-3] = "s3://nothing/here/"
    refused = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1), refused.stderr
