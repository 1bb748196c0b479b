"""The axis of values: round ticks at any span, without exponents, as many as the height has room for."""

from __future__ import annotations

from math import ceil, floor, log10
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import FuncFormatter, Locator, MaxNLocator, NullLocator

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..language import Language

APART = 2.6  # from tick to tick, over the size of the type
AIR = 0.08  # of the span, below the lowest and above the highest value


def use(ax: Axes, words: Language, points: float, size: float, log: bool = False) -> None:
    """Ticks of type of that size on an axis so many points high, room above and below; the limits must stand."""
    most = max(2, floor(points / (APART * size)))
    if log:
        ax.set_yscale("log")
        ax.yaxis.set_minor_locator(NullLocator())
        ax.yaxis.set_major_locator(Logarithmic(most))
    else:
        ax.yaxis.set_major_locator(MaxNLocator(most, steps=[1, 2, 2.5, 5, 10], min_n_ticks=2))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: words.number(value)))


def limits(ax: Axes, low: float, high: float, log: bool = False, floor_: float | None = 0.0) -> None:
    """Limits with some air; not below `floor_`, where a value cannot be."""
    if log:
        room = (high / low) ** AIR if high > low else 1.1
        ax.set_ylim(low / room, high * room)
        return
    room = AIR * (high - low) or 0.05 * abs(high) or 1.0
    ax.set_ylim(low - room if floor_ is None else max(floor_, low - room), high + room)


class Logarithmic(Locator):
    """Ticks at 1, 2 and 5 times a power of ten, or every power, every second …: at most `most`, and at least two
    wherever the span is not empty. On a span too short for two of those, ticks as on a linear axis."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self) -> list[float]:
        low, high = self.axis.get_view_interval()  # type: ignore[union-attr]
        return self.tick_values(float(low), float(high))

    def tick_values(self, vmin: float, vmax: float) -> list[float]:
        """The ticks between two values above zero."""
        low, high = sorted((max(vmin, 1e-300), max(vmax, 1e-300)))
        for digits in ((1, 2, 5), (1, 3), (1,)):
            found = _powers(low, high, digits, 1)
            if 2 <= len(found) <= self.most and (len(digits) > 1 or high / low >= 100):
                return found
        for stride in range(2, 640):
            found = _powers(low, high, (1,), stride)
            if 2 <= len(found) <= self.most:
                return found
        linear = MaxNLocator(self.most, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
        return [float(tick) for tick in linear if low <= tick <= high and tick > 0]


def _powers(low: float, high: float, digits: tuple[int, ...], stride: int) -> list[float]:
    exponents = range(floor(log10(low)) - 1, ceil(log10(high)) + 2)
    ticks = np.array([d * 10.0**e for e in exponents if e % stride == 0 for d in digits])
    return [float(tick) for tick in ticks[(ticks >= low * (1 - 1e-12)) & (ticks <= high * (1 + 1e-12))]]
