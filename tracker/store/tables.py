"""The tables of a store, the rules they keep, and the checksum of a snapshot.

    quotes          the tidy table: one row per coin per snapshot, the columns of model.COLUMNS, times in UTC
    snapshots       one row per snapshot: what it is checked by, its capture, and who read it where (see SNAPSHOT)
    superseded      the quotes of readings that another took the place of: columns as in quotes
    superseded_snapshots  the same of snapshots, with what took their place (null: nothing did, a newer reader found no
                    such block) and when
    sources         the sources that were read to their end: fingerprint, origin, and the newest reader that did
    tracker_schema  the version of all this

There is no key index: on tens of millions of rows it would cost more than the load. One writer at a time and an
anti-join with `snapshots` keep identities single, and `check` proves it.
"""

from __future__ import annotations

from ..frame import NAMES
from ..model import (
    CAPTURE_DIGITS,
    COLUMNS,
    PERCENT_DIGITS,
    PERCENT_PLACES,
    PRICE_DIGITS,
    PRICE_PLACES,
    TIME_BASES,
)

VERSION = 2

TYPES = {
    "text": "VARCHAR",
    "time": "TIMESTAMP",
    "integer": "INTEGER",
    "price": f"DECIMAL({PRICE_DIGITS},{PRICE_PLACES})",
    "percent": f"DECIMAL({PERCENT_DIGITS},{PERCENT_PLACES})",
    "texts": "VARCHAR[]",
}
COLUMN_LIST = ", ".join(NAMES)
REQUIRED = ("snapshot_id", "block_id", "time_basis", "source", "layout", "rank", "price", "row_text", "flags")
RULES = {
    **{f"{name} must be given": f"{name} IS NOT NULL" for name in REQUIRED},
    "a price must be above zero": "price > 0",
    "a percent must not be below -100": "change_pct >= -100",
    "a rank must be 1 or more": "rank >= 1",
    "a time basis must be a known one": f"time_basis IN {TIME_BASES}",
    "a time must be there if and only if there is evidence for it": "(observed_at IS NULL) = (time_basis = 'none')",
    "a time must be finite": "isfinite(observed_at) AND isfinite(captured_at) AND isfinite(published_at)",
}

# quotes, checksum   see DIGEST
# capture_id         see captures.CAPTURE
# read_by            the newest READER that read it so; null if an export brought it, 0 from before readers had numbers
# origin             by what the source is known that it was read from (the content; for a layout's block also the orders)
# text_id, begins, ends  where it stands in which text of its page; null if an export brought it
SNAPSHOT = {
    "snapshot_id": "VARCHAR NOT NULL",
    "quotes": "INTEGER NOT NULL",
    "checksum": "UHUGEINT NOT NULL",
    "capture_id": "VARCHAR NOT NULL",
    "read_by": "INTEGER",
    "origin": "VARCHAR",
    "text_id": "UBIGINT",
    "begins": "INTEGER",
    "ends": "INTEGER",
}
SNAPSHOT_LIST = ", ".join(SNAPSHOT)
_SNAPSHOT = ", ".join(f"{name} {kind}" for name, kind in SNAPSHOT.items())
_QUOTES = ", ".join(f"{c.name} {TYPES[c.kind]}{' NOT NULL' * (c.name in REQUIRED)}" for c in COLUMNS)
SUPERSEDED = (
    f"CREATE TABLE superseded ({_QUOTES})",
    f"CREATE TABLE superseded_snapshots ({_SNAPSHOT}, superseded_by VARCHAR, superseded_at TIMESTAMP NOT NULL)",
)
SOURCES = (
    "CREATE TABLE sources (fingerprint VARCHAR NOT NULL, origin VARCHAR NOT NULL, read_by INTEGER NOT NULL)"
)

QUOTES = (
    "CREATE TABLE quotes ({}, {})".format(_QUOTES, ", ".join(f"CHECK ({rule})" for rule in RULES.values())),
    *(f"COMMENT ON COLUMN quotes.{c.name} IS $${c.meaning}$$" for c in COLUMNS),
)
SCHEMA = (
    *QUOTES,
    f"CREATE TABLE snapshots ({_SNAPSHOT})",
    *SUPERSEDED,
    SOURCES,
    "CREATE TABLE tracker_schema (version INTEGER NOT NULL)",
    f"INSERT INTO tracker_schema VALUES ({VERSION})",
)

# What was taken, as model.Block has it: of an address and a time computed anew, else the id's own first digits.
CAPTURE = f"""
    CASE WHEN url IS NOT NULL AND captured_at IS NOT NULL
        THEN left(sha256(url || chr(10) || epoch_us(captured_at)), {CAPTURE_DIGITS})
        ELSE left(snapshot_id, {CAPTURE_DIGITS}) END
"""
# What the quotes of a snapshot are checked by. block_id stands for the printed names, currencies and figures, and both
# ids are computed anew by `check`; the rest goes into the checksum, by MD5: the same in every version of DuckDB.
# `twice` asks for a closer look: a rank or a source that is not the only one.
SHARED = ("observed_at", "time_basis", "captured_at", "published_at", "source", "layout")
DIGEST = """
    SELECT * EXCLUDE (url, captured_at), {} AS capture_id FROM (
        SELECT snapshot_id, count(*)::INTEGER AS quotes,
            xor(md5_number(concat_ws('|', {})), bit_xor(md5_number(concat_ws('|', rank, coalesce(symbol, ''), row_text,
                coalesce(change_window, ''), array_to_string(flags, ' '))))) AS checksum,
            list_unique(list(rank)) < count(*) OR min(source) <> max(source) AS twice,
            any_value(url) AS url, any_value(captured_at) AS captured_at
        FROM {{}} GROUP BY snapshot_id)
""".format(CAPTURE, ", ".join(f"coalesce(any_value({name})::VARCHAR, '')" for name in SHARED))

# Of a snapshot from before ids told their capture, and of a page without address or time, nothing tells it: for the
# time being it has one of its own (see adding.ADOPTED).
OWN_CAPTURE = f"left(sha256(snapshot_id), {CAPTURE_DIGITS})"
OLDEST = 0  # read_by of what was stored before readers had numbers

# A version: the statements that lead from it to the next. The marks of version 1 rest on the program's own files: no
# reader will ever know them again.
MIGRATIONS: dict[int, tuple[str, ...]] = {
    1: (
        "ALTER TABLE snapshots RENAME TO listed",
        f"CREATE TABLE snapshots ({_SNAPSHOT})",
        f"""INSERT INTO snapshots
            SELECT snapshot_id, any_value(listed.quotes), any_value(checksum),
                any_value(CASE WHEN url IS NULL OR captured_at IS NULL THEN {OWN_CAPTURE} ELSE {CAPTURE} END),
                {OLDEST}, NULL, NULL, NULL, NULL
            FROM listed LEFT JOIN quotes USING (snapshot_id) GROUP BY snapshot_id""",
        "DROP TABLE listed",
        *SUPERSEDED,
        "DROP TABLE sources",
        SOURCES,
        # `given-day` became a time basis; DuckDB cannot alter a rule of a table.
        "ALTER TABLE quotes RENAME TO older",
        *QUOTES,
        f"INSERT INTO quotes SELECT {COLUMN_LIST} FROM older",
        "DROP TABLE older",
    )
}
# What a version lacks is empty to those who only read: nothing is migrated for them. {} is the store's own catalog.
STAND_INS: dict[int, tuple[str, ...]] = {
    1: (
        *(made.replace("CREATE TABLE", "CREATE TEMP TABLE") for made in (*SUPERSEDED, SOURCES)),
        f"""CREATE TEMP VIEW snapshots AS SELECT *, NULL AS capture_id, {OLDEST} AS read_by, NULL AS origin,
            NULL AS text_id, NULL AS begins, NULL AS ends FROM {{}}.main.snapshots""",
    )
}
