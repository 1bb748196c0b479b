"""What a run finds: a file that another one left open is mended, an index that is not whole is made anew, and nobody
else writes meanwhile."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from ..errors import OutputError
from ..writing import whole
from . import cdxj, known
from .known import final, index_of
from .record import members

try:
    import fcntl
except ImportError:  # Windows: nothing keeps two runs apart there
    fcntl = None  # type: ignore[assignment]


def mended(path: Path, on_say: Callable[[str], object]) -> None:
    """A file that a run left open: what is behind its last whole record is cut off."""
    if path == final(path):
        return
    size = path.stat().st_size
    end = max((row.end for row in cdxj.rows(index_of(path))), default=0)
    with path.open("r+b") as file:
        end = end if end <= size else 0
        for member in members(file, end):
            end = member.offset + member.length
        if end < size:
            on_say(f"{path}: its last {size - end:,} bytes, a record that was not finished, are cut off")
            file.truncate(end)
    sort_index(path)  # a line that was not finished would take the next one with it


def sort_index(path: Path) -> None:
    """Write the index of a file anew, in the order that indexes have."""
    lines = sorted(cdxj.line(row, final(path).name) for row in known.indexed(path))
    with whole(index_of(path)) as index:
        index.write_text("".join(f"{text}\n" for text in lines), "utf-8", errors="replace")


def locked(folder: Path) -> int | None:
    """Nobody else writes into the folder as long as this is open. OutputError if somebody does."""
    if fcntl is None:
        return None
    lock = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o666)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise OutputError(
            str(folder), "another run collects into it", "wait until it is done, or give --into"
        ) from None
    return lock
