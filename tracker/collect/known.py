"""What was kept before: the state of a collection is what was written, read from its files and the indexes beside them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from .cdxj import Row, rows, rows_of
from .record import members

WARC = ".warc.gz"
OPEN = ".open"  # a file that grows ends so, as warcprox has it


class Place(NamedTuple):
    """Where a copy of a page is kept: in which file, from where on, and when it was taken."""

    file: str
    offset: int
    stamp: str


class Known:
    """The captures that are kept, by number: an address and a time cost some hundred bytes."""

    def __init__(self) -> None:
        self._captures = set[int]()
        self._payloads = dict[int, Place]()
        self._last = dict[int, Place]()

    def __len__(self) -> int:
        return len(self._captures)

    def add(self, row: Row, file: str) -> None:
        """Remember a row of the index of a file."""
        self._captures.add(hash((row.url, row.stamp)))
        if not row.mime.startswith("warc/"):
            place = Place(file, row.offset, row.stamp)
            self._payloads.setdefault(hash((row.url, row.known)), place)
            last = self._last.get(hash(row.url))
            if last is None or last.stamp <= row.stamp:
                self._last[hash(row.url)] = place

    def has(self, url: str, stamp: str) -> bool:
        """Whether the capture is kept."""
        return hash((url, stamp)) in self._captures

    def same(self, url: str, digest: str | None) -> Place | None:
        """The copy that has this payload, by what its archive calls it; None if there is none."""
        return self._payloads.get(hash((url, bare(digest)))) if digest else None

    def last(self, url: str) -> Place | None:
        """The last copy that is kept with its payload."""
        return self._last.get(hash(url))


def bare(digest: str) -> str:
    """A digest without the name of its kind: indexes write both `sha1:ABC` and `ABC`."""
    return digest.removeprefix("sha1:")


def files(folder: Path) -> list[Path]:
    """The WARC files of a folder, in the order in which they were begun."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if final(path).name.endswith(WARC) and path.is_file())


def final(path: Path) -> Path:
    """A file's name when it is whole."""
    return path.with_name(path.name.removesuffix(OPEN))


def index_of(path: Path) -> Path:
    """The index beside a file."""
    return path.with_name(final(path).name.removesuffix(WARC) + ".cdxj")


def indexed(path: Path) -> Iterator[Row]:
    """The rows of a file: from its index as far as that goes, then from the records behind."""
    size, end, told = path.stat().st_size, 0, list[Row]()
    for row in rows(index_of(path)):
        end = max(end, row.end)
        told.append(row)
    if end > size:  # the index of another file
        end, told = 0, []
    yield from told
    with path.open("rb") as file:
        yield from rows_of(members(file, end))


def read(folder: Path) -> Known:
    """What a folder holds; nothing is written."""
    known = Known()
    for path in files(folder):
        for row in indexed(path):
            known.add(row, final(path).name)
    return known
