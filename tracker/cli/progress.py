"""How a long run is going: on a terminal one line that is drawn anew, elsewhere a plain line every half minute."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self, TextIO

PATIENCE = 1.0  # seconds until anything is shown on a terminal
OFTEN = 0.2  # seconds between two drawings there
SELDOM = 30.0  # seconds between two lines elsewhere
BAR = 12  # characters


class Progress:
    """Shows how far a run is; `with` wipes the line at the end. Silent if quiet."""

    def __init__(self, quiet: bool = False, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr
        self.live = self.stream.isatty()
        self.quiet, self.drawn = quiet, False
        self.start = time.monotonic()
        self.next = self.start + (PATIENCE if self.live else SELDOM)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.wipe()

    def update(self, done: int, total: int, pages: int, blocks: int) -> None:
        """Tell how many bytes of how many are read, and what came of them."""
        self.line(lambda seconds: told(done, total, pages, blocks, seconds), lambda: bar(done, total))

    def line(self, tell: Callable[[float], str], before: Callable[[], str] = str) -> None:
        """Tell how far it is, if it is time to.

        tell     says it, by the seconds since the beginning
        before   stands before it on a terminal that has room
        """
        now = time.monotonic()
        if self.quiet or now < self.next:
            return
        self.next = now + (OFTEN if self.live else SELDOM)
        line = tell(now - self.start)
        if self.live:
            width = shutil.get_terminal_size().columns - 1
            barred = f"{before()} {line}".lstrip(" ")
            line = f"\r\x1b[K{(barred if len(barred) <= width else line)[:width]}"
        self.stream.write(line + "\n" * (not self.live))
        self.stream.flush()
        self.drawn = self.live

    def over(self, tell: Callable[[object], None]) -> Callable[[object], None]:
        """`tell`, with the line taken off before."""

        def told(line: object) -> None:
            self.wipe()
            tell(line)

        return told

    def wipe(self) -> None:
        """Take the line off the terminal, so that another can be written."""
        if self.drawn:
            self.stream.write("\r\x1b[K")
            self.stream.flush()
            self.drawn = False


def bar(done: int, total: int) -> str:
    """`[######------]`; nothing where the total is unknown."""
    if not total:
        return ""
    full = min(BAR, BAR * done // total)
    return f"[{'#' * full}{'-' * (BAR - full)}]"


def told(done: int, total: int, pages: int, blocks: int, seconds: float) -> str:
    """`120 of 480 MB, 5,200 pages/s, 31 blocks, 2 min left`."""
    rate = pages / seconds if seconds else 0.0
    amount = f"{size(done)} of {size(total)}" if total else size(done)
    left = f", {span(seconds * (total - done) / done)} left" if 0 < done < total else ""
    counts = ", ".join((_counted(pages, "page"), f"{rate:,.0f} a second", _counted(blocks, "block")))
    return f"{amount}, {counts}{left}"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' * (number != 1)}"


def size(count: int) -> str:
    """`512 kB`, `48 MB`, `3.1 GB`."""
    if count >= 10**9:
        return f"{count / 10**9:.1f} GB"
    return f"{count / 10**6:.0f} MB" if count >= 10**6 else f"{count / 1000:.0f} kB"


def span(seconds: float) -> str:
    """`40 s`, `12 min`, `3 h 20 min`."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
