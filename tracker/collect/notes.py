"""What was met and not kept: a line each in `uncollected.csv` beside the WARC files. It is state as they are: what is
noted there is not asked for again."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path

NAME = "uncollected.csv"
HEAD = ("time", "url", "stamp", "reason")


class Notes:
    """The notes of one folder.

    path   the file; it is made with the first note
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self._known = set[int]()
        if self.path.exists():
            with self.path.open(encoding="utf-8", errors="replace", newline="") as file:
                for row in csv.reader(line for line in file if line.endswith("\n")):
                    if len(row) == len(HEAD):
                        self._known.add(hash((row[1], row[2])))

    def has(self, url: str, stamp: str) -> bool:
        """Whether the capture was met and not kept."""
        return hash((url, stamp)) in self._known

    def add(self, when: datetime, url: str, stamp: str, reason: str) -> None:
        """Note a capture that is not kept, and why. Raises OSError."""
        new = not self.path.exists()
        with self.path.open("a+b") as file:
            lines: list[tuple[str, ...]] = [HEAD] if new else []
            lines.append((when.strftime("%Y-%m-%dT%H:%M:%SZ"), url, stamp, " ".join(reason.split())))
            file.write(_ended(file) + _csv(lines))
        self._known.add(hash((url, stamp)))


def _ended(file: io.BufferedRandom) -> bytes:
    """A line end, where a run ended within the last line."""
    if not file.seek(0, io.SEEK_END):
        return b""
    file.seek(-1, io.SEEK_END)
    return b"" if file.read(1) == b"\n" else b"\n"


def _csv(lines: list[tuple[str, ...]]) -> bytes:
    into = io.StringIO()
    csv.writer(into, lineterminator="\n").writerows(lines)
    return into.getvalue().encode("utf-8", "replace")
