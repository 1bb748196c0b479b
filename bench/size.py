"""Charts, report, tables, check and exports on a large store, against the bare DuckDB query of the same aggregate

Each line is a whole process: seconds and peak memory of a command, and of Python with DuckDB alone asking the aggregate that
the command rests on. A store of 20,000 snapshots of 24 coins is made; TRACKER_BENCH_SIZE says another number (1,000,000
are 24 million rows, the size the goals are for), TRACKER_BENCH_STORE names a store that is there.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tracker.store import Store

from . import python
from .store import made

PART = 50_000
PEAK = (
    "import pathlib, re, sys; status = pathlib.Path('/proc/self/status').read_text(); "
    "sys.stderr.write(re.search(r'VmHWM:\\s+(\\d+)', status)[1])"
)
COMMAND = f"import atexit\natexit.register(lambda: exec({PEAK!r}))\nfrom tracker.cli import main\nmain()"
BARE = "import duckdb\ncon = duckdb.connect({!r}, read_only=True)\ncon.execute({!r}).fetchall()\n" + PEAK

A_LINE = """
    SELECT symbol, site, epoch_us(observed_at) // 43200000000 AS step, count(*), min(observed_at), max(observed_at),
        arg_min(price, observed_at), arg_max(price, observed_at), arg_min(observed_at, price),
        arg_max(observed_at, price)
    FROM quotes {} GROUP BY ALL"""
A_DAY = "SELECT symbol, observed_at::DATE AS day, arg_max(change_pct, observed_at), count(*) FROM quotes GROUP BY ALL"
SNAPSHOTS = """
    SELECT site, time_basis, observed_at::DATE AS day, count(*) FROM (SELECT snapshot_id, any_value(site) AS site,
        any_value(time_basis) AS time_basis, any_value(observed_at) AS observed_at FROM quotes GROUP BY ALL) GROUP BY ALL"""
TWELVE = "WHERE symbol IN ('C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11', 'C12')"
FOUR = "WHERE symbol IN ('C1', 'C2', 'C3', 'C4')"
NEWEST = "SELECT symbol, arg_max(price, observed_at) FROM quotes GROUP BY ALL"
SCAN = "SELECT " + ", ".join(
    f"count({'DISTINCT ' * (n == 'snapshot_id')}{n})" if n == "snapshot_id" else f"bit_xor(hash({n}))"
    for n in ("snapshot_id", "block_id", "observed_at", "time_basis", "captured_at", "site", "url", "source", "layout",
              "rank", "name", "symbol", "currency", "price", "change_pct", "change_abs", "row_text", "flags")
) + " FROM quotes"  # fmt: skip


class Case(NamedTuple):
    """A command (OUT: a path to write to), the bare query it is held against, by how many times it may be slower, and how
    much memory (MB) it may take."""

    name: str
    command: str
    bare: str
    times: float = 3.0
    most: int = 700
    status: int = 0  # `check` finds that made snapshots have no ids of their own


CASES = (
    Case("plot history", "plot -o OUT.png", A_LINE.format(TWELVE)),
    Case("plot history, four coins", "plot C1 C2 C3 C4 -o OUT.png", A_LINE.format(FOUR)),
    Case("plot indexed", "plot --kind indexed -o OUT.png", A_LINE.format("")),
    Case("plot change", "plot --kind change -o OUT.png", A_LINE.format(TWELVE)),
    Case("plot heatmap", "plot --kind heatmap -o OUT.png", A_DAY),
    Case("plot movers", "plot --kind movers -o OUT.png", NEWEST),
    Case("plot coverage", "plot --kind coverage -o OUT.png", SNAPSHOTS),
    Case("report", "report -o OUT.html", A_LINE.format("")),
    Case("latest", "latest --format csv", NEWEST),
    Case("coverage", "coverage --format csv", SNAPSHOTS),
    Case(
        "history of one coin, CSV",
        "history C5 --format csv",
        "COPY (SELECT * FROM quotes WHERE symbol = 'C5' ORDER BY observed_at) TO '/dev/null' (FORMAT csv, HEADER)",
        1.5,
    ),
    Case("check", "check", SCAN, 3.0, 1000, 1),
    Case("export csv", "export -o OUT.csv", "COPY quotes TO 'OUT.csv' (FORMAT csv, HEADER)", 1.5),
    Case("export jsonl", "export -o OUT.jsonl", "COPY quotes TO 'OUT.jsonl' (FORMAT json)", 3.0),
    Case("export parquet", "export -o OUT.parquet", "COPY quotes TO 'OUT.parquet' (COMPRESSION zstd)", 3.0, 500),
    Case(
        "export one coin, xlsx",
        "export C5 --until 2018-06-01 -o OUT.xlsx",
        "SELECT * FROM quotes WHERE symbol = 'C5'",
        100,
    ),
)  # fmt: skip


class Run(NamedTuple):
    """What a process took: seconds, and megabytes at its peak."""

    seconds: float
    peak: float


def table() -> str:
    lines = [
        "| what | seconds | bare query | ratio | goal | peak MB | bare | goal |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {case.name} | {ours.seconds:.1f} | {bare.seconds:.1f} | **{ours.seconds / bare.seconds:.1f}** "
        f"| {case.times:g} | {ours.peak:,.0f} | {bare.peak:,.0f} | {case.most:,} |"
        for case, ours, bare in measured()
    ]
    return "\n".join(lines)


def measured(*names: str) -> Iterator[tuple[Case, Run, Run]]:
    """Each case, or those named, with what the command took and what the bare query did."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = os.environ.get("TRACKER_BENCH_STORE") or str(_made(folder / "large.duckdb"))
        for case in CASES:
            if not names or case.name in names:
                ours = [*case.command.replace("OUT", f"{folder}/out").split(), "--store", store]
                bare = BARE.format(store, case.bare.replace("OUT", f"{folder}/bare"))
                yield case, _run(case.status, "-c", COMMAND, *ours), _run(0, "-c", bare)


def _made(path: Path) -> Path:
    store, count = Store(path), int(os.environ.get("TRACKER_BENCH_SIZE", "20000"))
    for first in range(0, count, PART):
        store.load(made(first, min(count, first + PART)))
    return path


def _run(status: int, *arguments: str) -> Run:
    start = time.perf_counter()
    done = subprocess.run(
        python(*arguments), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False, text=True
    )
    seconds = time.perf_counter() - start
    told = done.stderr.rsplit("\n", 1)[-1]
    if done.returncode != status or not told[-3:].isdigit():
        raise RuntimeError(f"{arguments[2:]}: {done.stderr[-2000:]}")
    return Run(seconds, int("".join(c for c in told[-9:] if c.isdigit())) / 1000)
