"""What leaves the store, on purpose: what a source or a snapshot gave, or all that was superseded."""

from __future__ import annotations

from typing import Any

from . import superseding
from .file import Connection
from .queries import NATURAL, SPAN, Row, table

# Of a source: itself and its records. Readings that were superseded are a source's as well.
OF_SOURCE = "source = $what OR starts_with(source, $what || '#')"
OF_SNAPSHOT = "snapshot_id = $what"
GOING = """
    CREATE TEMP TABLE going AS
    SELECT DISTINCT snapshot_id FROM (SELECT * FROM quotes UNION ALL SELECT * FROM superseded) WHERE {}
"""
SET_ASIDE = "CREATE TEMP TABLE going AS SELECT snapshot_id FROM superseded_snapshots"
GIVEN = f"""
    SELECT source, count(DISTINCT snapshot_id) AS snapshots, count(*) AS quotes, {SPAN}
    FROM (SELECT * FROM quotes UNION ALL SELECT * FROM superseded) SEMI JOIN going USING (snapshot_id)
    GROUP BY source ORDER BY {NATURAL.format("source")}, source
"""
LEFT = f"""
    CREATE TEMP TABLE contested AS
    SELECT DISTINCT capture_id, 0 AS slice FROM ({superseding.EVERY}) SEMI JOIN going USING (snapshot_id)
"""
TABLES = ("quotes", "snapshots", "superseded", "superseded_snapshots")


def source(con: Connection, what: str, commit: bool) -> list[Row]:
    """As Store.forget of a source."""
    return _forget(con, GOING.format(OF_SOURCE), {"what": what}, commit)


def snapshot(con: Connection, what: str, commit: bool) -> list[Row]:
    """As Store.forget of a snapshot."""
    return _forget(con, GOING.format(OF_SNAPSHOT), {"what": what}, commit)


def superseded(con: Connection, commit: bool) -> list[Row]:
    """As Store.forget of what was superseded. What stands is not weighed anew, nor is any source read again for it."""
    con.begin()
    con.execute(SET_ASIDE)
    gone = table(con, GIVEN)
    if commit:
        con.execute("DELETE FROM superseded")
        con.execute("DELETE FROM superseded_snapshots")
    con.commit()
    return gone


def _forget(con: Connection, going: str, what: dict[str, Any], commit: bool) -> list[Row]:
    """Remove `going` in one transaction; what it had superseded stands again."""
    con.begin()
    con.execute(going, what)
    gone = table(con, GIVEN)
    if commit and gone:
        con.execute(LEFT)
        for name in TABLES:
            con.execute(f"DELETE FROM {name} WHERE snapshot_id IN (FROM going)")
        superseding.settle(con)
        con.execute("DELETE FROM sources")
    con.commit()
    return gone
