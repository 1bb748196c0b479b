"""Adding to a table of Parquet files that many write to: each writes files of its own, so that nobody waits for anybody.

A file is there whole or not at all, under a name that no other has. It holds the snapshots that were not there when its
writer looked; what two wrote at the same time stands twice in the files, and once in the table (see folder).
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast
from uuid import uuid4

from ..errors import OutputError, TrackerError
from ..model import COLUMNS
from ..writing import whole
from .asking import condition
from .file import Connection
from .folder import Folder
from .formats import SORTED_ROWS, Shape, Written, copied
from .queries import TIME_ORDER, Filters, Selection

if TYPE_CHECKING:
    import pyarrow as pa

COUNTED = "SELECT count(*), count(DISTINCT snapshot_id) {}"

Write = Callable[[Path], Written]


class Appended(NamedTuple):
    """What was added: the file, None if there was nothing new; its rows, and of how many snapshots."""

    file: str | None
    rows: int
    snapshots: int


def append(con: Connection, place: str, which: Filters) -> Appended:
    """Add what a store has of a selection of whole snapshots, and the files of a place have not.

    OutputError where it cannot be written, StoreError if there are files that are none of ours.
    """
    con.register("known", _known(place))
    test, values, _ = condition(con, cast(Selection, which))
    source = f"FROM quotes ANTI JOIN known USING (snapshot_id) WHERE {test}"
    rows, snapshots = con.execute(COUNTED.format(source), values).fetchall()[0]
    if not rows:
        return Appended(None, 0, 0)
    columns = [(c.name, c.kind, f"quotes.{c.name}") for c in COLUMNS]
    ordered = f"{source} ORDER BY {TIME_ORDER}" if rows <= SORTED_ROWS else source
    leaving = Shape([*columns], ordered, values, 0)
    return Appended(
        put(place, lambda path: copied(con, leaving, str(path), "parquet", False)), rows, snapshots
    )


def _known(place: str) -> pa.Table:
    """The snapshots that the files of a place hold already."""
    there = Folder(place)
    if not there.exists():
        import pyarrow as pa

        return pa.table({"snapshot_id": pa.array([], pa.string())})
    with there.reading() as con:
        return con.sql("SELECT DISTINCT snapshot_id FROM held").to_arrow_table()


def put(place: str, write: Write) -> str:
    """Have a new file of a place written, the folder made if need be; returns its name. OutputError where it cannot be."""
    name = f"quotes-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{uuid4().hex}.parquet"
    if "://" in place:
        return _sent(f"{place.rstrip('/')}/{name}", write)
    try:
        Path(place).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(place, f"cannot be made: {error.strerror}", "name another folder") from error
    with whole(Path(place, name)) as part:
        write(part)
    return str(Path(place, name))


def _sent(address: str, write: Write) -> str:
    """Written here and sent in one piece: what broke off while DuckDB wrote there might be closed as if it were whole."""
    from ..pages.remote import file_system

    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder, "part.parquet")
        write(part)
        try:
            fs, path = file_system(address)
            fs.put_file(str(part), path)
        except TrackerError as error:
            raise OutputError(address, error.reason, error.remedy) from error
        except Exception as error:  # its back ends raise errors of their own kinds
            raise OutputError(address, f"cannot be written: {error or type(error).__name__}") from error
    return address
