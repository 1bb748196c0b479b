"""The DuckDB file: made whole, opened for one transaction at a time, waited for, migrated; its errors in our words."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from ..errors import NotAStore, StoreError, StoreTooNew
from . import lock as turns
from .lock import Patience, process
from .tables import MIGRATIONS, SCHEMA, STAND_INS, VERSION

Connection = duckdb.DuckDBPyConnection
Answer = TypeVar("Answer")
ROOMY = "250MB"

# No extension is ever fetched: a file that is something else must not send DuckDB to the network for a reader.
CONFIG: dict[str, Any] = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
SESSION = "SET TimeZone = 'UTC'"  # no zone of the machine in any value
# DuckDB draws its bar on standard output, amid the data. In a notebook without ipywidgets it refuses to be told so,
# and draws none.
NO_BAR = "SET enable_progress_bar = false"

# What DuckDB says, what it means, and the way out.
OTHER = "name another with --store"
UNHARMED = "the store is as it was"
ROOM = f"{UNHARMED}: make room and run it again"
RIGHTS = "see who may read and write it, and its folder"
COPY = "put back a copy, or make it anew from an export"
MEANINGS: tuple[tuple[str, type[StoreError], str, str], ...] = (
    ("not a valid DuckDB", NotAStore, "is no DuckDB file", OTHER),
    ("_scanner", NotAStore, "is no DuckDB file", OTHER),
    ("Is a directory", NotAStore, "is a folder", OTHER),
    ("storage version number", StoreTooNew, "{}", "update DuckDB: pip install -U duckdb"),
    ("No space left", StoreError, "the disk is full", ROOM),
    ("Disk quota", StoreError, "the disk is full", ROOM),
    ("File too large", StoreError, "the file may not grow any further", ROOM),
    ("Permission denied", StoreError, "permission denied", RIGHTS),
    ("Read-only file system", StoreError, "lies on a read-only file system", RIGHTS),
    ("WAL file", StoreError, "is damaged: {}", COPY),
    ("not read enough bytes", StoreError, "is damaged: {}", COPY),
    ("Corrupt", StoreError, "is damaged: {}", COPY),
)


class File:
    """A store's file. DuckDB lets one process write and nobody read meanwhile: who finds it in use waits.

    path       the file; made when it is first written to, and its folder with it
    wait       how many seconds to wait for another process
    on_wait    is called once with a line for people when a wait begins
    read_only  refuse to write
    """

    def __init__(
        self, path: Path, wait: float, on_wait: Callable[[str], None] | None, read_only: bool
    ) -> None:
        self.path, self.wait, self.on_wait, self.read_only = path, wait, on_wait, read_only

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that only reads; a store of an older version is migrated first where that cannot be spared."""
        if not self.exists():
            raise self.error("no such store", "run `tracker ingest` first, or name it with --store")
        patience = Patience(self.path, self.wait, self.on_wait)
        with told(str(self.path)):
            con = self._open(patience, read_only=True)
            try:
                version = self._version(con)
                if version < VERSION and version not in STAND_INS:
                    con.close()
                    with self.writing():
                        pass
                    con = self._open(patience, read_only=True)
                for statement in STAND_INS.get(version, ()):
                    con.execute(statement.format(_catalog(con)))
                yield con
            finally:
                con.close()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection that may write, to a store of this version; a new one if there is none."""
        self.check_writable()
        patience = Patience(self.path, self.wait, self.on_wait)
        with turns.writing(self.path, patience), told(str(self.path)):
            if not self.exists():
                self._make()
            con = self._open(patience, read_only=False)
            try:
                self._migrate(con)
                yield con
            finally:
                con.close()

    def check_writable(self) -> None:
        """StoreError if it was opened for reading."""
        if self.read_only:
            raise self.error("was opened for reading only", "open it without read_only to write")

    def exists(self) -> bool:
        """Is there any such file? StoreError where one may not even look."""
        try:
            return self.path.exists()
        except OSError as error:
            raise self.error(str(error.strerror).lower(), RIGHTS) from error

    def error(self, reason: str, remedy: str) -> StoreError:
        """A StoreError about this file."""
        return StoreError(str(self.path), reason, remedy)

    def _make(self) -> None:
        """A new, empty store, put under its name when it is whole. Who comes second finds the other's."""
        new = self.path.with_name(f".{self.path.name}.{os.getpid()}.new")
        new.unlink(missing_ok=True)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with duckdb.connect(str(new.absolute()), config=CONFIG) as con:
                con.begin()
                for statement in SCHEMA:
                    con.execute(statement)
                con.commit()
            self._place(new)
        except OSError as error:
            raise self.error(f"cannot be made: {error.strerror}", OTHER) from error
        finally:
            new.unlink(missing_ok=True)

    def _place(self, new: Path) -> None:
        """Under its name, unless there is one by now."""
        try:
            os.link(new, self.path)
        except FileExistsError:
            pass
        except OSError:  # a file system without hard links
            new.rename(self.path)

    def _open(self, patience: Patience, *, read_only: bool) -> Connection:
        """A connection, as soon as nobody is in the way."""
        while True:
            if read_only:
                turns.reading(self.path, patience)
            try:
                con = duckdb.connect(str(self.path.absolute()), read_only=read_only, config=CONFIG)
                con.execute(SESSION)
                with suppress(duckdb.InvalidInputException):
                    con.execute(NO_BAR)
                return con
            except duckdb.Error as error:
                holder = _holder(str(error))
                if holder is None:
                    raise
            patience.wait(holder)

    def _version(self, con: Connection) -> int:
        try:
            ((version,),) = con.execute("SELECT version FROM tracker_schema").fetchall()
        except (duckdb.CatalogException, ValueError):
            reason = "is a DuckDB file, but no store of tracker"
            raise NotAStore(str(self.path), reason, OTHER) from None
        if version > VERSION:
            reason = f"has version {version} of the tables, this program knows version {VERSION}"
            raise StoreTooNew(str(self.path), reason, "update it: pip install -U ticker-tracker")
        return int(version)

    def _migrate(self, con: Connection) -> None:
        """Bring an older store to VERSION, in one transaction."""
        older = range(self._version(con), VERSION)
        if not older:
            return
        con.begin()
        for version in older:
            if version not in MIGRATIONS:
                raise self.error(f"has version {version} of the tables, too old for this program", COPY)
            for statement in MIGRATIONS[version]:
                con.execute(statement)
        con.execute("UPDATE tracker_schema SET version = ?", [VERSION])
        con.commit()


@contextmanager
def told(name: str) -> Iterator[None]:
    """DuckDB's errors as one line of ours about the store `name`."""
    try:
        yield
    except duckdb.Error as error:
        raise _failure(name, str(error), reason_of(error)) from error
    except RuntimeError as error:
        if "interrupted" in str(error):  # DuckDB's word for Ctrl-C
            raise KeyboardInterrupt from error
        raise


def _failure(name: str, text: str, reason: str) -> StoreError:
    for sign, kind, meaning, remedy in MEANINGS:
        if sign in text:
            return kind(name, meaning.format(reason), remedy)
    return StoreError(name, reason, UNHARMED)


def within(con: Connection, ask: Callable[[], Answer], room: str = ROOMY) -> Answer:
    """What `ask` gives, in as little memory as will do: DuckDB takes most of what the machine has unless it is told. What
    cannot be had in that room is asked for again without a limit."""
    con.execute(f"SET memory_limit = '{room}'")
    try:
        return ask()
    except duckdb.OutOfMemoryException:
        pass
    finally:
        con.execute("RESET memory_limit")
    return ask()


def reason_of(error: duckdb.Error) -> str:
    """The first line of DuckDB's message, without the kind of error before it; of a bad CSV what is wrong with it."""
    text = re.sub(r"^[A-Za-z ]+ Error: ", "", str(error))
    if bad := re.search(
        r" failed: [A-Z][\w ]+: (.+?)\. Detail: Python exception", text
    ):  # of rows that are handed over
        return bad[1]
    if bad := re.match(r"CSV Error on Line: (\d+)\nOriginal Line:.*\n(.+)", text):
        return f"line {bad[1]}: {bad[2]}"
    return text.partition("\n")[0].rstrip(".")


def reason_to_write(error: Exception) -> str:
    """Why a file cannot be written, in our words where we have some."""
    text = str(error)
    for sign, kind, meaning, _ in MEANINGS:
        if sign in text and kind is StoreError and "{}" not in meaning:
            return meaning
    said = re.search(r'"exception_message":"((?:[^"\\]|\\.)*)"', text)
    return said[1] if said else text.partition("\n")[0].rstrip(".")


def _catalog(con: Connection) -> str:
    """The name, quoted, by which a connection knows its own file."""
    ((name,),) = con.execute("SELECT current_database()").fetchall()
    return '"' + str(name).replace('"', '""') + '"'


def _holder(text: str) -> str | None:
    """Who is in the way, if that is what DuckDB's message says."""
    if "different configuration" in text or "file handle conflict" in text:
        return "another connection of this process"
    if "lock on file" not in text and "used by another process" not in text:
        return None
    found = re.search(r"\(PID (\d+)\)", text)
    return process(found[1]) if found else "another process"
