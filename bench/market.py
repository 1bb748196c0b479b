"""Reconciling: what rows say about one another, against one full scan by bare DuckDB

Snapshots of 24 coins in won, two minutes apart, at what they cost in the weeks from 2018 on; one in a hundred has lost its
time (TRACKER_BENCH=quick: 20,000 of them, else a million). Each is a whole process, start-up included.
"""

from __future__ import annotations

import os
import tempfile
from datetime import datetime
from pathlib import Path

from tracker.coins import costs
from tracker.model import COLUMNS
from tracker.store import Store

from .store import Line, _process

NAMES = "BTC ETH XRP LTC BCH EOS XLM TRX ADA BNB XMR DASH ETC ZEC NEO LSK WAVES QTUM BTG XEM OMG DCR STEEM DOGE".split()
MADE = """
    WITH pages AS (
        SELECT s, TIMESTAMP '2018-01-01' + to_seconds(s * 120) AS seen, s % 100 = 99 AS lost,
            time_bucket(INTERVAL '7 days', seen, TIMESTAMP '2013-01-07') AS week,
            (epoch(seen) - epoch(week)) / 604800 AS part
        FROM range({first}, {last}) AS t(s)),
    paid AS (SELECT *, lead(cost, 1, cost) OVER (PARTITION BY symbol ORDER BY week) AS next FROM costs)
    SELECT md5('s' || s) AS snapshot_id, md5('b' || s) AS block_id, CASE WHEN NOT lost THEN seen END AS observed_at,
        CASE WHEN lost THEN 'none' ELSE ['capture', 'stated'][1 + s % 2] END AS time_basis,
        CASE WHEN NOT lost THEN seen END AS captured_at, NULL::TIMESTAMP AS published_at,
        'site' || s % 7 || '.co.kr' AS site, 'https://www.site' || s % 7 || '.co.kr/news/view/' || s AS url,
        'crawl.warc.gz#' || s * 7919 AS source, 'layout' || s % 5 AS layout, rank, symbol AS name, symbol,
        'KRW' AS currency,
        (cost ** (1 - part) * next ** part * (1 + hash(s, rank) % 100 / 1e5))::DECIMAL(30,12) AS price,
        (100 * (next / cost) ** (1 / 7) - 100 + hash(s, rank, 1) % 60 / 100.0 - 0.3)::DECIMAL(12,4) AS change_pct,
        NULL::DECIMAL(30,12) AS change_abs,
        '24h' AS change_window, symbol || ' ' || hash(s, rank) % 100000 / 100 AS row_text, []::VARCHAR[] AS flags
    FROM pages JOIN paid USING (week) ORDER BY s, rank
"""
# Every column of every row is read.
SCAN = f"SELECT {', '.join(f'bit_xor(hash({column.name}))' for column in COLUMNS)} FROM quotes"
ASK = "import duckdb; print(len(duckdb.connect({!r}, read_only=True).execute({!r}).fetchall()))"
OURS = """
import pathlib, re
from tracker.model import COLUMNS
from tracker.store import Store
Store({!r}).reconcile()
print(re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1])
"""  # kilobytes


def table() -> str:
    quick = os.environ.get("TRACKER_BENCH") == "quick"
    lines = [f"| {what} | **{ratio:.2f}** | {goal} | {note} |" for what, ratio, goal, note in rows(quick)]
    return "\n".join(["| what | ratio | goal | |", "|---|--:|---|---|", *lines])


def rows(quick: bool) -> list[Line]:
    """What was compared, the goal, figures."""
    snapshots, part = (20_000, 20_000) if quick else (1_000_000, 100_000)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "store.duckdb")
        for first in range(0, snapshots, part):
            Store(path).load(made(first, first + part))
        scan, _ = _process(ASK.format(str(path), SCAN))
        first, peak = _process(OURS.format(str(path)))
        Store(path).load(made(snapshots, snapshots + 1))
        again, _ = _process(OURS.format(str(path)))
        idle, _ = _process(OURS.format(str(path)))
    count = snapshots * len(NAMES)
    return [
        (
            "`reconcile` / a bare scan of all columns",
            first / scan,
            "4 or less",
            f"{count:,} rows in {first:.1f} s",
        ),
        ("peak memory in GB", peak / 1e6, "2 or less", ""),
        (
            "`reconcile` after one new snapshot, in seconds",
            again,
            "1 or less",
            f"with nothing new {idle:.2f} s",
        ),
    ]


def made(first: int, last: int) -> object:
    """An Arrow table of the snapshots of these numbers."""
    import duckdb

    from tracker.frame import schema

    paid = [
        (symbol, rank, datetime.combine(day, datetime.min.time()), (low * high) ** 0.5 * 1150)
        for rank, symbol in enumerate(NAMES, 1)
        for day, low, high in costs.weekly(symbol)
    ]
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'UTC'")
        con.execute("CREATE TABLE costs (symbol VARCHAR, rank INTEGER, week TIMESTAMP, cost DOUBLE)")
        with con.appender("costs") as appender:
            appender.append_rows(paid)
        return con.sql(MADE.format(first=first, last=last)).to_arrow_table().cast(schema())
