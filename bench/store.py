"""The store: loading, asking and exporting, against bare DuckDB, pandas and SQLite

A million snapshots of 24 coins are made and loaded in parts of 100,000 (TRACKER_BENCH=quick: 20,000 in all), each part by
us and by a bare `INSERT ... SELECT` of the same Arrow table in turn. What pandas and SQLite do is timed on a sample and
compared per row. `latest` and `history` are whole processes, start-up included, as are the exports whose memory is told.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tracker.frame import dataframe, schema
from tracker.model import COLUMNS
from tracker.store import Store
from tracker.store.tables import TYPES

from . import python

COINS, SAMPLE = 24, 20_000

MADE = """
    SELECT md5('s' || s) AS snapshot_id, md5('b' || s // 2) AS block_id,
        TIMESTAMP '2018-01-01' + INTERVAL (s * 120) SECOND AS observed_at, ['capture', 'stated'][1 + s % 2] AS time_basis,
        TIMESTAMP '2018-01-01' + INTERVAL (s * 120) SECOND AS captured_at, NULL::TIMESTAMP AS published_at,
        'site' || s % 7 || '.co.kr' AS site, 'https://www.site' || s % 7 || '.co.kr/news/view/' || s AS url,
        'crawl-' || s // 10000 || '.warc.gz#' || s * 7919 AS source, 'layout' || s % 5 AS layout, k AS rank,
        'Coin ' || k AS name, 'C' || k AS symbol, 'KRW' AS currency,
        (k * k * 1000 + hash(s, k) % 100000 / 100)::DECIMAL(30,12) AS price,
        (hash(s, k, 1) % 2000 / 100 - 10)::DECIMAL(12,4) AS change_pct,
        CASE WHEN k % 2 = 0 THEN hash(s, k, 2) % 20000 / 10 - 1000 END::DECIMAL(30,12) AS change_abs, '24h' AS change_window,
        'Coin ' || k || ' ' || hash(s, k) % 100000 / 100 || ' ' || (hash(s, k, 1) % 2000 / 100 - 10) || '%' AS row_text,
        CASE WHEN s % 5 = 0 THEN ['currency-assumed'] ELSE [] END::VARCHAR[] AS flags
    FROM (SELECT s, unnest(range(1, {coins} + 1))::INTEGER AS k FROM range({first}, {last}) AS t(s)) ORDER BY s, k
"""
LATEST = """
    SELECT symbol, max(observed_at), arg_max(price, observed_at), arg_max(site, observed_at) FROM quotes GROUP BY symbol
"""
HISTORY = "SELECT * FROM quotes WHERE symbol = 'C5' ORDER BY observed_at"
ASK = "import duckdb; print(len(duckdb.connect({!r}, read_only=True).execute({!r}).fetchall()))"
OURS = "from tracker.store import Store; print(len(Store({!r}).{}))"
EXPORT = """
import pathlib, re
from tracker.store.export import export
from tracker.store import Store
export(Store({!r}), {!r}, "csv", {})
print(re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1])
"""  # what the parent used counts in a child's maxrss, not here; kilobytes

Line = tuple[str, float, str, str]


def table() -> str:
    quick = os.environ.get("TRACKER_BENCH") == "quick"
    lines = [f"| {what} | **{ratio:.2f}** | {goal} | {note} |" for what, ratio, goal, note in rows(quick)]
    return "\n".join(["| what | ratio | goal | |", "|---|--:|---|---|", *lines])


def rows(quick: bool) -> list[Line]:
    """What was compared, ours over theirs (or theirs over ours where the goal is `at least`), the goal, figures."""
    parts, size = (2, 10_000) if quick else (10, 100_000)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours, bare = Store(folder / "ours.duckdb"), folder / "bare.duckdb"
        return [
            *_loads(ours, bare, parts, size),
            *_questions(ours, bare),
            *_exports(ours, bare, parts * size * COINS),
            *_sizes(ours, folder, parts * size * COINS),
        ]


def made(first: int, last: int) -> Any:
    """An Arrow table of the snapshots of these numbers."""
    import duckdb

    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'UTC'")
        return con.sql(MADE.format(coins=COINS, first=first, last=last)).to_arrow_table().cast(schema())


def _loads(ours: Store, bare: Path, parts: int, size: int) -> Iterator[Line]:
    import duckdb

    first = theirs = again = 0.0
    with duckdb.connect(str(bare)) as con:
        con.execute(f"CREATE TABLE quotes ({', '.join(f'{c.name} {TYPES[c.kind]}' for c in COLUMNS)})")
    for part in range(parts):
        arrow = made(part * size, (part + 1) * size)
        theirs += _seconds(lambda arrow=arrow: _insert(bare, arrow))  # type: ignore[misc]
        first += _seconds(lambda arrow=arrow: ours.load(arrow))  # type: ignore[misc]
        again += _seconds(lambda arrow=arrow: ours.load(arrow))  # type: ignore[misc]
    count = parts * size * COINS
    yield "bulk load / `INSERT ... SELECT`", first / theirs, "2 or less", f"{count:,} rows in {first:.1f} s"
    yield "load that adds nothing / first load", again / first, "0.2 or less", f"{again:.1f} s"
    sample = dataframe(made(0, SAMPLE // COINS)).astype({"flags": str})
    with sqlite3.connect(bare.with_name("sample.sqlite")) as lite:
        slow = _seconds(lambda: sample.to_sql("quotes", lite, index=False)) / len(sample)
    yield (
        "pandas `to_sql` into SQLite / load, per row",
        slow / (first / count),
        "at least 10",
        f"{slow * 1e6:.0f} µs a row",
    )


def _insert(bare: Path, arrow: Any) -> None:
    import duckdb

    with duckdb.connect(str(bare)) as con:
        con.execute("SET TimeZone = 'UTC'")
        con.execute("INSERT INTO quotes SELECT * FROM arrow")


def _questions(ours: Store, bare: Path) -> Iterator[Line]:
    for call, query in (("latest()", LATEST), ("history(symbols='C5')", HISTORY)):
        mine, plain = OURS.format(str(ours.path), call), ASK.format(str(bare), query)
        pairs = [(_process(mine)[0], _process(plain)[0]) for _ in range(3)]
        fast, theirs = min(a for a, _ in pairs), min(b for _, b in pairs)
        yield f"`{call}` / bare query, as processes", fast / theirs, "3 or less", f"{fast:.2f} s"


def _exports(ours: Store, bare: Path, count: int) -> Iterator[Line]:
    import duckdb

    out = bare.with_name("out.csv")
    with duckdb.connect(str(bare), read_only=True) as con:
        theirs = _seconds(lambda: con.execute(f"COPY quotes TO '{out}' (HEADER)"))
    out.unlink()
    seconds, peak = _process(EXPORT.format(str(ours.path), str(out), ""))
    size = out.stat().st_size / 1e6
    out.unlink()
    _, small = _process(EXPORT.format(str(ours.path), str(out), f"until='{_middle(count)}'"))
    out.unlink()
    yield (
        "CSV export / bare `COPY`",
        seconds / theirs,
        "1.5 or less",
        f"{size:,.0f} MB in {seconds:.1f} s, a whole process",
    )
    yield (
        "peak memory of that / of half of it",
        peak / small,
        "bounded: about 1",
        f"{peak / 1e3:,.0f} MB at most",
    )
    sample = ours.quotes(until="2018-01-02")
    slow = _seconds(lambda: sample.to_csv(out, index=False)) / len(sample)
    yield (
        "pandas `to_csv` / CSV export, per row",
        slow / (seconds / count),
        "at least 10",
        f"{slow * 1e6:.0f} µs a row",
    )


def _middle(count: int) -> str:
    from datetime import datetime, timedelta

    return (datetime(2018, 1, 1) + timedelta(seconds=120) * (count // COINS // 2)).isoformat()


def _sizes(ours: Store, folder: Path, count: int) -> Iterator[Line]:
    ours.copy(folder / "out.parquet", "parquet")
    mine = ours.path.stat().st_size / count
    lite = (folder / "sample.sqlite").stat().st_size / (SAMPLE // COINS * COINS)
    parquet = (folder / "out.parquet").stat().st_size / count
    yield "bytes a row: store / SQLite", mine / lite, "", f"{mine:.0f} / {lite:.0f}"
    yield "bytes a row: store / Parquet (zstd)", mine / parquet, "", f"{mine:.0f} / {parquet:.0f}"


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _process(code: str) -> tuple[float, float]:
    """Seconds of a piece of Python as a process of its own, and the number that it prints last."""
    start = time.perf_counter()
    done = subprocess.run(python("-c", code), stdout=subprocess.PIPE, check=True, text=True)
    return time.perf_counter() - start, float(done.stdout.split()[-1])
