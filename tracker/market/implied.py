"""The price that a change over 24 hours leads to: what its coin cost a day before. An observation at second hand."""

from __future__ import annotations

IMPLIED = "implied"  # of such a price, where the basis of its time is said
WINDOW = "24h"  # a day since the open or the last close leads to no moment
LEADING = (
    "given",
    "stated",
    "capture",
)  # times that are known to the hour; a day, a span or a bound leads nowhere
LOWEST = -100  # percent: nothing lost all it was worth and has a price
