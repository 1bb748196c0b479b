"""What a key explains: the marks as they are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matplotlib.lines import Line2D
from matplotlib.patches import Patch

if TYPE_CHECKING:
    from matplotlib.artist import Artist


@dataclass(frozen=True)
class Entry:
    """One line of a key: what it says, and one or more marks."""

    label: str
    marks: tuple[Artist, ...]


def line(
    label: str, colour: str, marker: str = "", dash: Any = "-", hollow: bool = False, width: float = 1.7
) -> Entry:
    """A line, with its marker where it bears one."""
    return Entry(label, (mark(colour, marker, dash, hollow, width),))


def mark(colour: str, marker: str, dash: Any = "none", hollow: bool = False, width: float = 1.7) -> Line2D:
    """A marker, a line or both."""
    return Line2D(
        [], [], color=colour, marker=marker or "none", linestyle=dash, markeredgecolor=colour,
        markerfacecolor="none" if hollow else colour, markersize=5, linewidth=width,
    )  # fmt: skip


def box(label: str, **fill: Any) -> Entry:
    """A filled or framed area."""
    return Entry(label, (Patch(**fill),))
