"""Whose turn it is at a store's file.

DuckDB lets readers in as long as any reader is there, so readers that come and go without a pause would keep a writer
out for ever. A writer therefore locks a small file beside the store while it waits and writes (`.NAME.turn`; its
content names the process), and who wants to read lets it pass. The lock goes with the process, however that ends.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import StoreBusy

try:
    import fcntl
except ImportError:  # Windows: DuckDB's own lock is all there is
    fcntl = None  # type: ignore[assignment]

_threads = threading.Lock()  # the threads of one process share DuckDB's lock on the file


class Patience:
    """How long to wait for a store, told once.

    path     the store
    seconds  from now
    tell     is called once with a line for people
    """

    def __init__(self, path: Path, seconds: float, tell: Callable[[str], None] | None) -> None:
        self.path, self.seconds, self.tell = path, seconds, tell
        self.until = time.monotonic() + seconds

    def wait(self, holder: str) -> None:
        """A moment. StoreBusy when there are none left."""
        if time.monotonic() >= self.until:
            remedy = "try again when it is done, or wait longer with --wait"
            raise StoreBusy(str(self.path), f"is in use by {holder}", remedy)
        if self.tell:
            self.tell(f"{self.path}: is in use by {holder}; waiting up to {self.seconds:g} s")
            self.tell = None
        time.sleep(random.uniform(0.005, 0.03))


@contextmanager
def writing(path: Path, patience: Patience) -> Iterator[None]:
    """The one writer's turn, among threads and processes."""
    while not _threads.acquire(timeout=0.05):
        patience.wait("another thread of this process")
    turn = None
    try:
        while fcntl and (turn := _taken(_file(path))) is None:
            patience.wait(_writer(_file(path)) or "another process")
        yield
    finally:
        if turn:
            _file(path).unlink(missing_ok=True)
            os.close(turn)
        _threads.release()


def reading(path: Path, patience: Patience) -> None:
    """Let writers pass."""
    while fcntl and (writer := _writer(_file(path))):
        patience.wait(writer)


def process(pid: int | str) -> str:
    """A process as people know it: its number and, where the system tells, its command line."""
    try:
        command = (
            Path("/proc", str(pid), "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        )
    except OSError:
        command = ""
    return f"process {pid} ({command.strip()[:200]})" if command else f"process {pid}"


def _file(path: Path) -> Path:
    return path.with_name(f".{path.name}.turn")


def _taken(file: Path) -> int | None:
    """The open, locked file; None if another has it; 0 where there can be no such file or lock."""
    try:
        turn = os.open(file, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError:
        return 0  # a folder that may not be written to: the store itself will tell
    try:
        fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if file.stat().st_ino == os.fstat(turn).st_ino:  # else it was locked, and done with, just before
            os.write(turn, b"%d" % os.getpid())
            return turn
    except (BlockingIOError, FileNotFoundError):
        pass
    except OSError:
        os.close(turn)
        return 0  # a file system without locks: DuckDB's own is left
    os.close(turn)
    return None


def _writer(file: Path) -> str | None:
    """Who has the turn, if anybody."""
    try:
        turn = os.open(file, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(turn, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return process(os.read(turn, 20).decode() or "unknown")
    except OSError:
        pass
    finally:
        os.close(turn)
    return None
