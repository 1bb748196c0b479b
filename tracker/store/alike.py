"""The same block on many pages of one site within minutes: one observation, shown often. Reads `pages`."""

from __future__ import annotations

from ..market.margins import ALIKE
from .file import Connection

ISLANDS = f"""
    CREATE OR REPLACE TEMP TABLE islands AS
    WITH many AS (SELECT hash(block_id) AS number FROM pages GROUP BY number HAVING count(*) > 1),
    marked AS (
        SELECT snapshot_id, block_id, site, observed_at, coalesce(observed_at - lag(observed_at) OVER same
            > INTERVAL '{ALIKE} minutes', true) AS begins
        FROM pages SEMI JOIN many ON number = hash(block_id)
        WHERE time_basis IN ('given', 'stated', 'capture') AND site IS NOT NULL
        WINDOW same AS (PARTITION BY block_id ORDER BY observed_at, snapshot_id)),
    numbered AS (SELECT *, count(*) FILTER (begins) OVER (PARTITION BY block_id ORDER BY observed_at, snapshot_id) AS island
        FROM marked)
    SELECT snapshot_id, site, first(snapshot_id) OVER one AS head, count(*) OVER (PARTITION BY block_id, island) AS pages,
        first(observed_at) OVER one AS since
    FROM numbered WINDOW one AS (PARTITION BY block_id, island ORDER BY observed_at, snapshot_id)
    QUALIFY pages > 1
"""
ALIKENESS = """
    INSERT INTO made
    SELECT snapshot_id, NULL, 'alike', head || ' ' || pages,
        format('the same block stands on {:d} pages of {} within minutes of {} UTC', pages, site,
            strftime(since, '%Y-%m-%d %H:%M'))
    FROM islands SEMI JOIN batch USING (snapshot_id)
"""


def lay_out(con: Connection) -> None:
    """Make `islands`: each snapshot that is one of several, with the first of them and their number."""
    con.execute(ISLANDS)


def count(con: Connection) -> None:
    """Put into `made` which snapshots of `batch` are one observation with others."""
    con.execute(ALIKENESS)
