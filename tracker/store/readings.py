"""Who read what where: what is told beside the quotes of a snapshot, and by what a capture from before is known again.

`met` holds it of what is being added, one row per snapshot: nothing, where an export brings the quotes. `fresh` holds the
snapshots that are new.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..model import Block
from .file import Connection
from .tables import OLDEST, OWN_CAPTURE, SNAPSHOT_LIST

Mark = tuple[str, str, int]  # of a source that was read to its end: fingerprint, origin, and by which READER

MADE = """
    CREATE TEMP TABLE told_by (snapshot_id VARCHAR, read_by INTEGER, origin VARCHAR, text VARCHAR, begins INTEGER,
        ends INTEGER)
"""
# Of one snapshot met several times the newest reading is kept, by a rule that does not ask which came first.
MET = """
    CREATE TEMP TABLE met AS
    SELECT snapshot_id, read_by, origin, md5_number_lower(text) AS text_id, begins, ends FROM told_by
    QUALIFY row_number() OVER (PARTITION BY snapshot_id ORDER BY read_by DESC, coalesce(origin, '') DESC, text, begins) = 1
"""
RAISED = """
    CREATE TEMP TABLE raised AS SELECT met.* FROM met JOIN (
        SELECT snapshot_id, read_by, origin FROM snapshots
        UNION ALL SELECT snapshot_id, read_by, origin FROM superseded_snapshots) AS kept USING (snapshot_id)
    WHERE (met.read_by, coalesce(met.origin, '')) > (coalesce(kept.read_by, -1), coalesce(kept.origin, ''))
"""
RAISE = """
    UPDATE {0} SET read_by = raised.read_by, origin = raised.origin, text_id = raised.text_id, begins = raised.begins,
        ends = raised.ends
    FROM raised WHERE {0}.snapshot_id = raised.snapshot_id
"""
LISTED = f"""
    INSERT INTO snapshots
    SELECT {SNAPSHOT_LIST} FROM fresh LEFT JOIN met USING (snapshot_id)
"""
ENDED = """
    CREATE TEMP TABLE ended AS SELECT DISTINCT * FROM (
        SELECT unnest(?::VARCHAR[]) AS fingerprint, unnest(?::VARCHAR[]) AS origin, unnest(?::INTEGER[]) AS read_by)
"""
SURPASSED = """
    DELETE FROM sources USING ended
    WHERE sources.fingerprint = ended.fingerprint AND sources.read_by < ended.read_by
"""
MARKED = "INSERT INTO sources FROM ended ANTI JOIN sources USING (fingerprint)"
# A snapshot from before ids told their capture, of a page without address or time, is of the capture that is read now
# from the same source, if every price of the shorter one is in the other.
ORPHAN = f"read_by = {OLDEST} AND capture_id = {OWN_CAPTURE}"
ADOPTED = f"""
    UPDATE snapshots SET capture_id = adopted.capture_id FROM (
        WITH mine AS (
            SELECT snapshot_id, any_value(source) AS source, list(DISTINCT price) AS prices FROM given
            SEMI JOIN fresh USING (snapshot_id) WHERE url IS NULL OR captured_at IS NULL GROUP BY snapshot_id),
        theirs AS (
            SELECT snapshot_id, any_value(source) AS source, list(DISTINCT price) AS prices FROM quotes
            SEMI JOIN (FROM snapshots WHERE {ORPHAN}) USING (snapshot_id)
            SEMI JOIN mine USING (source) GROUP BY snapshot_id)
        SELECT theirs.snapshot_id, min(fresh.capture_id) AS capture_id
        FROM theirs JOIN mine USING (source) JOIN fresh ON fresh.snapshot_id = mine.snapshot_id
        WHERE len(list_intersect(theirs.prices, mine.prices)) = least(len(theirs.prices), len(mine.prices))
        GROUP BY ALL) AS adopted
    WHERE snapshots.snapshot_id = adopted.snapshot_id
"""
# The same rows under the name that an older program gave them are no other reading.
TWINS = f"""
    CREATE TEMP TABLE twins AS
    SELECT fresh.snapshot_id, kept.snapshot_id AS older FROM fresh
    JOIN (FROM snapshots WHERE read_by = {OLDEST}) AS kept USING (capture_id, checksum, quotes)
    JOIN (SELECT snapshot_id, any_value(block_id) AS block_id FROM given GROUP BY ALL) AS new
        ON new.snapshot_id = fresh.snapshot_id
    JOIN (SELECT snapshot_id, any_value(block_id) AS block_id FROM quotes
        SEMI JOIN (FROM snapshots SEMI JOIN fresh USING (capture_id, checksum)) USING (snapshot_id) GROUP BY ALL) AS old
        ON old.snapshot_id = kept.snapshot_id AND old.block_id = new.block_id
"""
OLD = f"FROM snapshots WHERE read_by = {OLDEST} LIMIT 1"


def tell(con: Connection, blocks: Iterable[Block]) -> None:
    """Make `met`: who read the blocks, and where."""
    con.execute(MADE)
    told = [(b.snapshot_id, b.read_by, b.origin, b.content_id, b.start, b.end) for b in blocks]
    with con.appender("told_by") as appender:
        appender.append_rows(told)
    con.execute(MET)


def settle_names(con: Connection) -> None:
    """Hold `fresh` against what was stored before ids told their capture; what is the same is taken out of it."""
    if not con.execute(OLD).fetchall() or not con.execute("FROM fresh LIMIT 1").fetchall():
        return
    if con.execute(f"FROM snapshots WHERE {ORPHAN} LIMIT 1").fetchall():
        con.execute(ADOPTED)
    con.execute(TWINS)
    con.execute("DELETE FROM fresh WHERE snapshot_id IN (SELECT snapshot_id FROM twins)")
    con.execute("UPDATE met SET snapshot_id = older FROM twins WHERE met.snapshot_id = twins.snapshot_id")


def record(con: Connection, ended: Iterable[Mark]) -> bool:
    """List `fresh`, note of what is known that it was read again, and mark the sources that were read to their end.

    Returns whether anything came of it.
    """
    con.execute(LISTED)
    con.execute(RAISED)
    if raised := bool(con.execute("FROM raised LIMIT 1").fetchall()):
        for table in ("snapshots", "superseded_snapshots"):
            con.execute(RAISE.format(table))
    if marks := [*ended]:
        con.execute(ENDED, [[mark[at] for mark in marks] for at in range(3)])
        con.execute(SURPASSED)
        con.execute(MARKED)
    return raised or bool(marks) or bool(con.execute("FROM fresh LIMIT 1").fetchall())
