"""One watch at a time on a store, and on a file of sites.

Beside the store a small file `.NAME.watch` is locked, and the file of sites itself. The locks go with the process, however
that ends.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ..errors import StoreBusy, StoreError
from ..store.lock import process

try:
    import fcntl
except ImportError:  # Windows: nothing to lock with
    fcntl = None  # type: ignore[assignment]

REMEDY = "wait until it is done, or end it first"


@contextmanager
def alone(store: Path, sites: Path) -> Iterator[None]:
    """While it lasts no other watch runs on either. StoreBusy says which one does."""
    with ExitStack() as held:
        if fcntl:
            held.callback(os.close, _on_store(store))
            held.callback(os.close, _on_sites(sites))
        yield


def _on_store(store: Path) -> int:
    try:
        store.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(store.with_name(f".{store.name}.watch"), os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise StoreError(
            str(store), f"cannot be watched: {error.strerror}", "name another with --store"
        ) from error
    if not _taken(lock):
        holder = os.read(lock, 20).decode("ascii", "replace").strip()
        os.close(lock)
        raise StoreBusy(
            str(store), f"is watched already by {process(holder) if holder else 'another process'}", REMEDY
        )
    os.truncate(lock, 0)
    os.write(lock, b"%d" % os.getpid())
    return lock


def _on_sites(sites: Path) -> int:
    lock = os.open(sites, os.O_RDONLY)
    if not _taken(lock):
        os.close(lock)
        raise StoreBusy(str(sites), "is watched already by another process, into another store", REMEDY)
    return lock


def _taken(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True
