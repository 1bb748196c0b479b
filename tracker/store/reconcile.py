"""What rows say about one another, put into `findings`: new snapshots, and those that new ones tell more of.

One transaction a batch of snapshots: what was done before an end is kept, and the next run goes on from there. Made
anew altogether where the rules or the table of costs changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from ..market.atlas import Atlas
from ..market.margins import BESIDE, LEAST, PLACES_APART, REACH
from . import alike, costs, findings, names, neighbours, times
from .file import Connection
from .queries import value

RULES = 1  # goes up when the same rows and costs give other findings
FEW = 2000  # undated lists up to this are looked at beforehand, for what they need of the store
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
NEW = "SELECT snapshot_id FROM snapshots ANTI JOIN reconciled USING (snapshot_id)"
TODO = f"CREATE OR REPLACE TEMP TABLE todo AS {NEW}"
# A snapshot's own columns stand in each of its rows: in the first, if it was not refused.
HEADS = "snapshot_id, block_id, site, observed_at, time_basis, captured_at, published_at"
PAGES = f"""
    CREATE OR REPLACE TEMP TABLE pages AS
    WITH firsts AS (SELECT DISTINCT {HEADS} FROM quotes {{which}} WHERE rank = 1)
    FROM firsts UNION ALL
    SELECT DISTINCT ON (snapshot_id) {HEADS} FROM quotes
        SEMI JOIN (FROM todo ANTI JOIN firsts USING (snapshot_id)) USING (snapshot_id)
"""
QUEUE = """
    CREATE OR REPLACE TEMP TABLE queue AS
    SELECT snapshot_id, observed_at, row_number() OVER (
        ORDER BY time_basis NOT IN ('given', 'stated', 'capture'), observed_at, snapshot_id) AS nth FROM pages
"""
# Between which moments another dated snapshot would tell more: around its time, where its prices fit, or anywhere.
DONE = f"""
    INSERT INTO reconciled
    WITH sizes AS (SELECT list, count(*) AS coins FROM lists GROUP BY list),
    ends AS (SELECT list, min(first) AS first, max(last) AS last FROM fits GROUP BY list),
    reaches AS (
        SELECT *, CASE WHEN snapshot_id IN (SELECT snapshot_id FROM lost) THEN {PLACES_APART} WHEN {neighbours.DATED}
            THEN {BESIDE} END AS days, NOT {neighbours.DATED} AND first IS NULL AND coins >= {LEAST} AS anywhere
        FROM pages AS quotes SEMI JOIN batch USING (snapshot_id) LEFT JOIN sizes ON sizes.list = snapshot_id
            LEFT JOIN ends ON ends.list = snapshot_id)
    SELECT snapshot_id, least(CASE WHEN anywhere THEN '-infinity' ELSE observed_at - to_days(days) END, first),
        greatest(CASE WHEN anywhere THEN 'infinity' ELSE observed_at + to_days(days) END, last)
    FROM reaches
"""


def reconcile(
    con: Connection,
    atlas: Atlas,
    within: float | None,
    batch: int,
    on_progress: Callable[[int, int], object],
) -> dict[str, int]:
    """Bring `findings` up to the rows there are. Returns how many findings of each kind were made.

    within       days: how wide a span by prices may be to stand for a time in the view; None: as it was
    batch        snapshots in a transaction
    on_progress  is told how many snapshots of how many are done
    """
    con.execute(f"SET memory_limit = '{MEMORY}'")
    _begin(con, _rules(atlas), within)
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


def keep_up(con: Connection, atlas: Atlas, most: int) -> dict[str, int] | None:
    """Bring the findings of a reconciled store up to what is new in it. None where they stay behind: they were made by other
    rules or another table of costs, or more than `most` snapshots are new."""
    if con.execute("SELECT rules FROM reconciling").fetchall() != [(_rules(atlas),)]:
        return None
    if value(con, f"SELECT count(*) FROM ({NEW})") > most:
        return None
    return reconcile(con, atlas, None, most, lambda done, total: None)


def _rules(atlas: Atlas) -> str:
    """What findings are made by."""
    return f"{RULES} {atlas.name}"


def _begin(con: Connection, rules: str, within: float | None) -> None:
    """The tables and the view; what is out of date is forgotten; `todo`."""
    con.begin()
    for statement in findings.SCHEMA:
        con.execute(statement)
    if within is not None:
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
    con.execute(QUEUE)
    neighbours.lay_out(con, *_window(con), atlas.step)
    alike.lay_out(con)
    names.lay_out(con)


def _window(con: Connection) -> tuple[datetime, datetime]:
    """Between which moments dated snapshots matter: around the times of those to do, and where the prices of others fit."""
    con.execute("CREATE OR REPLACE TEMP TABLE doubted (snapshot_id VARCHAR)")
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE batch AS SELECT snapshot_id FROM pages AS quotes WHERE NOT {neighbours.DATED}"
    )
    if value(con, "SELECT count(*) FROM batch") > FEW:
        return datetime(1970, 1, 1), datetime(2262, 1, 1)
    (seen,) = con.execute(
        f"SELECT min(observed_at), max(observed_at) FROM pages AS quotes WHERE {neighbours.DATED}"
    ).fetchall()
    known = sorted(moment for moment in (*seen, *times.ends(con)) if moment)
    first, last = (known[0], known[-1]) if known else (datetime(1970, 1, 1), datetime(1970, 1, 1))
    return first - timedelta(days=REACH + 2), last + timedelta(days=REACH + 2)


def _batch(con: Connection, first: int, last: int, unit: str) -> dict[str, int]:
    chosen = "SELECT * FROM queue WHERE nth > ? AND nth <= ?"
    con.execute(f"CREATE OR REPLACE TEMP TABLE batch AS {chosen}", [first, last])
    before: Any = con.execute("SELECT kind, count(*) FROM findings GROUP BY kind").fetchall()
    times.judge(con, unit)
    alike.count(con)
    neighbours.compare(con)
    names.guess(con)
    con.execute(DONE)
    after = Counter(dict(con.execute("SELECT kind, count(*) FROM findings GROUP BY kind").fetchall()))
    after.subtract(dict(before))
    return {kind: count for kind, count in after.items() if count}
