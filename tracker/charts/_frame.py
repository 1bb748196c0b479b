"""Where everything stands on a sheet: pure geometry in points, from the lower left corner.

Title, unit and key stand above, the small print below, the panels in what is left. What would not fit is not planned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, floor, log

from ._style import Type, type_of
from ._text import LEADING, shortened, wide, wrapped

EDGE = 12.0  # points between the sheet's edge and what is on it
GAP = 10.0  # between panels side by side
HANDLE, PAD, SPACE = (
    2.0,
    0.6,
    1.6,
)  # of an entry of the key, over the size of its type: mark, gap, distance to the next
KEY_LEADING = 1.6
TICK = 8.0  # from an axis to the words below it
LABELS = 40.0  # about how wide the numbers beside a panel are
LEAST = 64.0, 40.0  # the drawn part of one panel of several
LEAST_ALONE = 90.0, 46.0  # of the only panel
LIKED_SHAPE = 2.2  # width over height of a panel
MOST_FOOT = 0.2  # of the height


@dataclass(frozen=True)
class Words:
    """What is written around the panels: a title, what is measured in what unit, the names in the key, sentences for the
    foot."""

    title: str
    unit: str = ""
    key: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()


@dataclass(frozen=True)
class Needs:
    """What a chart's panels ask for.

    panels  how many
    named   whether each has a heading
    dates   lines of words below each column
    left    points of the widest label beside a panel, where known
    right   points beside a panel for names or a colour bar
    least   points of a panel's drawn part; None: as LEAST
    above   points above each panel for words of the chart's own
    """

    panels: int = 1
    named: bool = False
    dates: int = 2
    left: float = LABELS
    right: float = 0.0
    least: tuple[float, float] | None = None
    above: float = 0.0

    @property
    def smallest(self) -> tuple[float, float]:
        return self.least or (LEAST_ALONE if self.panels == 1 else LEAST)


@dataclass(frozen=True)
class Plan:
    """Lines as they are broken, and the room of the panels: (left, bottom, width, height) without the dates."""

    type: Type
    title: list[str]
    unit: list[str]
    key: list[list[int]]
    foot: list[str]
    columns: int
    rows: int
    room: tuple[float, float, float, float]
    heading: float

    @property
    def panel(self) -> tuple[float, float]:
        """A panel with its labels beside it, without its heading."""
        _, _, width, height = self.room
        return (width - GAP * (self.columns - 1)) / self.columns, height / self.rows - self.heading


def plan(width: float, height: float, words: Words, needs: Needs) -> Plan | None:
    """The plan of a sheet of so many points; None where the panels would have too little room."""
    size, inside = type_of(width, height), width - 2 * EDGE
    foot_lines = max(2, floor(MOST_FOOT * height / (size.small * LEADING)))
    title = shortened(wrapped(words.title, size.title, inside), 2, size.title, inside)
    unit = shortened(wrapped(words.unit, size.body, inside), 2, size.body, inside)
    key = key_rows(words.key, size.body, inside)
    foot = shortened(wrapped(" ".join(words.foot), size.small, inside), foot_lines, size.small, inside)
    heading = (size.head * LEADING + 3 if needs.named else 0.0) + needs.above
    top = (
        EDGE
        + (len(title) * size.title + len(unit) * size.body) * LEADING
        + len(key) * size.body * KEY_LEADING
        + 5
    )
    bottom = EDGE / 2 + len(foot) * size.small * LEADING + 4
    bottom += TICK + needs.dates * size.body * 1.25 if needs.dates else 0.0
    room = (EDGE, bottom, inside, height - top - bottom)
    found = _columns(room, heading, needs)
    if found is None:
        return None
    return Plan(size, title, unit, key, foot, found, ceil(needs.panels / found), room, heading)


def _columns(room: tuple[float, float, float, float], heading: float, needs: Needs) -> int | None:
    """How many panels side by side, so that their shape is nearest to the one we like."""
    _, _, width, height = room
    fitting = {}
    for columns in range(1, needs.panels + 1):
        rows = ceil(needs.panels / columns)
        wide_ = (width - GAP * (columns - 1)) / columns - needs.left - needs.right
        high = height / rows - heading
        if wide_ >= needs.smallest[0] and high >= needs.smallest[1] and ceil(needs.panels / rows) == columns:
            fitting[columns] = abs(log(wide_ / high / LIKED_SHAPE))
    return min(fitting, key=lambda columns: fitting[columns]) if fitting else None


def entry(name: str, size: float) -> float:
    """How wide one entry of a key is, in points."""
    return (HANDLE + PAD + SPACE) * size + wide(name, size)


def key_rows(names: Sequence[str], size: float, width: float) -> list[list[int]]:
    """The entries of a key, line by line, as many on each as it has room for."""
    rows: list[list[int]] = []
    used = width
    for place, name in enumerate(names):
        needed = entry(name, size)
        if used + needed > width + SPACE * size:
            rows.append([])
            used = 0.0
        rows[-1].append(place)
        used += needed
    return rows


def smallest(width: float, height: float, words: Words, needs: Needs) -> tuple[float, float]:
    """The smallest sheet of about that shape that has room, in inches, to the half."""
    for step in range(1, 200):
        wide_, high = (ceil(2 * side / 72 * (1 + 0.05 * step)) / 2 for side in (width, height))
        larger = type_of(72 * wide_, 72 * high).body / type_of(width, height).body
        least = (larger * needs.smallest[0], larger * needs.smallest[1])
        grown = replace(needs, left=larger * needs.left, right=larger * needs.right, least=least)
        if plan(72 * wide_, 72 * high, words, grown):
            return wide_, high
    return 100.0, 100.0
