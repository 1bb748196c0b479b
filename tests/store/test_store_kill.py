"""The store when things go wrong: killed processes, many processes at once, full disks. With real processes."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from at_length import some
from made import block, empty_store, series

from tracker.errors import StoreError
from tracker.frame import NAMES, rows
from tracker.store import Store

ROOT = Path(__file__).parents[2]
ENV = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}


def started(code: str, *args: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-W", "error", "-c", code, *map(str, args)]
    return subprocess.Popen(command, env=ENV, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return out


# One process that loads everything once and then forks the ones to be killed: a kill costs milliseconds, not a start.
KILLER = """
import os, random, signal, sys, time, warnings
from dataclasses import replace
from made import series
from tracker.store import Store

path, kills, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
batches = [series(at, at + 15) for at in range(0, 60, 15)]
batches += [[replace(one, layout="one") for one in batch] for batch in batches]  # the same read again, and better
rng = random.Random(seed)

def child(work):
    pid = os.fork()
    if not pid:
        try:
            work()
            os._exit(0)
        except BaseException as error:
            print(repr(error), flush=True)
            os._exit(1)
    return pid

def ingest():
    store = Store(path)
    for number, batch in enumerate(batches):
        store.add(batch, done=[(str(number), "o", 1)])

def look():
    if not os.path.exists(path):
        return
    store = Store(path)
    checked = store.check()
    assert not checked.breaches, checked
    done = checked.counts["sources"]
    assert checked.counts["snapshots"] == 15 * min(done, 4), checked
    assert checked.counts["superseded"] == 15 * max(done - 4, 0), checked
    assert checked.counts["quotes"] == 24 * checked.counts["snapshots"], checked

for kill in range(kills):
    pid = child(ingest)
    time.sleep(rng.uniform(0, 0.5))
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    assert os.waitpid(child(look), 0)[1] == 0, f"after kill {kill}"
assert os.waitpid(child(ingest), 0)[1] == 0
"""


def test_killed_at_any_moment_the_store_holds_whole_snapshots_and_a_rerun_completes_it(
    tmp_path: Path,
) -> None:
    seed = random.randrange(1_000)  # shown by pytest where it fails
    ended(started(KILLER, tmp_path / "killed.duckdb", 12, seed))
    killed, undisturbed = Store(tmp_path / "killed.duckdb"), Store(tmp_path / "undisturbed.duckdb")
    undisturbed.add(replace(one, layout="one") for one in series(0, 60))
    assert killed.history() == undisturbed.history(), seed
    assert killed.check().counts["snapshots"] == 60
    assert killed.check().breaches == []


# A table of 144,000 rows, quickly: the same snapshots under other names and addresses.
LARGE = """
import pyarrow as pa
import pyarrow.compute as pc
from made import series
from tracker.frame import arrow
some = arrow(series(1000, 1060))
def renamed(n):
    other = some
    for at, name in ((0, "snapshot_id"), (7, "url")):
        other = other.set_column(at, name, pc.binary_join_element_wise(some.column(at), str(n), ""))
    return other
large = pa.concat_tables(map(renamed, range(100)))
"""
LOAD = f"""
import sys
from tracker.store import Store
{LARGE}
print("go", flush=True)
print(Store(sys.argv[1]).load(large), flush=True)
"""


def test_a_load_that_is_killed_leaves_nothing(tmp_path: Path) -> None:
    store = empty_store(tmp_path / "s.duckdb")
    store.add([block()])
    before = store.history()
    process = started(LOAD, store.path)
    assert process.stdout
    assert process.stdout.readline() == "go\n"
    time.sleep(0.05)
    process.kill()
    out, _ = process.communicate()
    assert store.check().breaches == []
    assert store.history() == before or "6000" in out


SLOW = """
import os, signal, sys, threading
from tracker.store import Store
threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    with Store(sys.argv[1])._file.reading() as con:
        con.execute("SELECT count(*) FROM range(20_000_000_000)").fetchall()
except KeyboardInterrupt:
    print("stopped")
"""


def test_ctrl_c_is_ctrl_c(tmp_path: Path) -> None:
    Store(tmp_path / "s.duckdb").add([block()])
    assert ended(started(SLOW, tmp_path / "s.duckdb")) == "stopped\n"


WRITER = """
import sys
from made import series
from tracker.store import Store
first, last = map(int, sys.argv[2:])
store = Store(sys.argv[1], wait=60)
print(sum(store.add(series(at, at + 4, coins=5)) for at in range(first, last, 4)))
"""
READER = """
import sys, time
from tracker.errors import StoreError
from tracker.store import Store
store, looks, seen = Store(sys.argv[1], wait=60), 0, 0
while seen < int(sys.argv[2]):
    try:
        (totals,) = store.coverage()["totals"]
    except StoreError as error:
        assert "no such store" in str(error), error
        time.sleep(0.05)
        continue
    assert totals["quotes"] == 5 * totals["snapshots"] and totals["snapshots"] >= seen, (totals, seen)
    seen, looks = totals["snapshots"], looks + 1
print(looks)
"""


@pytest.mark.slow
def test_writers_and_readers_at_once_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    path = tmp_path / "s.duckdb"
    writers = [started(WRITER, path, first, first + 24) for first in (0, 12)]
    readers = [started(READER, path, 36) for _ in range(2)]
    assert sum(int(ended(writer)) for writer in writers) == 36
    assert all(int(ended(reader)) >= 1 for reader in readers)
    store = Store(path)
    made = [dict(zip(NAMES, row, strict=True)) for row in rows(series(0, 36, coins=5))]
    assert store.history() == made
    assert store.check().breaches == []
    assert [found.name for found in tmp_path.iterdir()] == ["s.duckdb"]


BUSY_READERS = """
import sys, time
from tracker.store import Store
store, until = Store(sys.argv[1]), time.monotonic() + 60
print("go", flush=True)
while time.monotonic() < until:
    store.coverage()
"""


@pytest.mark.slow
def test_readers_without_a_pause_do_not_keep_a_writer_out(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.duckdb", wait=20)
    store.add(series(0, 50))
    readers = [started(BUSY_READERS, store.path) for _ in range(4)]
    try:
        for reader in readers:
            assert reader.stdout
            assert reader.stdout.readline() == "go\n"
        assert [store.add([block(at)]) for at in range(1000, 1005)] == [1] * 5
    finally:
        for reader in readers:
            reader.kill()
            reader.communicate()


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[Callable[[int], bool]]:
    """A real file system of that size on the folder, where the test may mount one; yields what sets another size.

    That gives False where there is none.
    """
    folder.mkdir()

    def mount(kilobytes: int, option: str = "") -> bool:
        if not shutil.which("mount"):
            return False
        command = ["mount", "-t", "tmpfs", "-o", f"{option}size={kilobytes}k", "tmpfs", str(folder)]
        return subprocess.run(command, capture_output=True).returncode == 0

    mounted = mount(kilobytes)
    try:
        yield lambda kilobytes: mounted and mount(kilobytes, "remount,")
    finally:
        if mounted:
            subprocess.run(["umount", str(folder)], check=True)


FILL = f"""
import resource, sys
from tracker.errors import StoreError
from tracker.store import Store
{LARGE}
if int(sys.argv[3]):
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]),) * 2)
try:
    if sys.argv[2] == "add":
        Store(sys.argv[1]).add(series(1000, 1400), done=[("much", "o", 1)])
    else:
        Store(sys.argv[1]).load(large)
except StoreError as error:
    print(error)
"""


@pytest.mark.parametrize(
    "use", some(["load", "add"], 2)
)  # the first goes into the table, the second through the log
@pytest.mark.parametrize("limit", some(["disk", "quota"], 2))
def test_a_full_disk_is_told_in_one_line_and_the_store_stays_as_it_was(
    tmp_path: Path, limit: str, use: str
) -> None:
    with small_disk(tmp_path / "disk", 2_000) as resize:
        store = Store(tmp_path / "disk" / "s.duckdb")
        store.add(series(0, 5), done=[("little", "o", 1)])
        before = store.history()
        quota = 0 if limit == "disk" and resize(2_000) else store.path.stat().st_size + 4_096
        line = ended(started(FILL, store.path, use, quota))
        assert line.startswith(f"{store.path}: the ")
        assert line.endswith("; the store is as it was: make room and run it again\n")
        assert line.count("\n") == 1
        assert store.history() == before
        assert store.check().breaches == []
        assert store.done(["little", "much"]) == {"little": 1}
        resize(8_000)
        assert [store.add(series(0, 5)), store.add([block(100)])] == [0, 1]


def test_a_store_cannot_be_made_on_a_full_disk(tmp_path: Path) -> None:
    path = tmp_path / "s.duckdb"
    line = ended(started(FILL, path, "add", 4_096))
    assert line.startswith(f"{path}: the ")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(StoreError, match="no such store"):
        Store(path).history()
