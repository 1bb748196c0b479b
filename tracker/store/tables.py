"""The tables of a store, the rules they keep, and the checksum of a snapshot.

    quotes          the tidy table: one row per coin per snapshot, the columns of model.COLUMNS, times in UTC
    snapshots       one row per snapshot: how many quotes it has, and a checksum over them
    sources         fingerprints of the sources that were read to their end
    tracker_schema  the version of all this

There is no key index: on tens of millions of rows it would cost more than the load. One writer at a time and an
anti-join with `snapshots` keep identities single, and `check` proves it.
"""

from __future__ import annotations

from ..frame import NAMES
from ..model import COLUMNS, PERCENT_DIGITS, PERCENT_PLACES, PRICE_DIGITS, PRICE_PLACES, TIME_BASES

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

QUOTES = (
    "CREATE TABLE quotes ({}, {})".format(
        ", ".join(f"{c.name} {TYPES[c.kind]}{' NOT NULL' * (c.name in REQUIRED)}" for c in COLUMNS),
        ", ".join(f"CHECK ({rule})" for rule in RULES.values()),
    ),
    *(f"COMMENT ON COLUMN quotes.{c.name} IS $${c.meaning}$$" for c in COLUMNS),
)
SCHEMA = (
    *QUOTES,
    "CREATE TABLE snapshots (snapshot_id VARCHAR NOT NULL, quotes INTEGER NOT NULL, checksum UHUGEINT NOT NULL)",
    "CREATE TABLE sources (fingerprint VARCHAR NOT NULL)",
    "CREATE TABLE tracker_schema (version INTEGER NOT NULL)",
    f"INSERT INTO tracker_schema VALUES ({VERSION})",
)

# A version: the statements that lead from it to the next.
MIGRATIONS: dict[int, tuple[str, ...]] = {
    # `given-day` became a time basis; DuckDB cannot alter a rule of a table.
    1: (
        "ALTER TABLE quotes RENAME TO older",
        *QUOTES,
        f"INSERT INTO quotes SELECT {COLUMN_LIST} FROM older",
        "DROP TABLE older",
    ),
}

# What the quotes of a snapshot are checked by. block_id stands for the printed names, currencies and figures, and both
# ids are computed anew by `check`; the rest goes into the checksum, by MD5: the same in every version of DuckDB.
# `twice` asks for a closer look: a rank or a source that is not the only one.
SHARED = ("observed_at", "time_basis", "captured_at", "published_at", "source", "layout")
DIGEST = """
    SELECT snapshot_id, count(*)::INTEGER AS quotes,
        xor(md5_number(concat_ws('|', {})), bit_xor(md5_number(concat_ws('|', rank, coalesce(symbol, ''), row_text,
            coalesce(change_window, ''), array_to_string(flags, ' '))))) AS checksum,
        list_unique(list(rank)) < count(*) OR min(source) <> max(source) AS twice
    FROM {{}} GROUP BY snapshot_id
""".format(", ".join(f"coalesce(any_value({name})::VARCHAR, '')" for name in SHARED))
