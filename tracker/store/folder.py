"""A store that is only read: a folder, a pattern or an address of Parquet files with our columns, many people's table.

It shows what `tracker ingest` of the same files would store: no snapshot twice, and of several readings of a capture the
one that tells most (see superseding). Only what stands in doubt is weighed, in memory, when the files are first asked for
or are others by now; all else is read where it lies.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from glob import glob, has_magic
from pathlib import Path
from typing import NoReturn

import duckdb

from ..errors import NotAStore, SourceError, StoreError, TrackerError
from ..model import COLUMNS
from . import readings
from .adding import FROM_TYPED, accept, insert
from .file import CONFIG, NO_BAR, OTHER, SESSION, Connection, told
from .queries import value
from .tables import CAPTURE, COLUMN_LIST, SCHEMA, SNAPSHOT_LIST

# What a file says of itself, so that it is looked at again when it is another: its name, its size, its time or tag.
Stamp = tuple[str, int, str]

_CELLS = ", ".join(f"{FROM_TYPED[c.kind].format(c.name)} AS {c.name}" for c in COLUMNS)
SCAN = "read_parquet({}, filename = true, file_row_number = true, hive_partitioning = false)"
HELD = f"CREATE VIEW held AS SELECT {_CELLS}, filename, file_row_number FROM {{}}"
ALIKE = """
    SELECT min(file_name) FROM (
        SELECT file_name, list((name, type, converted_type, logical_type, scale, precision)) AS fields
        FROM parquet_schema({}) GROUP BY file_name)
    GROUP BY fields ORDER BY ALL
"""
# Snapshots in doubt: those that stand in several files, or twice in one, and those that share their capture with others.
DOUBTFUL = f"""
    CREATE TABLE doubtful AS
    WITH seen AS (
        SELECT snapshot_id, {CAPTURE} AS capture_id, twice FROM (
            SELECT snapshot_id, any_value(url) AS url, any_value(captured_at) AS captured_at,
                count(DISTINCT filename) > 1 OR count(*) > count(DISTINCT rank) OR min(source) <> max(source) AS twice
            FROM held GROUP BY snapshot_id))
    SELECT snapshot_id FROM seen QUALIFY count(*) OVER (PARTITION BY capture_id) > 1 OR bool_or(twice)
        OVER (PARTITION BY capture_id)
"""
GIVEN = f"""
    CREATE TEMP TABLE given AS SELECT {COLUMN_LIST} FROM held SEMI JOIN doubtful USING (snapshot_id)
    ORDER BY filename, file_row_number
"""
BEHIND = 1 << 40  # the rowid of rows that are read where they lie, behind all that were weighed
CLEAR = "ANTI JOIN doubtful USING (snapshot_id)"
SHOWN = (
    "ALTER TABLE quotes RENAME TO weighed",
    "ALTER TABLE snapshots RENAME TO weighed_snapshots",
    f"""CREATE VIEW quotes AS SELECT {COLUMN_LIST}, rowid FROM weighed
        UNION ALL SELECT {COLUMN_LIST}, {BEHIND} + file_row_number AS rowid FROM held {{clear}}""",
    f"""CREATE VIEW snapshots AS SELECT {SNAPSHOT_LIST} FROM weighed_snapshots
        UNION ALL SELECT snapshot_id, quotes, NULL, {CAPTURE}, NULL, NULL, NULL, NULL, NULL FROM (
            SELECT snapshot_id, count(*)::INTEGER AS quotes, any_value(url) AS url, any_value(captured_at) AS captured_at
            FROM held {{clear}} GROUP BY snapshot_id)""",
)


def is_table(place: str) -> bool:
    """Whether a store is named that is a folder, a pattern or an address, or one Parquet file: not a DuckDB file."""
    path = Path(place)
    pattern = has_magic(place) and path.suffix not in (".duckdb", ".db") and not path.exists()
    return "://" in place or path.is_dir() or path.suffix.lower() == ".parquet" or pattern


class Folder:
    """Parquet files as a store that is only read.

    place  a folder with all that lies in it, a pattern, a file, or any of these as an address: `s3://bucket/out/`.
           What begins with a dot or an underscore is no part of it
    """

    def __init__(self, place: str) -> None:
        self.place = place
        self._stamps: list[Stamp] = []
        self._base: Connection | None = None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to the table as it is now."""
        with told(self.place):
            con = self._fresh().cursor()
            try:
                con.execute(SESSION)
                con.execute(NO_BAR)
                yield con
            finally:
                con.close()

    def writing(self) -> AbstractContextManager[Connection]:
        """Refuses."""
        self.check_writable()

    def check_writable(self) -> NoReturn:
        """Refuses: one process may write to a DuckDB file, but none to files that others read and add to."""
        if not self.exists():
            raise self._nothing()
        remedy = "name a DuckDB file with --store, and `tracker export --append` what is in it"
        raise StoreError(self.place, "is a table of Parquet files, which is only read", remedy)

    def exists(self) -> bool:
        """Is there any file of it?"""
        return bool(self._listed())

    def _nothing(self) -> StoreError:
        kind = "is a folder that" if Path(self.place).is_dir() else "names what"
        return NotAStore(self.place, f"{kind} holds no Parquet files", OTHER)

    def _listed(self) -> list[Stamp]:
        try:
            return listed(self.place)
        except TrackerError as error:
            raise StoreError(self.place, error.reason, error.remedy) from error

    def _fresh(self) -> Connection:
        """The table as the files are now; made anew where they are others."""
        stamps = self._listed()
        if not stamps:
            raise self._nothing()
        if self._base is None or stamps != self._stamps:
            self._base, self._stamps = opened(self.place, [name for name, *_ in stamps]), stamps
        return self._base


def listed(place: str) -> list[Stamp]:
    """The Parquet files of a place in the order of their names. SourceError for an address of which nothing is known."""
    if place.startswith(("http://", "https://")):
        raise SourceError(
            place, "is of the web, where no folder can be listed", "fetch its files, or name its bucket"
        )
    if "://" in place:
        from ..pages.remote import listing

        found = listing(place)
    else:
        found = _here(place)
    shown = (stamp for stamp in found if _is_shown(stamp[0][len(_fixed(place)) :]))
    return sorted(stamp for stamp in shown if stamp[0].lower().endswith(".parquet"))


def _fixed(place: str) -> str:
    """The part of a place that its user chose, whatever its names begin with: up to where a pattern leaves it open."""
    if not has_magic(place):
        return place
    return place[: place.rfind("/", 0, next(at for at, char in enumerate(place) if char in "*?[")) + 1]


def _is_shown(path: str) -> bool:
    return not any(part.startswith((".", "_")) for part in path.split("/"))


def _here(place: str) -> list[Stamp]:
    """The files of this machine."""
    if has_magic(place) and not Path(place).exists():
        paths = [Path(name) for name in glob(place, recursive=True)]  # noqa: PTH207 - Path.glob takes no absolute pattern
    else:
        paths = [Path(place)]
    found = []
    for path in paths:
        files = (
            [Path(at, name) for at, _, names in os.walk(path) for name in names] if path.is_dir() else [path]
        )
        found += [(str(file), file.stat()) for file in files if file.is_file()]
    return [(name, stat.st_size, str(stat.st_mtime_ns)) for name, stat in found]


def opened(place: str, names: list[str]) -> Connection:
    """An in-memory database in which `quotes` is what the files come to. SourceError if one has not our columns."""
    con = duckdb.connect(":memory:", config=CONFIG)
    con.execute(SESSION)
    con.execute(NO_BAR)
    if "://" in place:
        from ..pages.remote import file_system

        con.register_filesystem(file_system(place)[0])
    for statement in SCHEMA:
        con.execute(statement)
    _accept(con, names)
    con.execute(HELD.format(SCAN.format(_names(names))))
    con.execute(DOUBTFUL)
    if doubtful := value(con, "SELECT count(*) FROM doubtful"):
        con.execute(GIVEN)
        readings.tell(con, [])
        insert(con, place)
    for statement in SHOWN:
        con.execute(statement.format(clear=CLEAR if doubtful else ""))
    return con


def _accept(con: Connection, names: list[str]) -> None:
    """StoreError if a file has not our columns, or has them in types that lose something: of files alike one is asked."""
    for (name,) in con.execute(ALIKE.format(_names(names))).fetchall():
        try:
            accept(con, name, SCAN.format(_names([name])), True)
        except SourceError as error:
            remedy = "take it out of there, or name another store with --store"
            raise StoreError(name, error.reason, remedy) from error


def _names(names: list[str]) -> str:
    """A list of files in SQL; in a name `*` is no pattern."""
    escaped = (re.sub(r"([*?\[])", r"[\1]", name) for name in names)
    return "[" + ", ".join("'" + name.replace("'", "''") + "'" for name in escaped) + "]"
