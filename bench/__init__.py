"""Speed and accuracy, printed as tables: `python -m bench [NAME...]`.

A file of this folder is one benchmark: it has a docstring, whose first line is the table's title, and a function
`table()` that returns the table as Markdown. Ratios are taken within one run: they hold on other machines, seconds do not.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Ratio:
    """One line of a table: what was measured, in seconds; the goal says how ours should stand to theirs."""

    what: str
    ours: float
    theirs: float
    goal: str

    def __str__(self) -> str:
        ratio = self.ours / self.theirs
        return f"| {self.what} | {self.ours:.3f} s | {self.theirs:.3f} s | **{ratio:.2f}** | {self.goal} |"


def ratios(rows: Iterable[Ratio]) -> str:
    """The Markdown table of some ratios."""
    return "\n".join(["| what | ours | theirs | ratio | goal |", "|---|--:|--:|--:|---|", *map(str, rows)])


def processor_time(command: Sequence[str]) -> float:
    """User and system time of one whole process and its children, in seconds. Raises when it fails."""
    before = os.times()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = os.times()
    return (after.children_user - before.children_user) + (after.children_system - before.children_system)


def side_by_side(
    ours: Callable[[], float], theirs: Callable[[], float], rounds: int = 15
) -> tuple[float, float]:
    """The medians of both, measured in turn, so that a busy moment falls on both."""
    pairs = [(ours(), theirs()) for _ in range(rounds)]
    return median(a for a, _ in pairs), median(b for _, b in pairs)


def python(*arguments: str) -> list[str]:
    """A command line of this very interpreter."""
    return [sys.executable, *arguments]
