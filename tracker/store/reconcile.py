"""What rows say about one another, put into `findings`: new snapshots, and those that new ones tell more of.

One transaction a batch of snapshots: what was done before an end is kept, and the next run goes on from there. Made
anew altogether where the rules or the table of costs changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

from ..market.atlas import Atlas
from ..market.margins import LEAST, REACH, STABLE
from . import alike, costs, findings, neighbours, times
from .file import Connection
from .queries import value

RULES = 1  # goes up when the same rows and costs give other findings
MEMORY = "1500MB"  # beyond it DuckDB goes on on disk

# Which snapshots: those not looked at yet, and those within whose reach something came or went.
STALE = """
    CREATE OR REPLACE TEMP TABLE stale AS
    WITH came AS (
        SELECT DISTINCT date_trunc('hour', observed_at) AS since FROM quotes
        SEMI JOIN (FROM snapshots ANTI JOIN reconciled USING (snapshot_id)) USING (snapshot_id)
        WHERE observed_at IS NOT NULL AND time_basis IN ('given', 'stated', 'capture')),
    went AS (FROM reconciled ANTI JOIN snapshots USING (snapshot_id)),
    moved AS (
        SELECT since, since AS until FROM came
        UNION ALL SELECT first AS since, last AS until FROM went WHERE first IS NOT NULL)
    SELECT snapshot_id FROM reconciled
    WHERE EXISTS (SELECT 1 FROM moved WHERE moved.since <= reconciled.last AND moved.until >= reconciled.first)
    UNION SELECT snapshot_id FROM went
"""
TODO = "CREATE OR REPLACE TEMP TABLE todo AS SELECT snapshot_id FROM snapshots ANTI JOIN reconciled USING (snapshot_id)"
PAGES = """
    CREATE OR REPLACE TEMP TABLE pages AS
    SELECT snapshot_id, any_value(block_id) AS block_id, any_value(site) AS site, any_value(observed_at) AS observed_at,
        any_value(time_basis) AS time_basis, any_value(captured_at) AS captured_at, any_value(published_at) AS published_at,
        count(DISTINCT symbol) FILTER (currency IS NOT NULL) AS coins
    FROM quotes {which} GROUP BY snapshot_id
"""
OUTSIDE = f"""
    CREATE OR REPLACE TEMP TABLE outside AS
    SELECT snapshot_id, rank, symbol, currency, price::DOUBLE AS price, nearby.low, nearby.high
    FROM quotes SEMI JOIN pages USING (snapshot_id) JOIN nearby USING (symbol, currency)
    WHERE nearby.week = {costs.MONDAY.format("quotes.observed_at")} AND NOT price::DOUBLE BETWEEN nearby.low AND nearby.high
"""
DOUBTED = f"""
    CREATE OR REPLACE TEMP TABLE doubted AS
    WITH tested AS (
        SELECT snapshot_id, count(*) AS tested
        FROM quotes SEMI JOIN outside USING (snapshot_id) JOIN nearby USING (symbol, currency)
        WHERE nearby.week = {costs.MONDAY.format("quotes.observed_at")} AND symbol NOT IN {STABLE} GROUP BY snapshot_id)
    SELECT snapshot_id, any_value(tested) AS tested, count(*) AS outside FROM outside JOIN tested USING (snapshot_id)
    WHERE symbol NOT IN {STABLE} GROUP BY snapshot_id
    HAVING any_value(tested) >= {LEAST} AND count(*) >= greatest(2, any_value(tested) / 4)
"""
# Between which moments another dated snapshot would tell more: around its time, where its prices fit, or anywhere.
DONE = f"""
    INSERT INTO reconciled
    SELECT snapshot_id,
        least(CASE WHEN dated THEN observed_at - INTERVAL '{REACH} days' WHEN lost THEN '-infinity' END, first),
        greatest(CASE WHEN dated THEN observed_at + INTERVAL '{REACH} days' WHEN lost THEN 'infinity' END, last)
    FROM (SELECT *, time_basis IN ('given', 'stated', 'capture') AS dated, first IS NULL AND coins >= {LEAST} AS lost
        FROM pages SEMI JOIN batch USING (snapshot_id)
            LEFT JOIN (SELECT list, min(first) AS first, max(last) AS last FROM fits GROUP BY list) ON list = snapshot_id)
"""


def reconcile(
    con: Connection,
    atlas: Atlas,
    within: float,
    batch: int,
    on_progress: Callable[[int, int], object],
) -> dict[str, int]:
    """Bring `findings` up to the rows there are. Returns how many findings of each kind were made.

    within       days: how wide a span by prices may be to stand for a time in the view
    batch        snapshots in a transaction
    on_progress  is told how many snapshots of how many are done
    """
    con.execute(f"SET memory_limit = '{MEMORY}'")
    _begin(con, f"{RULES} {atlas.name}", within)
    total: int = value(con, "SELECT count(*) FROM todo")
    made: Counter[str] = Counter()
    if not total:
        return {}
    _prepare(con, atlas, total)
    unit = "weeks" if atlas.step == 7 else "days"
    for done in range(0, total, batch):
        con.begin()
        made.update(_batch(con, done, done + batch, unit))
        con.commit()
        on_progress(min(done + batch, total), total)
    return dict(sorted(made.items()))


def _begin(con: Connection, rules: str, within: float) -> None:
    """The tables and the view; what is out of date is forgotten; `todo`."""
    con.begin()
    for statement in findings.SCHEMA:
        con.execute(statement)
    findings.view(con, within)
    if con.execute("SELECT rules FROM reconciling").fetchall() != [(rules,)]:
        for table in ("findings", "reconciled", "reconciling"):
            con.execute(f"DELETE FROM {table}")
        con.execute("INSERT INTO reconciling VALUES (?)", [rules])
    elif value(con, "SELECT count(*) FROM reconciled"):
        con.execute(STALE)
        for table in ("findings", "reconciled"):
            con.execute(f"DELETE FROM {table} WHERE snapshot_id IN (FROM stale)")
    con.execute(TODO)
    con.commit()


def _prepare(con: Connection, atlas: Atlas, total: int) -> None:
    """The temporary tables that all batches look at."""
    everything = total == value(con, "SELECT count(*) FROM snapshots")
    costs.lay_out(con, atlas)
    con.execute(PAGES.format(which="" if everything else "SEMI JOIN todo USING (snapshot_id)"))
    con.execute(OUTSIDE)
    con.execute(DOUBTED)
    first, last = _window(con)
    neighbours.lay_out(con, first, last, atlas.step)
    alike.lay_out(con)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE queue AS SELECT snapshot_id, row_number() OVER (
            ORDER BY time_basis NOT IN ('given', 'stated', 'capture'), observed_at, snapshot_id) AS nth FROM pages""")


def _window(con: Connection) -> tuple[datetime, datetime]:
    """Between which moments dated snapshots matter: all there are where something has no time of its own."""
    far = value(con, "SELECT count(*) FROM pages WHERE time_basis NOT IN ('given', 'stated', 'capture')")
    first, last = con.execute("""
        SELECT min(observed_at) - INTERVAL '8 days', max(observed_at) + INTERVAL '8 days' FROM pages""").fetchall()[0]
    return (datetime(1970, 1, 1), datetime(2262, 1, 1)) if far or first is None else (first, last)


def _batch(con: Connection, first: int, last: int, unit: str) -> dict[str, int]:
    chosen = "SELECT snapshot_id FROM queue WHERE nth > ? AND nth <= ?"
    con.execute(f"CREATE OR REPLACE TEMP TABLE batch AS {chosen}", [first, last])
    before: Any = con.execute("SELECT kind, count(*) FROM findings GROUP BY kind").fetchall()
    times.judge(con, unit)
    alike.count(con)
    neighbours.compare(con)
    con.execute(DONE)
    after = Counter(dict(con.execute("SELECT kind, count(*) FROM findings GROUP BY kind").fetchall()))
    after.subtract(dict(before))
    return {kind: count for kind, count in after.items() if count}
