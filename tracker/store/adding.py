"""What comes into the store: checked to fit, held against what is there, and put in whole or not at all."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from decimal import Context, Decimal, Inexact, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import duckdb

from ..errors import SourceError, StoreError
from ..model import COLUMNS, PERCENT_DIGITS, PERCENT_PLACES, PRICE_DIGITS, PRICE_PLACES, Block
from . import readings, superseding
from .file import Connection, reason_of
from .lines import json_lines
from .queries import value
from .readings import Mark
from .tables import COLUMN_LIST, DIGEST, RULES, TYPES

if TYPE_CHECKING:
    import pyarrow as pa

# What no export holds (an exponent, a 13th decimal place) is refused, not rounded.
NUMBER = (
    "CASE WHEN regexp_full_match({0}, '-?[0-9]+([.][0-9]{{1,%d}})?') THEN {0}::%s WHEN {0} IS NOT NULL "
    "THEN error('no plain number of at most %d decimal places: ' || {0}) END"
)
FROM_CSV = {
    "text": "CASE WHEN starts_with({0}, '''') THEN substr({0}, 2) ELSE {0} END",  # see spelling.GUARD
    "time": "{0}::TIMESTAMPTZ::TIMESTAMP",
    "integer": "{0}::INTEGER",
    "price": NUMBER % (PRICE_PLACES, TYPES["price"], PRICE_PLACES),
    "percent": NUMBER % (PERCENT_PLACES, TYPES["percent"], PERCENT_PLACES),
    "texts": "coalesce(string_split({0}, ' '), [])",
}
FROM_TYPED = {kind: f"{{0}}::{sql_type}" for kind, sql_type in TYPES.items()}
ACCEPTED = {
    **{kind: (sql_type,) for kind, sql_type in TYPES.items()},
    "time": ("TIMESTAMP", "TIMESTAMP WITH TIME ZONE"),
    "integer": ("INTEGER", "BIGINT"),
}
READ_CSV = (  # nothing is guessed: a sniffer passes over lines that it does not like
    "read_csv({}, columns = {}, auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"', "
    "nullstr = '', allow_quoted_nulls = false)"
)
UNKNOWN = """
    ANTI JOIN (SELECT snapshot_id FROM snapshots UNION ALL SELECT snapshot_id FROM superseded_snapshots) USING (snapshot_id)
"""
ONCE = f"""
    CREATE TEMP TABLE once AS
    SELECT {COLUMN_LIST} FROM (SELECT *, row_number() OVER () AS nth FROM given) {UNKNOWN}
    QUALIFY source = first_value(source) OVER (PARTITION BY snapshot_id ORDER BY nth)
        AND nth = min(nth) OVER (PARTITION BY {COLUMN_LIST})
    ORDER BY nth
"""
COUNTED = """
    WITH took AS (SELECT DISTINCT superseded_by AS snapshot_id FROM lost ANTI JOIN fresh USING (snapshot_id))
    SELECT (SELECT count(*) FROM fresh ANTI JOIN lost USING (snapshot_id) ANTI JOIN took USING (snapshot_id)),
        (SELECT count(snapshot_id) FROM took),
        (SELECT count(*) FROM lost ANTI JOIN fresh USING (snapshot_id) WHERE superseded_by IS NULL)
"""


class Added(NamedTuple):
    """What came of adding: snapshots of blocks that were not known; of known ones that are read anew, another reading
    standing now; and of those withdrawn, a newer reader finding no such block."""

    new: int
    anew: int
    withdrawn: int


def fitting(block: Block) -> Block:
    """The same block. StoreError if a figure has more digits than the table keeps."""
    for quote in (q.held for q in block.quotes):
        for number, digits, places in (
            (quote.price, PRICE_DIGITS, PRICE_PLACES),
            (quote.change_pct, PERCENT_DIGITS, PERCENT_PLACES),
            (quote.change_abs, PRICE_DIGITS, PRICE_PLACES),
        ):
            if number is not None and not _fits(number, digits, places):
                reason = f"{number} in {quote.row_text!r} does not fit decimal({digits},{places})"
                raise StoreError(block.source, reason, "nothing of this batch was stored")
    return block


def _fits(number: Decimal, digits: int, places: int) -> bool:
    exact = Context(digits, traps=[Inexact, InvalidOperation])
    try:
        return exact.quantize(number, Decimal((0, (1,), -places))).is_finite()
    except (Inexact, InvalidOperation):
        return False


def take(
    con: Connection,
    table: pa.Table | pa.RecordBatchReader | str | Path,
    form: str | None = None,
    name: str | None = None,
) -> str:
    """Make `given`, with our columns and types, of Arrow data or of an export's file; returns what to call it.

    form, name  see Store.take_table
    SourceError if columns are missing or of other types.
    """
    subject = name or (str(table) if isinstance(table, str | Path) else "table")
    try:
        if isinstance(table, str | Path):
            form = form or Path(table).suffix.lower().removeprefix(".")
            if form == "jsonl":
                return take(con, json_lines(Path(table), subject), name=subject)
            source, spelling = _file(Path(table), form, subject)
        else:
            con.register("handed", _in_utc(table))
            source, spelling = "handed", FROM_TYPED
        accept(con, subject, source, spelling is FROM_TYPED)
        cells = ", ".join(f"{spelling[c.kind].format(c.name)} AS {c.name}" for c in COLUMNS)
        once = hasattr(table, "read_next_batch")  # all but a reader can be read again, without a copy
        con.execute(f"CREATE TEMP {'TABLE' if once else 'VIEW'} given AS SELECT {cells} FROM {source}")
    except duckdb.Error as error:
        raise SourceError(subject, reason_of(error), "nothing of it was stored") from error
    return subject


def _in_utc(table: Any) -> Any:
    """The same Arrow data with times as the store has them: a cast that is free here and dear in DuckDB."""
    import pyarrow as pa

    aware, stored = pa.timestamp("us", "UTC"), pa.timestamp("us")
    fields = [field.with_type(stored) if field.type == aware else field for field in table.schema]
    return table.cast(pa.schema(fields))


def _file(path: Path, form: str, subject: str) -> tuple[str, dict[str, str]]:
    """How DuckDB reads a CSV or Parquet file, and how its cells become values."""
    name = _text(re.sub(r"([*?\[])", r"[\1]", str(path.absolute())))  # a name, not a pattern
    if form == "parquet":
        return f"read_parquet({name})", FROM_TYPED
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            head = next(csv.reader(file), [])
    except OSError as error:
        raise SourceError(subject, f"cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise SourceError(subject, "is not in UTF-8", "save it as CSV UTF-8") from error
    columns = ", ".join(f"{_text(column)}: 'VARCHAR'" for column in head)
    return READ_CSV.format(name, f"{{{columns}}}"), FROM_CSV


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def accept(con: Connection, subject: str, source: str, typed: bool) -> None:
    """SourceError unless the columns are there, and of types that lose nothing."""
    found = {name: str(kind) for name, kind, *_ in con.execute(f"DESCRIBE FROM {source}").fetchall()}
    reasons = [f"has no column {c.name}" for c in COLUMNS if c.name not in found]
    if typed and not reasons:
        wrong = [c for c in COLUMNS if found[c.name] not in ACCEPTED[c.kind]]
        reasons = [f"column {c.name} is {found[c.name]}, not {TYPES[c.kind]}" for c in wrong]
    if reasons:
        raise SourceError(subject, reasons[0], "hand over what `tracker export` wrote")


def insert(con: Connection, subject: str, ended: Iterable[Mark] = ()) -> Added:
    """Move what is new from `given` into the store, and settle which reading of each capture stands, in one transaction.

    In `given` a snapshot may stand several times, from several sources: the first counts. `met` says who read it where.
    ended  the marks of sources that were read to their end with this
    SourceError for cells that are no such values, StoreError for rows that break a rule; `subject` is what they are about.
    """
    con.begin()
    try:
        source = _fresh(con)
        readings.settle_names(con)
        expected: int = value(con, "SELECT coalesce(sum(quotes), 0) FROM fresh")
        # Never an INSERT of no row: see superseding.
        stored = (
            value(con, f"INSERT INTO quotes FROM {source} SEMI JOIN fresh USING (snapshot_id)")
            if expected
            else 0
        )
        if stored != expected:
            raise SourceError(subject, "changed while it was read", "run it again")
        added = Added(0, 0, 0)
        if readings.record(con, ended):
            superseding.contest(con)
            superseding.settle(con)
            added = Added(*con.execute(COUNTED).fetchall()[0])
    except duckdb.ConstraintException as error:
        con.rollback()
        reason = _refusal(con) or reason_of(error)
        raise StoreError(subject, reason, "nothing of this batch was stored") from error
    except (duckdb.InvalidInputException, duckdb.ConversionException) as error:
        raise SourceError(subject, reason_of(error), "nothing of it was stored") from error
    con.commit()
    return added


def _fresh(con: Connection) -> str:
    """Make `fresh`, the snapshots of `given` that are not in the store; returns where their quotes stand once."""
    con.execute(f"CREATE TEMP VIEW unknown AS FROM given {UNKNOWN}")
    con.execute("CREATE TEMP TABLE fresh AS " + DIGEST.format("unknown"))
    if not con.execute("FROM fresh WHERE twice LIMIT 1").fetchall():
        return "given"
    con.execute(ONCE)
    con.execute("CREATE OR REPLACE TEMP TABLE fresh AS " + DIGEST.format("once"))
    return "once"


def _refusal(con: Connection) -> str | None:
    """Which row of `given` breaks which rule."""
    for rule, test in RULES.items():
        query = f"SELECT source, row_text FROM given WHERE NOT coalesce({test}, true) LIMIT 1"
        for source, text in con.execute(query).fetchall():
            return f"{rule}: {text!r} of {source}"
    return None
