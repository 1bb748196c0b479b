"""The tidy table as files that open anywhere: CSV, JSON Lines, Parquet, XLSX. Written whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Unpack

from ..errors import OutputError
from ..store import Selection, Store, Written
from ..writing import whole
from .sheet import xlsx

FORMATS = ("csv", "jsonl", "parquet", "xlsx")

Write = Callable[[Path], Written]


def format_of(path: str | Path) -> str:
    """The format that a file's ending asks for. OutputError if it asks for none of FORMATS."""
    form = Path(path).suffix.lower().removeprefix(".")
    if form not in FORMATS:
        raise OutputError(str(path), "its ending names no format", f"end it in .{', .'.join(FORMATS)}")
    return form


def export(
    store: Store,
    out: str | Path | IO[bytes],
    form: str,
    *,
    wide: bool = False,
    bom: bool = False,
    ordered: bool = False,
    tz: str | None = None,
    **which: Unpack[Selection],
) -> Written:
    """Write a Selection of a store's quotes to a file, or to an open binary stream such as standard output.

    form  one of FORMATS; what they carry: Store.copy, and for xlsx numbers, times (UTC) and guarded text in cells
    wide  a row per time and a column per coin instead of the tidy table
    bom   lead a CSV with a byte order mark, for spreadsheets that without one take it for another encoding
    ordered  in time order even where there are more than formats.SORTED_ROWS
    tz    zone of times, which then bear its offset; None: UTC. Parquet always has UTC
    A file appears under its name when it is complete; one that was there stays until then. Returns the number of rows
    and of quotes that have no place in the wide form. OutputError if it cannot be written, BrokenPipeError if nobody
    reads the stream any more.
    """
    if form not in FORMATS:
        raise OutputError(form, "is no format", f"choose one of {', '.join(FORMATS)}")
    if bom and form != "csv":
        raise OutputError("--bom", f"is for csv, not for {form}", "leave it out")

    def write(path: Path) -> Written:
        if form == "xlsx":
            return xlsx(store, path, wide, tz, which)
        return store.copy(path, form, wide=wide, bom=bom, ordered=ordered, tz=tz, **which)

    piped = form != "xlsx" and os.name == "posix"
    if not isinstance(out, str | Path):
        return _streamed(write, out, "standard output", piped)
    path = Path(out)
    if path.exists() and not path.is_file() and not path.is_dir():
        with path.open("wb") as device:  # /dev/stdout, a named pipe: nothing to put a file in the place of
            return _streamed(write, device, str(path), piped)
    with whole(path) as part:
        return write(part)


def _streamed(write: Write, sink: IO[bytes], name: str, piped: bool) -> Written:
    """Have `write` write to an open stream."""
    try:
        return _through_pipe(write, sink) if piped else _through_file(write, sink)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(name, f"cannot be written: {error.strerror}") from error


def _through_file(write: Write, sink: IO[bytes]) -> Written:
    with tempfile.TemporaryDirectory() as folder:
        written = write(Path(folder, "export"))
        with Path(folder, "export").open("rb") as file:
            shutil.copyfileobj(file, sink)
    return written


def _through_pipe(write: Write, sink: IO[bytes]) -> Written:
    """A thread writes into a pipe while this one empties it: nothing piles up, in memory or on disk."""
    reading, writing = os.pipe()

    def work() -> Written:
        try:
            return write(Path(f"/dev/fd/{writing}"))
        finally:
            os.close(writing)

    with ThreadPoolExecutor(1) as pool:
        written = pool.submit(work)
        with os.fdopen(reading, "rb") as pipe:
            shutil.copyfileobj(pipe, sink)
        return written.result()
