"""Which reading of a block stands, of all that a capture's snapshots tell.

What stands depends on the readings alone, never on the order in which they came: those that are there and those that were
superseded are weighed anew whenever one joins or leaves them.

1. Of one source only what its newest reader found can stand: of the same text, of a file that a newer reader went
   through to its end, and where no file is known of what is called the same. Exports do not say who read: what they bring
   is nobody's elder.
2. The reading that tells most stands: more rows, more values, a layout before the finder, a newer reader, the better
   evidence for its time, fewer doubts.
3. It supersedes every reading of the same block, and so on with what is left.

Two readings are of the same block if they overlap in the same text. In two texts they are if most of the coins and prices
of both agree; or most of the shorter one's, where no other block of either text fits better: the ticker in a page's head
may show three coins of its long list.
"""

from __future__ import annotations

from datetime import UTC, datetime

from ..model import GENERIC, READ_DIFFERENTLY, TIME_BASES
from .file import Connection
from .queries import value
from .tables import DIGEST, SNAPSHOT_LIST

SLICE = 20_000  # captures weighed at a time, so that memory is bounded

# Every snapshot that ever was read and not forgotten.
EVERY = f"""
    SELECT {SNAPSHOT_LIST}, true AS stood, NULL AS superseded_by FROM snapshots
    UNION ALL SELECT {SNAPSHOT_LIST}, false, superseded_by FROM superseded_snapshots
"""
# The newest reader that went through a source to its end, by all names that snapshots have for the source.
READ = """
    SELECT origin, max(read_by) AS newest FROM (
        SELECT fingerprint AS origin, read_by FROM sources UNION ALL SELECT origin, read_by FROM sources) GROUP BY ALL
"""
# Captures to weigh: those that something joined, and those of which a newer reader did not find a snapshot again. Blocks
# that one reader saw side by side in one text have no quarrel.
CONTESTED = f"""
    CREATE TEMP TABLE contested AS
    WITH joined AS (
        SELECT DISTINCT capture_id FROM (
            SELECT capture_id FROM fresh GROUP BY ALL HAVING count(*) > 1
            UNION ALL SELECT capture_id FROM fresh SEMI JOIN (FROM snapshots ANTI JOIN fresh USING (snapshot_id))
                USING (capture_id)
            UNION ALL SELECT capture_id FROM fresh SEMI JOIN superseded_snapshots USING (capture_id)
            UNION ALL SELECT capture_id FROM snapshots SEMI JOIN raised USING (snapshot_id)
            UNION ALL SELECT capture_id FROM superseded_snapshots SEMI JOIN raised USING (snapshot_id)
            UNION ALL SELECT capture_id FROM snapshots JOIN ({READ}) USING (origin) WHERE newest > read_by)),
    seen AS (
        SELECT *, begins < lag(ends) OVER (PARTITION BY capture_id ORDER BY begins, ends) AS crossed
        FROM ({EVERY}) SEMI JOIN joined USING (capture_id) LEFT JOIN ({READ}) USING (origin))
    SELECT capture_id, (row_number() OVER () - 1) // {SLICE} AS slice FROM (
        SELECT capture_id FROM seen GROUP BY capture_id
        HAVING NOT coalesce(bool_and(stood AND NOT coalesce(newest > read_by, false)) AND (count(*) = 1
            OR count(text_id) = count(*) AND min(text_id) = max(text_id) AND count(read_by) = count(*)
            AND min(read_by) = max(read_by) AND NOT coalesce(bool_or(crossed), false)), false))
"""
RIVALS = f"""
    CREATE OR REPLACE TEMP TABLE rivals AS
    FROM ({EVERY}) SEMI JOIN (FROM contested WHERE slice = $slice) USING (capture_id)
"""
TOLD = f"""
    CREATE OR REPLACE TEMP TABLE told AS
    SELECT snapshot_id, rank, source, layout, time_basis, observed_at, published_at, name, symbol, currency, price,
        change_pct, change_abs, change_window, len(flags) - list_contains(flags, '{READ_DIFFERENTLY}')::INTEGER AS doubts
    FROM (SELECT * FROM quotes UNION ALL SELECT * FROM superseded) SEMI JOIN rivals USING (snapshot_id)
"""
VALUES = " + ".join(
    f"count({name})"
    for name in (
        *("name", "symbol", "currency", "change_pct", "change_abs", "change_window"),
        *("observed_at", "published_at"),
    )
)
RANKED = f"""
    CREATE OR REPLACE TEMP TABLE ranked AS
    WITH tells AS (
        SELECT snapshot_id, any_value(source) AS source, any_value(layout) = '{GENERIC}' AS found, count(*) AS lines,
            {VALUES} AS cells, list_position({list(TIME_BASES)}, any_value(time_basis)) AS basis, sum(doubts) AS doubts
        FROM told GROUP BY snapshot_id),
    aged AS (
        SELECT *, coalesce(text_id::VARCHAR, source) AS part,
            coalesce(read_by < newest, false)
                OR text_id IS NOT NULL AND read_by < max(read_by) OVER (PARTITION BY capture_id, text_id)
                OR origin IS NULL AND coalesce(read_by < max(read_by) OVER (PARTITION BY capture_id, source), false)
                AS outdone
        FROM rivals JOIN tells USING (snapshot_id) LEFT JOIN ({READ}) USING (origin))
    SELECT *, row_number() OVER (PARTITION BY capture_id
        ORDER BY outdone, lines DESC, cells DESC, found, read_by DESC NULLS LAST, basis, doubts, snapshot_id) AS place
    FROM aged
"""
ALIKE = "(one.symbol = other.symbol OR one.name = other.name)"
NAMELESS = "(coalesce(one.symbol, one.name) IS NULL OR coalesce(other.symbol, other.name) IS NULL)"
SAME = f"""
    CREATE OR REPLACE TEMP TABLE same AS
    WITH shared AS (
        SELECT one.snapshot_id AS one, other.snapshot_id AS other,
            least(count(DISTINCT one.rank), count(DISTINCT other.rank)) AS agreed
        FROM (FROM told JOIN (SELECT snapshot_id, capture_id FROM ranked) USING (snapshot_id)) AS one
        JOIN (FROM told JOIN (SELECT snapshot_id, capture_id FROM ranked) USING (snapshot_id)) AS other
            ON one.capture_id = other.capture_id AND one.price = other.price AND one.snapshot_id <> other.snapshot_id
            AND ({ALIKE} OR {NAMELESS})
        GROUP BY ALL),
    pairs AS (
        SELECT one.snapshot_id AS one, other.snapshot_id AS other, one.part <> other.part AS apart, one.place < other.place
            AS first, one.outdone OR other.outdone AS late, coalesce(one.text_id = other.text_id, false) AS together,
            together AND one.begins < other.ends AND other.begins < one.ends AS crossing, coalesce(agreed, 0) AS agreed,
            agreed / (one.lines + other.lines - agreed) AS likeness, least(one.lines, other.lines) AS shorter,
            greatest(one.lines, other.lines) AS longer, other.part AS part
        FROM ranked AS one JOIN ranked AS other ON one.capture_id = other.capture_id AND one.snapshot_id <> other.snapshot_id
        LEFT JOIN shared ON shared.one = one.snapshot_id AND shared.other = other.snapshot_id),
    best AS (
        SELECT one, other FROM pairs WHERE NOT late AND apart AND NOT together AND agreed > 0
        QUALIFY likeness = max(likeness) OVER (PARTITION BY one, part))
    SELECT one, other FROM pairs
    WHERE first AND CASE WHEN together THEN crossing ELSE agreed * 2 > longer OR agreed * 2 > shorter AND apart AND (late
        OR (one, other) IN (SELECT (one, other) FROM best) AND (one, other) IN (SELECT (other, one) FROM best)) END
"""
FATES = (
    "CREATE OR REPLACE TEMP TABLE undecided AS SELECT snapshot_id, capture_id, place, outdone FROM ranked",
    "CREATE OR REPLACE TEMP TABLE stands (snapshot_id VARCHAR)",
    "CREATE OR REPLACE TEMP TABLE fates (snapshot_id VARCHAR, superseded_by VARCHAR)",
)
ROUND = (
    """CREATE OR REPLACE TEMP TABLE won AS
        SELECT arg_min(snapshot_id, place) AS snapshot_id FROM undecided WHERE NOT outdone GROUP BY capture_id""",
    "INSERT INTO stands FROM won",
    """INSERT INTO fates SELECT undecided.snapshot_id, won.snapshot_id FROM undecided
        JOIN same ON same.other = undecided.snapshot_id JOIN won ON same.one = won.snapshot_id""",
    "DELETE FROM undecided WHERE snapshot_id IN (FROM won UNION ALL SELECT snapshot_id FROM fates)",
)
LOST = """
    CREATE OR REPLACE TEMP TABLE losing AS FROM fates SEMI JOIN (FROM rivals WHERE stood) USING (snapshot_id)
"""
BACK = """
    CREATE OR REPLACE TEMP TABLE coming AS
    SELECT snapshot_id FROM rivals SEMI JOIN stands USING (snapshot_id) WHERE NOT stood
"""
WITHOUT = f"* REPLACE (list_filter(flags, lambda flag: flag <> '{READ_DIFFERENTLY}') AS flags)"
OUT = (
    f"INSERT INTO superseded SELECT {WITHOUT} FROM quotes SEMI JOIN losing USING (snapshot_id)",
    f"""INSERT INTO superseded_snapshots
        SELECT {SNAPSHOT_LIST}, superseded_by, $now FROM snapshots JOIN losing USING (snapshot_id)""",
    "DELETE FROM quotes WHERE snapshot_id IN (SELECT snapshot_id FROM losing)",
    "DELETE FROM snapshots WHERE snapshot_id IN (SELECT snapshot_id FROM losing)",
)
IN = (
    "INSERT INTO quotes FROM superseded SEMI JOIN coming USING (snapshot_id)",
    f"INSERT INTO snapshots SELECT {SNAPSHOT_LIST} FROM superseded_snapshots SEMI JOIN coming USING (snapshot_id)",
    "DELETE FROM superseded WHERE snapshot_id IN (FROM coming)",
    "DELETE FROM superseded_snapshots WHERE snapshot_id IN (FROM coming)",
)
OUTDONE = """UPDATE superseded_snapshots SET superseded_by = fates.superseded_by FROM fates
        WHERE superseded_snapshots.snapshot_id = fates.snapshot_id
            AND superseded_snapshots.superseded_by IS DISTINCT FROM fates.superseded_by"""
# The same coin, and no price of it that both readings have.
DIFFER = f"""
    CREATE OR REPLACE TEMP TABLE differ AS
    SELECT DISTINCT snapshot_id FROM (
        SELECT one.snapshot_id FROM fates
        JOIN told AS one ON one.snapshot_id = fates.superseded_by
        JOIN told AS other ON other.snapshot_id = fates.snapshot_id AND {ALIKE}
        GROUP BY one.snapshot_id, other.snapshot_id, coalesce(one.symbol, one.name)
        HAVING NOT bool_or(one.price = other.price))
"""
TURNED = f"""
    CREATE OR REPLACE TEMP TABLE turned AS
    SELECT DISTINCT snapshot_id FROM quotes SEMI JOIN stands USING (snapshot_id)
    WHERE list_contains(flags, '{READ_DIFFERENTLY}') <> (snapshot_id IN (FROM differ))
"""
FLAGGED = f"""
    UPDATE quotes SET flags = CASE WHEN list_contains(flags, '{READ_DIFFERENTLY}')
        THEN list_filter(flags, lambda flag: flag <> '{READ_DIFFERENTLY}')
        ELSE list_sort(list_append(flags, '{READ_DIFFERENTLY}')) END
    WHERE snapshot_id IN (FROM turned)
"""
CHECKSUM = """
    UPDATE {0}snapshots SET checksum = now.checksum FROM ({1}) AS now
    WHERE {0}snapshots.snapshot_id = now.snapshot_id
"""


def contest(con: Connection) -> None:
    """Make `contested`, the captures to weigh, after `fresh` was stored and listed and `raised` noted."""
    con.execute(CONTESTED)


def settle(con: Connection) -> None:
    """Move the readings of `contested` captures that no longer stand, and those that stand again.

    Makes `lost`: what was moved out of the way, and what superseded it.
    """
    con.execute("CREATE TEMP TABLE lost (snapshot_id VARCHAR, superseded_by VARCHAR)")
    slices: int = value(con, "SELECT coalesce(max(slice) + 1, 0)::INTEGER FROM contested")
    for part in range(slices):
        _weigh(con, part)
        _move(con)
        con.execute("INSERT INTO lost FROM losing")


def _weigh(con: Connection, part: int) -> None:
    """Make `stands` and `fates`: which of the readings of some captures stand, and what supersedes the others."""
    con.execute(RIVALS, {"slice": part})
    for statement in (TOLD, RANKED, SAME, *FATES):
        con.execute(statement)
    while con.execute("FROM undecided WHERE NOT outdone LIMIT 1").fetchall():
        for statement in ROUND:
            con.execute(statement)
    con.execute("INSERT INTO fates SELECT snapshot_id, NULL FROM undecided")


def _move(con: Connection) -> None:
    """Put the readings where they belong, and flag those that another contradicts."""
    now = datetime.now(UTC).replace(tzinfo=None)
    con.execute(LOST)
    con.execute(BACK)
    # Never an INSERT of no row: in DuckDB 2.0.0 a later one of more than a row group in the same transaction is not seen
    # before a checkpoint then, and lost with the process.
    for moved, statements in (("losing", OUT), ("coming", IN)):
        if con.execute(f"FROM {moved} LIMIT 1").fetchall():
            for statement in statements:
                con.execute(statement, {"now": now} if "$now" in statement else None)
    con.execute(OUTDONE)
    con.execute(DIFFER)
    con.execute(TURNED)
    con.execute(FLAGGED)
    for kind, moved in (("", "turned"), ("superseded_", "losing")):
        quotes = f"(FROM {kind.removesuffix('_') or 'quotes'} SEMI JOIN {moved} USING (snapshot_id))"
        con.execute(CHECKSUM.format(kind, DIGEST.format(quotes)))
