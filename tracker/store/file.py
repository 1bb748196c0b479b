"""The DuckDB file: made whole, opened for one transaction at a time, waited for, migrated; its errors in our words."""

from __future__ import annotations

import os
import random
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from ..errors import NotAStore, StoreBusy, StoreError, StoreTooNew
from .tables import MIGRATIONS, SCHEMA, VERSION

Connection = duckdb.DuckDBPyConnection

# No extension is ever fetched: a file that is something else must not send DuckDB to the network for a reader.
CONFIG: dict[str, Any] = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}

_writers = threading.Lock()  # the threads of one process share its lock on the file, so they take turns here


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
        """A connection that only reads; a store of an older version is migrated first."""
        if not self.path.exists():
            raise self.error("no such store", "run `tracker ingest` first, or name it with --store")
        with self._told():
            con = self._open(read_only=True)
            try:
                if self._version(con) < VERSION:
                    con.close()
                    with self.writing():
                        pass
                    con = self._open(read_only=True)
                yield con
            finally:
                con.close()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection that may write, to a store of this version; a new one if there is none."""
        if self.read_only:
            raise self.error("was opened for reading only", "open it without read_only to write")
        if not _writers.acquire(timeout=self.wait):
            raise StoreBusy(str(self.path), "another thread of this process writes", "try again later")
        try:
            with self._told():
                if not self.path.exists():
                    self._make()
                con = self._open(read_only=False)
                try:
                    self._migrate(con)
                    yield con
                finally:
                    con.close()
        finally:
            _writers.release()

    def error(self, reason: str, remedy: str) -> StoreError:
        """A StoreError about this file."""
        return StoreError(str(self.path), reason, remedy)

    def _make(self) -> None:
        """A new, empty store, put under its name when it is whole. Who comes second finds the other's."""
        new = self.path.with_name(f".{self.path.name}.{os.getpid()}.new")
        new.unlink(missing_ok=True)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with duckdb.connect(str(new), config=CONFIG) as con:
                con.begin()
                for statement in SCHEMA:
                    con.execute(statement)
                con.commit()
            os.link(new, self.path)
        except FileExistsError:
            pass
        except OSError as error:
            raise self.error(f"cannot be made: {error.strerror}", "name another with --store") from error
        finally:
            new.unlink(missing_ok=True)

    def _open(self, *, read_only: bool) -> Connection:
        """A connection in the zone UTC, as soon as nobody is in the way."""
        deadline, told = time.monotonic() + self.wait, False
        while True:
            try:
                con = duckdb.connect(str(self.path), read_only=read_only, config=CONFIG)
                con.execute("SET TimeZone = 'UTC'")
                return con
            except duckdb.Error as error:
                holder = _holder(str(error))
                if holder is None:
                    raise
            if time.monotonic() >= deadline:
                remedy = "try again when it is done, or wait longer with --wait"
                raise StoreBusy(str(self.path), f"is in use by {holder}", remedy)
            if self.on_wait and not told:
                self.on_wait(f"{self.path}: is in use by {holder}; waiting up to {self.wait:g} s")
                told = True
            time.sleep(random.uniform(0.005, 0.05))

    def _version(self, con: Connection) -> int:
        try:
            ((version,),) = con.execute("SELECT version FROM tracker_schema").fetchall()
        except (duckdb.CatalogException, ValueError):
            reason = "is a DuckDB file, but no store of tracker"
            raise NotAStore(str(self.path), reason, "name another with --store") from None
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
            for statement in MIGRATIONS[version]:
                con.execute(statement)
        con.execute("UPDATE tracker_schema SET version = ?", [VERSION])
        con.commit()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """DuckDB's errors as one line of ours."""
        try:
            yield
        except duckdb.Error as error:
            raise self._failure(str(error), reason_of(error)) from error

    def _failure(self, text: str, reason: str) -> StoreError:
        if "not a valid DuckDB" in text or "_scanner" in text:
            return NotAStore(str(self.path), "is no DuckDB file", "name another with --store")
        if "storage version number" in text:
            return StoreTooNew(str(self.path), reason, "update DuckDB: pip install -U duckdb")
        if "Corrupt" in text or "not read enough bytes" in text or "WAL file" in text:
            return self.error(f"is damaged: {reason}", "put back a copy, or make it anew from an export")
        return self.error(reason, "the store is as it was")


def reason_of(error: duckdb.Error) -> str:
    """The first line of DuckDB's message, without the kind of error before it."""
    return re.sub(r"^[A-Za-z ]+ Error: ", "", str(error).partition("\n")[0])


def _holder(text: str) -> str | None:
    """Who is in the way, if that is what DuckDB's message says."""
    if "different configuration" in text:
        return "another connection of this process"
    if "lock on file" not in text and "used by another process" not in text:
        return None
    found = re.search(r"(?:held|open) in\s+(.+?) \(PID (\d+)\)", text)
    return f"process {found[2]} ({_command(found[2]) or found[1]})" if found else "another process"


def _command(pid: str) -> str:
    """The command line of a process, where the system tells."""
    try:
        command = Path("/proc", pid, "cmdline").read_bytes()
    except OSError:
        return ""
    return command.replace(b"\0", b" ").decode("utf-8", "replace").strip()[:200]
