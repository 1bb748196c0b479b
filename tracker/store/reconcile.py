"""What rows say about one another, put into `findings`: new snapshots, and those that new ones tell more of.

One transaction a batch of snapshots: what was done before an end is kept, and the next run goes on from there. Made
anew altogether where the rules or the table of costs changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from ..market.atlas import Atlas
from ..market.margins import BESIDE, LEAST, PLACES_APART, REACH
from . import alike, costs, findings, names, neighbours, times
from .file import Connection
from .queries import value

RULES = 1  # goes up when the same rows and costs give other findings
FEW = 2000  # undated lists up to this are looked at beforehand, for what they need of the store
ALWAYS = datetime(1970, 1, 1), datetime(2262, 1, 1)
FEW_TODO = 20_000  # the rows of so many snapshots are taken out of the store
MEMORY = "1500MB"  # beyond it DuckDB goes on on disk

# Which snapshots: those not looked at yet, and those within whose reach something came or went.
NEW = "SELECT snapshot_id FROM snapshots ANTI JOIN reconciled USING (snapshot_id)"
CAME = f"CREATE OR REPLACE TEMP TABLE came AS {NEW}"
WENT = "CREATE OR REPLACE TEMP TABLE went AS FROM reconciled ANTI JOIN snapshots USING (snapshot_id)"
# None went where all that are listed came or were looked at: that is counted sooner than looked for.
SOME_WENT = """
    SELECT (SELECT count(*) FROM snapshots) <> (SELECT count(*) FROM came) + (SELECT count(*) FROM reconciled)
"""
STALE = """
    CREATE OR REPLACE TEMP TABLE stale AS
    WITH moved AS (
        SELECT DISTINCT date_trunc('hour', observed_at) AS since, since AS until
        FROM quotes SEMI JOIN came USING (snapshot_id)
        WHERE observed_at IS NOT NULL AND time_basis IN ('given', 'stated', 'capture')
        UNION ALL SELECT first AS since, last AS until FROM went WHERE first IS NOT NULL)
    SELECT snapshot_id FROM reconciled, (SELECT min(since) AS since, max(until) AS until FROM moved) AS span
    WHERE span.since <= last AND span.until >= first
        AND EXISTS (SELECT 1 FROM moved WHERE moved.since <= reconciled.last AND moved.until >= reconciled.first)
    UNION SELECT snapshot_id FROM went
"""
TODO = """
    CREATE OR REPLACE TEMP TABLE todo AS
    FROM came UNION SELECT snapshot_id FROM stale ANTI JOIN went USING (snapshot_id)
"""
# The rows to do: where they are few they are looked for once, by their ids alone, and not by each statement.
PLACES = "CREATE OR REPLACE TEMP TABLE places AS SELECT quotes.rowid AS place FROM quotes SEMI JOIN todo USING (snapshot_id)"
FRESH = "CREATE OR REPLACE TEMP TABLE fresh AS SELECT quotes.* FROM quotes SEMI JOIN places ON quotes.rowid = place"
ALL_FRESH = "CREATE OR REPLACE TEMP VIEW fresh AS FROM quotes"
# A snapshot's own columns stand in each of its rows: in the first, if it was not refused.
HEADS = "snapshot_id, block_id, site, observed_at, time_basis, captured_at, published_at"
PAGES = f"CREATE OR REPLACE TEMP TABLE pages AS SELECT DISTINCT {HEADS} FROM fresh {{which}} WHERE rank = 1"
HEADLESS = f"""
    INSERT INTO pages SELECT DISTINCT ON (snapshot_id) {HEADS} FROM fresh
        SEMI JOIN (FROM todo ANTI JOIN pages USING (snapshot_id)) USING (snapshot_id)
"""
QUEUE = f"""
    CREATE OR REPLACE TEMP TABLE queue AS
    SELECT snapshot_id, observed_at, {neighbours.DATED} AS dated,
        row_number() OVER (ORDER BY NOT dated, observed_at, snapshot_id) AS nth FROM pages AS quotes
"""
# Where several statements of a transaction put rows into a table, one of them more than some 120,000, DuckDB 2.0 shows none
# of them before the next checkpoint, and loses them if there is none: so they are made apart and put there by one.
MADE = "CREATE OR REPLACE TEMP TABLE made AS FROM findings LIMIT 0"
# Between which moments another dated snapshot would tell more: around its time, where its prices fit, or anywhere.
DONE = f"""
    INSERT INTO reconciled
    WITH sizes AS (SELECT list, count(*) AS coins FROM lists GROUP BY list),
    ends AS (SELECT list, min(first) AS first, max(last) AS last FROM fits GROUP BY list),
    reaches AS (
        SELECT *, CASE WHEN snapshot_id IN (SELECT snapshot_id FROM lost) THEN {PLACES_APART}
            WHEN dated THEN {BESIDE} END AS days, NOT dated AND first IS NULL AND coins >= {LEAST} AS anywhere
        FROM batch LEFT JOIN sizes ON sizes.list = snapshot_id LEFT JOIN ends ON ends.list = snapshot_id)
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
    if not total:
        return {}
    everything = total == value(con, "SELECT count(*) FROM snapshots")
    _prepare(con, atlas, total, everything)
    unit, made = "weeks" if atlas.step == 7 else "days", Counter[str]()
    for done in range(0, total, batch):
        made.update(_batch(con, done, done + batch, unit, everything))
        con.begin()
        con.execute("INSERT INTO findings FROM made")
        con.execute(DONE)
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
    _forget(con)
    con.execute(TODO)
    con.commit()


def _forget(con: Connection) -> None:
    """Forget what was found of snapshots within whose reach something came or went. Makes `came`, `went` and `stale`."""
    con.execute(CAME)
    con.execute(WENT if value(con, SOME_WENT) else f"{WENT} LIMIT 0")
    changed = value(con, "SELECT EXISTS (FROM came) OR EXISTS (FROM went)")
    looked_at = value(con, "SELECT count(*) FROM reconciled")
    con.execute(STALE if changed and looked_at else f"{STALE} LIMIT 0")
    if value(con, "SELECT count(*) FROM stale"):
        for table in ("findings", "reconciled"):
            con.execute(f"DELETE FROM {table} WHERE snapshot_id IN (FROM stale)")


def _prepare(con: Connection, atlas: Atlas, total: int, everything: bool) -> None:
    """The temporary tables that all batches look at."""
    few = total <= FEW_TODO and not everything
    which = "" if few or everything else "SEMI JOIN todo USING (snapshot_id)"
    for statement in (PLACES, FRESH) if few else (ALL_FRESH,):
        con.execute(statement)
    costs.lay_out(con, atlas)
    con.execute(PAGES.format(which=which))
    con.execute(HEADLESS)
    con.execute(QUEUE)
    neighbours.lay_out(con, *(ALWAYS if everything else _window(con)), atlas.step)
    alike.lay_out(con)
    names.lay_out(con, which)


def _window(con: Connection) -> tuple[datetime, datetime]:
    """Between which moments dated snapshots matter: around the times of those to do, and where the prices of others fit."""
    con.execute("CREATE OR REPLACE TEMP TABLE doubted (snapshot_id VARCHAR)")
    con.execute("CREATE OR REPLACE TEMP TABLE batch AS FROM queue WHERE NOT dated")
    if value(con, "SELECT count(*) FROM batch") > FEW:
        return ALWAYS
    (seen,) = con.execute("SELECT min(observed_at), max(observed_at) FROM queue WHERE dated").fetchall()
    known = sorted(moment for moment in (*seen, *times.ends(con)) if moment)
    first, last = (known[0], known[-1]) if known else (datetime(1970, 1, 1), datetime(1970, 1, 1))
    return first - timedelta(days=REACH + 2), last + timedelta(days=REACH + 2)


def _batch(con: Connection, first: int, last: int, unit: str, everything: bool) -> dict[str, int]:
    """Make `made`, the findings of the next snapshots in turn. How many there are of each kind."""
    con.execute(MADE)
    chosen = "SELECT * FROM queue WHERE nth > ? AND nth <= ?"
    con.execute(f"CREATE OR REPLACE TEMP TABLE batch AS {chosen}", [first, last])
    times.judge(con, unit)
    alike.count(con)
    neighbours.compare(con, everything)
    names.guess(con)
    return dict(con.execute("SELECT kind, count(*) FROM made GROUP BY kind").fetchall())
